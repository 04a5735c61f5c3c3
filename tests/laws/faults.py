"""Faults that are planted in the product, to see that each law can turn red.

Each takes pytest's `monkeypatch`, changes one thing, and says which in its docstring.
"""

import os
from datetime import timedelta

import attrs

from nexuslic import client, keeping
from nexuslic import session as running
from nexuslic.errors import UntrustedReply
from nexuslic.rules import decision, grace, license_time, seats, users
from nexuslic.rules.license_time import Ledger, Observation
from nexuslic.rules.record import Denied, NoContact
from nexuslic.rules.words import Cause, Reason
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.tampering import signing_key
from nexuslic.trust import signing
from nexuslic.trust.keys import KeySet

DAY = timedelta(days=1)


def the_deadline_itself_is_refused(patch):
    """`<=` became `<` in grace.within."""
    patch.setattr(grace, "within", lambda seen, last: seen < last)


def a_day_of_grace_is_lost(patch):
    """The deadline is a day early."""
    real = grace.grace_deadline
    patch.setattr(grace, "grace_deadline", lambda certificate: real(certificate) - DAY)


def every_launch_is_charged(patch):
    """The set-back charge falls on a clock that went forward, too."""
    real = license_time.observe

    def observe(ledger, wall, policy):
        seen = real(ledger, wall, policy).ledger
        return Observation(attrs.evolve(seen, license_time=seen.license_time + policy.setback_charge))

    patch.setattr(license_time, "observe", observe)


def a_suspension_outlives_the_grant(patch):
    """A grant leaves what was refused in the record."""
    real = decision.after_contact

    def after_contact(ready, contact):
        verdict = real(ready, contact)
        keeps = verdict.record is not None and ready.record.refused is not None
        return (
            attrs.evolve(verdict, record=attrs.evolve(verdict.record, refused=ready.record.refused))
            if keeps
            else verdict
        )

    patch.setattr(decision, "after_contact", after_contact)


def grace_never_ends(patch):
    """grace.within says yes to everything."""
    patch.setattr(grace, "within", lambda seen, last: True)


def a_day_of_grace_is_given(patch):
    """The deadline is a day late."""
    real = grace.grace_deadline
    patch.setattr(grace, "grace_deadline", lambda certificate: real(certificate) + DAY)


def the_term_is_forgotten(patch):
    """The end of term does not take the deadline's place."""
    patch.setattr(grace, "deadline", grace.grace_deadline)
    patch.setattr(grace, "past_term", lambda certificate, seen: False)


def marks_are_not_heeded(patch):
    """An older backup turns the clock back."""
    patch.setattr(license_time, "heed_mark", lambda ledger, *grant: ledger)


def the_ledger_follows_the_clock_back(patch):
    """License time goes back with a clock that is set back."""
    patch.setattr(
        license_time,
        "observe",
        lambda ledger, wall, policy: Observation(Ledger(ledger.license_time + (wall - ledger.last_reading), wall)),
    )


def a_small_step_back_is_followed(patch):
    """Within the tolerance the last reading follows the clock, so that the step forward counts twice."""
    real = license_time.observe

    def observe(ledger, wall, policy):
        seen = real(ledger, wall, policy)
        small = seen.ledger == ledger and wall < ledger.last_reading
        back = Ledger(ledger.license_time - (ledger.last_reading - wall), wall)
        return Observation(back) if small else seen

    patch.setattr(license_time, "observe", observe)


def running_time_is_not_counted(patch):
    """A session accounts for nothing but the wall clock."""
    patch.setattr(license_time, "at_least", lambda ledger, floor: ledger)


def a_session_starts_anew_at_each_renewal(patch):
    """The floor of running time is measured from the last renewal only."""
    real = running.account

    def account(app, session):
        real(app, session)
        session.base_running = app.ports.clock.read().running

    patch.setattr(running, "account", account)


def all_names_are_the_same(patch):
    """A launch does not compare the names."""
    patch.setattr(decision, "same", lambda one, other: True)


def the_server_name_is_not_compared(patch):
    """Only the database's name counts."""
    patch.setattr(decision, "same", lambda one, other: one.database == other.database)


def coming_back_gives_the_days_back(patch):
    """A match starts grace anew."""
    real = decision.before_contact

    def before_contact(launch):
        step = real(launch)
        if isinstance(step, decision.Ready) and step.path:
            ledger = attrs.evolve(step.seen.ledger, license_time=step.record.certificate.granted_at)
            return attrs.evolve(step, seen=attrs.evolve(step.seen, ledger=ledger))
        return step

    patch.setattr(decision, "before_contact", before_contact)


def a_mismatch_is_stored(patch):
    """A mismatch of names writes its state to the record."""
    real = decision.before_contact

    def before_contact(launch):
        step = real(launch)
        if isinstance(step, decision.Verdict) and step.reason is decision.Reason.BINDING:
            return attrs.evolve(step, keep=decision.Keep.SAVE, record=attrs.evolve(launch.record, state=step.state))
        return step

    patch.setattr(decision, "before_contact", before_contact)


def one_seat_too_many(patch):
    """`>=` became `>` in seats.take."""
    real = seats.take
    patch.setattr(
        seats, "take", lambda table, request, now, limit, timeout: real(table, request, now, limit + 1, timeout)
    )


def seats_time_out_too_early(patch):
    """A seat lives for a minute."""
    real = seats.live
    patch.setattr(seats, "live", lambda table, now, timeout: real(table, now, timedelta(minutes=1)))


def seats_of_the_future_are_free(patch):
    """A clock that was set back takes the seats of the sessions that run."""
    real = seats.live
    patch.setattr(
        seats,
        "live",
        lambda table, now, timeout: real(tuple(one for one in table if one.renewed_at - now <= timeout), now, timeout),
    )


def a_running_session_is_taken_for_crashed(patch):
    """A launch gives back the seats of its own workstation, whether they run or not."""
    real = seats.take

    def take(table, request, now, limit, timeout):
        return real(table, attrs.evolve(request, running=frozenset()), now, limit, timeout)

    patch.setattr(seats, "take", take)


def nobody_is_dropped(patch):
    """A smaller number of licenses drops nobody."""
    patch.setattr(users, "fit", lambda assigned, licenses: (assigned, ()))


def the_nonce_is_not_compared(patch):
    """Any grant or denial of the vendor for this database counts, however old."""

    def verify(reply, nonce, binding, known):
        token = reply[: signing.wire.MAX_BYTES]
        return signing.vouch((signing._opened(token, known.keys), token.decode("ascii")))

    patch.setattr(signing, "verify", verify)


def a_reply_for_another_database_counts(patch):
    """The binding of a reply is not compared."""
    patch.setattr(signing, "same", lambda one, other: True)


def a_bad_reply_suspends(patch):
    """What cannot be trusted is taken for a denial."""
    real = client.contact

    def contact(*args):
        answer = real(*args)
        bad = isinstance(answer, NoContact) and answer.cause is Cause.UNTRUSTED_REPLY
        return Denied(Reason.SUSPENDED) if bad else answer

    patch.setattr(client, "contact", contact)


def any_signature_counts(patch):
    """A forged reply is believed."""
    real = signing.verify

    def verify(reply, nonce, binding, known):
        try:
            return real(reply, nonce, binding, known)
        except UntrustedReply:
            somebody = attrs.evolve(signing_key("somebody").trusted(), id="vendor-1")
            return real(reply, nonce, binding, attrs.evolve(known, keys=KeySet((somebody,))))

    patch.setattr(signing, "verify", verify)


def a_new_record_takes_the_old_one_away_first(patch):
    """An authentication removes the record, then saves the new one."""
    real = client._accept

    def accept(app, before, granted):
        blob = app.ports.records.load()
        if blob is not None:
            app.ports.records.remove(blob)
        return real(app, before, granted)

    patch.setattr(client, "_accept", accept)


def a_launch_takes_the_record_away_first(patch):
    """A launch removes the record, then saves it."""
    real = keeping._store

    def store(app, verdict, blob):
        if verdict.keep is decision.Keep.SAVE:
            app.ports.records.remove(blob)
            return real(app, verdict, None)
        return real(app, verdict, blob)

    patch.setattr(keeping, "_store", store)


def a_record_is_saved_in_two_halves(patch):
    """The first half of a record is stored, then all of it."""
    real = keeping._store

    def store(app, verdict, blob):
        if verdict.keep is decision.Keep.SAVE:
            half = blob[: len(blob) // 2]
            app.ports.records.save(half, blob)
            return real(app, verdict, half)
        return real(app, verdict, blob)

    patch.setattr(keeping, "_store", store)


def chance_is_not_seeded(patch):
    """Nonces come from the system."""
    patch.setattr(SeededChance, "take", lambda self, count: os.urandom(count))


def users_are_kept_in_a_set(patch):
    """Assigned users lose their order, which then depends on the hash seed."""
    patch.setattr(users, "assign", lambda old, more: tuple({*old, *more}))


def times_are_local(patch):
    """A grant is written down in the computer's own time zone."""
    real = license_time.correct
    patch.setattr(license_time, "correct", lambda granted_at, wall: real(granted_at.astimezone(), wall))
