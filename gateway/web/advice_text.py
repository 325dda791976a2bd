"""An advice as its page shows it: pieces of text, with what was taken out and what was added."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from gateway.advice import calls_as_text, calls_of
from gateway.policy import Policy

_SHOWN_APART: Final = frozenset(["role", "content", "tool_calls", "tool_call_id", "name", "index"])
_OTHER_FIELDS: Final = ("tools", "tool_choice", "response_format", "stop", "metadata", "user", "functions")

_MOST_LINES: Final = 2_000
"""Beyond this many, lines are shown without their caveats, which all stand above the answer."""
_BRACKETS: Final = re.compile("[<>\U000e0100-\U000e01ef]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """A run of text: `plain`; `out`, taken out before it left and known to the model as `label`; or `added` by it."""

    text: str
    kind: Literal["plain", "out", "added"] = "plain"
    label: str = ""


@dataclass(frozen=True)
class Message:
    """One message of what was asked: who wrote it, as OpenAI's API names roles, and its text."""

    role: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Line:
    """One line of an answer, with the caveats that are about it."""

    pieces: Sequence[Piece]
    caveats: Sequence[str]


def asked(document: Document) -> list[Message]:
    """What was sent, without the policy's own prompt, with the values that were taken out in their places."""
    sent = document["sent"]
    out = {one["text"]: Piece(one["value"], "out", _label(one["text"])) for one in document["pseudonyms"]}
    found = [
        Message(str(one.get("role", "")), _split(_message_text(one), out))
        for place, one in enumerate(sent["messages"])
        if place != document["prompt_at"]
    ]
    rest = {name: sent[name] for name in _OTHER_FIELDS if sent.get(name)}
    if rest:
        found.append(Message("settings", _split(_as_text(rest), out)))
    return found


def _label(pseudonym: str) -> str:
    """A pseudonym without its brackets and the invisible sign that says which mention of a person it is."""
    return _BRACKETS.sub("", pseudonym)


@dataclass(frozen=True)
class AnswerPart:
    """Lines of one choice of an answer; `number` counts the choices from 1."""

    number: int
    lines: Sequence[Line]


def part(messages: Sequence[Message], start: int, most: int) -> tuple[list[Message], int | None]:
    """So much of what was asked, in characters from `start`; and where the rest begins, if there is any."""
    found: list[Message] = []
    place = 0
    for message in messages:
        pieces, place = _within(message.pieces, place, start, most)
        if pieces:
            found.append(Message(message.role, pieces))
    return found, start + most if place > start + most else None


def answer_part(
    answers: Sequence[Sequence[Line]], start: int, most: int
) -> tuple[list[AnswerPart], int | None]:
    """So much of an answer, as `part`; the caveats that are about its lines count with them."""
    found: list[AnswerPart] = []
    place = 0
    for number, answer in enumerate(answers, 1):
        lines: list[Line] = []
        for line in answer:
            pieces, place = _within(line.pieces, place, start, most)
            if pieces and place <= start + most:
                lines.append(Line(pieces, line.caveats))
            elif pieces:  # what is about a line stands where it ends
                lines.append(Line(pieces, ()))
            place += sum(map(len, line.caveats))
        if lines:
            found.append(AnswerPart(number, lines))
    return found, start + most if place > start + most else None


def _within(pieces: Sequence[Piece], place: int, start: int, most: int) -> tuple[list[Piece], int]:
    """What of `pieces`, which begin at `place`, stands in this part; and where they end."""
    found: list[Piece] = []
    for piece in pieces:
        end = place + len(piece.text)
        if end > start and place < start + most:
            whole = piece.kind != "plain"
            found.append(piece if whole else Piece(piece.text[max(0, start - place) : start + most - place]))
        place = end
    return found, place


def answers(document: Document) -> list[str]:
    """The text of each choice of the answer, if it is shown: all that the application gets of it."""
    choices = document["completion"]["choices"] if "completion" in document else ()
    return [_message_text(choice["message"]) for choice in choices]


def finish_reasons(document: Document) -> set[str]:
    """Why the choices of the answer ended, as the provider says."""
    choices = document["completion"]["choices"] if "completion" in document else ()
    return {str(choice.get("finish_reason")) for choice in choices}


def amendable(document: Document) -> str:
    """What of the answer an accept with changes begins with: its tool calls where it has any, else its text."""
    choices = document["completion"]["choices"] if "completion" in document else ()
    message = choices[0]["message"] if choices else {}
    return plain(calls_as_text(message) or next(iter(answers(document)), ""))


def added(document: Document) -> dict[str, list[str]]:
    """The personal data that nobody had sent, by type."""
    return dict(document.get("added") or {})


def lines(text: str, document: Document, policy: Policy | None) -> list[Line]:
    """An answer line by line, with what the model added marked, and with the caveats that are about each line.

    `policy` is the one under which the advice was given; None if another version is in force, whose conditions may
    mean something else.
    """
    values = {
        value: Piece(value, "added", kind) for kind, found in added(document).items() for value in found
    }
    attached = {one["id"]: one["text"] for one in document["decision_support"]["caveats"]}
    found: list[Line] = []
    for number, line in enumerate(text.splitlines(keepends=True)):
        pieces = _split(line, values)
        about: tuple[str, ...] = ()
        if policy is not None and number < _MOST_LINES and line.strip():
            types = {piece.label for piece in pieces if piece.kind == "added"}
            about = tuple(
                attached[caveat.id] for caveat in policy.caveats_on(line, types) if caveat.id in attached
            )
        found.append(Line(pieces, about))
    return found


def plain(text: str) -> str:
    """A text as a browser sends it back: with plain line ends, without the first one and without controls."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).removeprefix("\n")


def _split(text: str, known: Mapping[str, Piece]) -> list[Piece]:
    if not known:
        return [Piece(text)]
    pattern = "|".join(re.escape(one) for one in sorted(known, key=len, reverse=True) if one)
    pieces = (known.get(part, Piece(part)) for part in re.split(f"({pattern})", text) if part)
    return list(pieces)


def _message_text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    texts = [part["text"] if isinstance(part, dict) and "text" in part else part for part in parts]
    rest = {name: value for name, value in message.items() if value and name not in _SHOWN_APART}
    shown = [one if isinstance(one, str) else _as_text(one) for one in texts if one]
    shown += [_call_text(call) for call in calls_of(message)]
    shown += [one if isinstance(one, str) else _as_text({name: one}) for name, one in rest.items()]
    return "\n".join(shown)


def _call_text(call: Mapping[str, Any]) -> str:
    """A tool call as an action that can be read: what is done, and with what."""
    arguments = call["arguments"]
    given = arguments if isinstance(arguments, dict) else {"": arguments}
    values = (
        f"    {name + ': ' if name else ''}{value if isinstance(value, str) else _as_text(value)}"
        for name, value in given.items()
    )
    return "\n".join([f"→ {call['name']}", *values])


def _as_text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
