"""Groups of commands as a table: a command's module is imported when it runs, and what is listed needs none of them."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True)
class Command:
    """A command or a group of them: its name, where it is (`module:name` within this package), and its summary, the
    first paragraph of its help.
    """

    name: str
    place: str
    summary: str

    def load(self) -> Any:
        """It, imported."""
        module, _, name = self.place.partition(":")
        function = getattr(import_module(f"{__package__}.{module}"), name)
        if isinstance(function, typer.Typer):
            group = typer.main.get_group(function)
            group.name = self.name
            return group
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(self.name)(function)
        return typer.main.get_command(alone)


class CommandGroup(TyperGroup):
    """Its commands are listed by their summaries, and loaded when they run."""

    rows: ClassVar[tuple[Command, ...]]

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {row.name: TyperCommand(row.name, help=row.summary) for row in self.rows}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """As click does, with the command loaded."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else self.loaded(name), rest

    def loaded(self, name: str) -> Any:
        """The command of this name, imported."""
        return next(row for row in self.rows if row.name == name).load()


def group_of(help_: str, rows: tuple[Command, ...]) -> typer.Typer:
    """A group of these commands."""
    kind = type("_Group", (CommandGroup,), {"rows": rows})
    group = typer.Typer(
        cls=kind, help=help_, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
    )
    group.callback()(lambda: None)  # a Typer without one takes a group for a single command
    return group
