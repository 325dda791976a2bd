"""`countersign policy schema`: what editors check the files of policies and settings against."""

from typing import Annotated

import typer

from gateway.policy import SCHEMAS, schema_of
from gateway.settings import Settings


def schema(
    of: Annotated[str, typer.Argument(help="policy, shared, prompt or settings")] = "policy",
) -> None:
    """Print the JSON Schema of a policy, of shared parts, of a prompt's first lines or of countersign.yaml."""
    if of != "settings" and of not in SCHEMAS:
        raise typer.BadParameter(f"there is no schema of {of}; name policy, shared, prompt or settings")
    typer.echo(schema_of(Settings) if of == "settings" else SCHEMAS[of](), nl=False)
