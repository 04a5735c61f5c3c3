"""`nexuslic schema`."""

import json

import click

from nexuslic.scenario.schema import json_schema


@click.command("schema")
def command() -> int:
    """The JSON Schema of scenario files, for editors."""
    click.echo(json.dumps(json_schema(), indent=1))
    return 0
