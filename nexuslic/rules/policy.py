"""What a vendor may decide about the rules themselves, with the documented defaults."""

from datetime import timedelta

import attrs

from nexuslic.rules.words import WhichBinding, WhichClock


@attrs.frozen
class Policy:
    """The knobs of the rules.

    `warn_from`: days left from which Grace warns (None: always). `clock_tolerance`: how far a clock may go back
    without a charge. `setback_charge`: license time charged when it went further. `seat_timeout`: how long a seat
    lives without a renewal. `contact_timeout`: how long one contact may take. `clock`: whose clock is read.
    `binding`: what is compared.
    """

    warn_from: int | None = None
    clock_tolerance: timedelta = timedelta(hours=24)
    setback_charge: timedelta = timedelta(days=1)
    seat_timeout: timedelta = timedelta(minutes=10)
    contact_timeout: timedelta = timedelta(seconds=3)
    clock: WhichClock = WhichClock.DATABASE
    binding: WhichBinding = WhichBinding.SPELLING


SEAT_RENEWAL = timedelta(minutes=2)
"""How often a session renews its seat and accounts for its running time (rules: License time)."""
