"""`nexuslic license ddl`: the license's tables, for a database administrator."""

import click


@click.command("ddl")
@click.option(
    "--dialect",
    type=click.Choice(["sqlite", "postgresql", "mssql"]),
    required=True,
    help="The database's own language.",
)
@click.option("--role", metavar="NAME", help="Give the least rights that the application needs to this role or user.")
def ddl(dialect: str, role: str | None) -> int:
    """The script that makes the license's tables, where the application has no right to make them itself."""
    from nexuslic.cli.extras import needing

    with needing("client"):
        from nexuslic.adapters.chance import SystemChance
        from nexuslic.adapters.sql_tables import Kind, script
    click.echo(script(Kind(dialect), SystemChance().take(16).hex(), role))
    return 0
