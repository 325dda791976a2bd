"""`countersign statement`: for the person whose case it is, how AI was used in it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.advice import case_scope
from gateway.commands.control import Data, existing
from gateway.oversight import as_markdown, statement_pdf
from gateway.oversight import statement as write_statement
from gateway.settings import SettingsInvalid, load_settings
from gateway.startup.bootstrap import master_keys
from gateway.startup.configured_policies import read_policies
from gateway.storage import Keyring, Vault


def statement(
    case: Annotated[str, typer.Argument(help="the case as the application named it; - reads standard input")],
    application: Annotated[str, typer.Option(help="the application's id")],
    out: Annotated[
        Path | None, typer.Option(help="a new file, .md or .pdf; default: Markdown on the screen")
    ] = None,
    data: Data = None,
) -> None:
    """Write a plain-English statement of each time that AI was used in a case, and what a human decided.

    It is made of the record: nothing of what was asked or answered stands in it, nor anything about anybody else.
    """
    settings = load_settings(data=data)
    database = existing(settings)
    reference = sys.stdin.readline().rstrip("\r\n") if case == "-" else case
    ring = Keyring(master_keys(settings))
    database.read(ring.load)
    policies = read_policies(settings)
    scope = case_scope(Vault(ring), application, reference)
    blocks = database.read(lambda connection: write_statement(connection, policies, scope))
    if out is None:
        typer.echo(as_markdown(blocks), nl=False)
        return
    if out.suffix not in (".md", ".pdf"):
        raise SettingsInvalid(f"{out}: name a file that ends in .md or .pdf")
    content = statement_pdf(blocks) if out.suffix == ".pdf" else as_markdown(blocks).encode()
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise SettingsInvalid(f"{out} exists already; name another with --out") from None
    typer.echo(f"{out}: written")
