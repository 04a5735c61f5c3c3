"""Does the time of a denial tell whether a key exists? `python tests/stress/timing.py [--rounds N] [--seed N]`.

Unknown, malformed and revoked keys are asked for in turns, in an order of chance, over one connection to a real server
whose limits are out of reach. The medians stand side by side; beside each, how likely so great a difference from
`unknown` is where there is none (Mann and Whitney's rank test). Nothing is judged: it depends on the machine.
"""

import argparse
import math
import random
import statistics
import tempfile
import time
from pathlib import Path

from serving import Client, House, Server, asking, chosen_seed, issue, make
from sqlalchemy import update

from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey
from nexuslic.server.tables import licenses
from nexuslic.trust.wire import Ask, Denial

LIMITS = "[limits]\nby_address = 1000000\nby_key = 1000000\nalarm_at = 1000000\n"
KINDS = ("unknown", "malformed", "revoked", "revoked, was bound")


def prepared(folder: Path) -> tuple[House, list[LicenseKey], list[LicenseKey]]:
    """A server whose keys are all revoked; those of the second list were bound once."""
    house = make(folder / "vendor", LIMITS)
    issue(house, 9_800, "others")
    unused, used = issue(house, 100, "unused"), issue(house, 100, "used")
    server = Server(house)
    client = Client(house, server.port)
    for key in used:
        client.contact(asking(Ask.AUTHENTICATE, key, Binding("BRIDGE", "nexus")))
    client.close()
    server.stop()
    database = house.site.database()
    with database.write() as connection:
        connection.execute(update(licenses).values(revoked=True))
    database.close()
    return house, unused, used


def measured(
    client: Client, chance: random.Random, unused: list[LicenseKey], used: list[LicenseKey], rounds: int
) -> dict[str, list[float]]:
    """The seconds of each denial, by kind."""
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(rounds + 50):
        for kind in chance.sample(KINDS, len(KINDS)):
            key: LicenseKey | str = LicenseKey.from_number(chance.randrange(10**12))
            if kind == "malformed":
                key = "1234567890123"
            elif kind != "unknown":
                key = chance.choice(unused if kind == "revoked" else used)
            request = asking(Ask.AUTHENTICATE, key, Binding("localhost", "nexus"))
            begun = time.perf_counter()
            _, value = client.contact(request)
            spent = time.perf_counter() - begun
            assert isinstance(value, Denial)
            if number >= 50:
                taken[kind].append(spent)
    return taken


def likely(one: list[float], other: list[float]) -> float:
    """How likely ranks differ as much as these do where both are of one kind: two-sided, by the normal curve."""
    ranked = sorted([(t, 0) for t in one] + [(t, 1) for t in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    z = (ranks - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3000)
    parser.add_argument("--seed", type=int)
    chosen = parser.parse_args()
    chance = random.Random(chosen_seed(chosen.seed))
    with tempfile.TemporaryDirectory(prefix="timing-") as folder:
        house, unused, used = prepared(Path(folder))
        server = Server(house)
        client = Client(house, server.port)
        taken = measured(client, chance, unused, used, chosen.rounds)
        client.close()
        server.stop()
    print(f"{chosen.rounds} denials of each kind")
    for kind in KINDS:
        low, middle, high = (value * 1e6 for value in statistics.quantiles(taken[kind], n=4))
        told = "" if kind == "unknown" else f"   likely by chance: {likely(taken[kind], taken['unknown']):.3f}"
        print(f"  {kind:20} median {middle:7.0f} us, half of them {low:.0f} to {high:.0f}{told}")


if __name__ == "__main__":
    main()
