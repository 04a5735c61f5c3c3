"""`nexuslic license request`: enter a license key for this database."""

from typing import Any

import click

from nexuslic.cli.customer import as_json, connected, license_of, typed_or_read
from nexuslic.cli.license.answers import answered


@click.command("request")
@connected
@as_json
@click.argument("key", required=False, metavar="[KEY]")
def request(key: str | None, as_json: bool, **given: Any) -> int:
    """Request the license of KEY for this database, over the internet.

    KEY has 13 digits; spaces and hyphens do not count. Without it, it is asked for, and shown to nobody; `-` reads it
    from standard input. Without a grant nothing changes: a good record is never lost.
    """
    from nexuslic.rules.license import LicenseKey

    told = LicenseKey.parse(typed_or_read(key, "License key", hidden=True))
    with license_of(given) as license:
        license.base.prepare()
        return answered(license.authenticate(told.digits), as_json)
