"""Writes docs/reference/cli.md from the commands' own help; `python -m tools.docs.commands`. A test compares them."""

import argparse
import re
import textwrap
from collections.abc import Iterator
from typing import Any, Final

import typer

from audit.cli import _parser as overseers_parser
from gateway.commands.cli import app
from gateway.commands.command_table import CommandGroup
from tools.docs.hooks import DOCS

PAGE: Final = DOCS / "reference" / "cli.md"

_HEAD: Final = """# Commands

`tools/docs/commands.py` writes this page from the commands' own `--help`;
`python -m tools.docs.commands` writes it anew.

`--data` names the gateway's data folder. Without it the commands use `COUNTERSIGN_DATA`, or
`.countersign` in the current folder. Beside a running gateway a command goes through it. Exit
codes: 0 all is well, 1 something is not as it should be, 2 nothing was done and standard error says
why.

[`countersign`](#countersign) is the gateway. [`countersign-audit`](#countersign-audit) is for
overseers, and installs alone.
"""


def page() -> str:
    """The whole page."""
    ours = _of_click(typer.main.get_command(app), "countersign")
    theirs = _of_argparse(overseers_parser(), "countersign-audit")
    return "\n".join([_HEAD, *ours, *theirs]).rstrip() + "\n"


def _of_click(command: Any, path: str) -> Iterator[str]:
    group = _commands_of(command)
    top = path == "countersign"
    yield f"{'##' if top else '###'} {path if top else f'`{path}`'}"
    yield ""
    yield from _wrapped(command.help or "")
    yield ""
    parameters = [one for one in command.params if one.name != "help"]
    if group is None and parameters:
        yield "| argument or option | meaning | default |"
        yield "|---|---|---|"
        for one in parameters:
            name = one.name.upper() if one.param_type_name == "argument" else ", ".join(one.opts)
            yield f"| `{name}` | {_cell(getattr(one, 'help', '') or '')} | {_default(one)} |"
        yield ""
    for name, one in sorted((group or {}).items()):
        yield from _of_click(one, f"{path} {name}")


def _commands_of(command: Any) -> dict[str, Any] | None:
    """A group's commands, loaded; None of a command."""
    found: dict[str, Any] | None = getattr(command, "commands", None)
    if isinstance(command, CommandGroup):
        return {name: command.loaded(name) for name in command.commands}
    return found


def _default(one: Any) -> str:
    if one.required:
        return "required"
    return "" if one.default in (None, False, ()) or callable(one.default) else f"`{one.default}`"


def _of_argparse(parser: argparse.ArgumentParser, path: str, summary: str = "") -> Iterator[str]:
    top = path == "countersign-audit"
    yield f"{'##' if top else '###'} {path if top else f'`{path}`'}"
    yield ""
    yield from _described(parser.description or summary)
    nested = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    rows = [one for one in parser._actions if one not in nested and one.dest != "help"]
    if rows:
        yield "| argument or option | meaning |"
        yield "|---|---|"
        for one in rows:
            name = ", ".join(one.option_strings) or str(one.metavar or one.dest).upper()
            yield f"| `{name}` | {_cell((one.help or '') % {'default': one.default, 'prog': path})} |"
        yield ""
    for group in nested:
        summaries = {one.dest: one.help or "" for one in group._choices_actions}
        for name, one in group.choices.items():
            summary = summaries.get(name, "")
            yield from _of_argparse(one, f"{path} {name}", f"{summary[:1].upper()}{summary[1:]}.")


def _described(text: str) -> Iterator[str]:
    """A description's paragraphs; what is indented or in columns stays as it is."""
    for paragraph in re.split(r"\n\s*\n", textwrap.dedent(text).strip()):
        lines = paragraph.splitlines()
        if any(line.startswith("  ") for line in lines):
            yield from ["```text", *lines, "```", ""]
        else:
            yield from [*_wrapped(paragraph), ""]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(re.sub(r"\s+", " ", text).strip().replace("<", "&lt;"), 100)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
