"""Where each number of the trip models is from: a public source, or the plain word that it is assumed.

docs/explanation/numbers.md says the same at length, and how sure one can be; a test keeps the two alike.
"""

import attrs

ASSUMED = "assumed; no public figure found"


@attrs.frozen
class Source:
    """One number of the models: its key, what it is, its value by model, where it is from, and a link or nothing."""

    key: str
    what: str
    value: str
    source: str
    link: str = ""

    @property
    def assumed(self) -> bool:
        """Whether nothing public stands behind it."""
        return self.source.startswith(ASSUMED)


_ALL = (
    Source(
        "lengths",
        "how long a trip takes, in days, with its share of all trips",
        "north-sea 45 (30%), 56 (30%), 61 (20%), 70 (20%); platform 14 (40%), 21 (35%), 28 (15%), 35 (10%); "
        "deep-sea 70 (40%), 75 (30%), 90 (20%), 120 (10%)",
        "scientific drilling expeditions of 2022 and 2023: 61 days each, 56 of them at sea; the shares are assumed",
        "https://iodp.tamu.edu/scienceops/index.html",
    ),
    Source(
        "rota",
        "after how many days the people aboard change, in days",
        "north-sea 28; platform none within a trip; deep-sea 42",
        "the rotations that a recruiter calls standard: 7/7 to 35/35 days, 28/28 among them; 42 is assumed",
        "https://www.worldwide-rs.com/blog/understanding-offshore-rotation-schedules",
    ),
    Source(
        "contact",
        "chance of an hour of internet, a day at sea",
        "north-sea 0.03; platform 0.9; deep-sea 0.005",
        "up to 13% of merchant ships have no internet at all, and 12.5% have it without a limit; the rest is assumed",
        "https://wd-shipping.com/report-up-to-13-of-global-merchant-fleet-still-unable-to-access-the-internet",
    ),
    Source(
        "crew_change",
        "chance of an hour of internet at a change of crew",
        "north-sea 0.5; platform none within a trip; deep-sea 0.1",
        ASSUMED,
    ),
    Source(
        "code",
        "chance of a renewal code over the radio, a day at sea",
        "north-sea 0.002; platform 0.001; deep-sea 0.002",
        ASSUMED,
    ),
    Source(
        "restore",
        "chance that the database is restored onto another server, a day at sea",
        "0.0005 in each model: one in 2,000 days",
        "almost 20% of those asked had lost data in 2017, which is 0.0005 a day",
        "https://www.ontrack.com/uk/resources/press/details/65148/ontrack-presents-new-release-of-world-backup/",
    ),
    Source(
        "rename",
        "chance that the database server is renamed, a day at sea",
        "0.0005 in each model: as often as a restore",
        ASSUMED,
    ),
    Source(
        "clock_back",
        "chance that the database server's clock is set back, a day at sea",
        "0.0005 in each model: one in 2,000 days",
        "a clock's battery is said to last three years in a computer that is unplugged: 0.0009 a day at most",
        "https://www.easymanua.ls/intel/dh61ww/manual?p=28",
    ),
    Source(
        "clock_by",
        "how far a clock is set back, with its share",
        "2 hours (30%), 3 days (30%), 30 days (20%), 4 years (20%) in each model",
        "6.7% of the clocks in reported certificate errors were behind by more than 24 hours, and 0.05% ahead; "
        "the amounts are assumed",
        "https://maisonbisson.com/tags/clock-skew/",
    ),
    Source(
        "windows_7",
        "chance that the computers aboard run Windows 7, by trip",
        "north-sea 0.05; platform 0.03; deep-sea 0.05",
        "1.05% of Windows computers on the web in January 2026; offshore it is assumed to be more",
        "https://unanswered.io/guide/how-many-people-still-use-windows-7",
    ),
    Source(
        "extension",
        "chance that support extends grace before departure, and by how many days",
        "north-sea 0.1 by 14 days; platform never; deep-sea 0.3 by 30 days",
        ASSUMED,
    ),
    Source(
        "workstations",
        "computers that launch the application each day",
        "north-sea 3; platform 4; deep-sea 5",
        ASSUMED,
    ),
    Source(
        "crew",
        "people aboard",
        "north-sea 31; platform 80; deep-sea 60",
        "a research ship of 65 m has berths for 20 scientists and 11 of crew; the others are assumed",
        "https://web-archive.southampton.ac.uk/moocs.southampton.ac.uk/oceans/2014/03/03/life-on-a-research-vessel/index.html",
    ),
)
SOURCES: dict[str, Source] = {one.key: one for one in _ALL}
"""By the key of the model."""
