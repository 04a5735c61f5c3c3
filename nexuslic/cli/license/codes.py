"""`nexuslic license request-code` and `accept-code`: a grant over the radio."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli.customer import as_json, connected, license_of, typed_or_read
from nexuslic.cli.license.answers import answered
from nexuslic.errors import InputError

if TYPE_CHECKING:
    import segno


@click.command("request-code")
@connected
@click.option("--qr", is_flag=True, help="As a QR code in the terminal, too.")
@click.option("--png", type=click.Path(path_type=Path), metavar="FILE", help="As a QR code in this picture, too.")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="As a QR code in this drawing, too.")
@click.argument("key", required=False, metavar="[KEY]")
def request_code(key: str | None, qr: bool, png: Path | None, svg: Path | None, **given: Any) -> int:
    """A code to read to support, or to show them; from now on only its answer is accepted here.

    KEY is needed where this database holds no license yet; `-` reads it from standard input.
    """
    with license_of(given) as license:
        code = license.request_code(None if key is None else typed_or_read(key, "License key"))
    click.echo(code)
    if qr or png or svg:
        import segno

        _draw(segno.make_qr(code, error="m"), qr, png, svg)
    return 0


def _draw(code: "segno.QRCode", qr: bool, png: Path | None, svg: Path | None) -> None:
    if qr:
        click.echo("")
        code.terminal(compact=True, border=2)
    for file, kind in ((png, "png"), (svg, "svg")):
        if file is None:
            continue
        try:
            code.save(str(file), kind=kind, scale=8, border=4)
        except OSError as error:
            problem = (error.strerror or "cannot be written").lower()
            raise InputError(f"{file}: {problem}; give another file for the QR code") from error


@click.command("accept-code")
@connected
@as_json
@click.argument("code", nargs=-1, metavar="[CODE]")
def accept_code(code: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Enter the renewal code that support has read or sent: a grant like any other, once.

    Without CODE it is asked for; `-` reads it from standard input. Spaces and hyphens do not count.
    """
    text = typed_or_read(" ".join(code) or None, "Renewal code")
    with license_of(given) as license:
        return answered(license.renew_by_code(text), as_json)
