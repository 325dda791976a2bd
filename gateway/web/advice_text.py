"""An advice as its page shows it: pieces of text, with what was taken out and what was added."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, Literal

from gateway.advice import calls_as_text
from gateway.policy import Policy
from gateway.steps import TextSplitter, as_text, message_text, sent_texts
from gateway.web.evidence_marks import EvidenceMarks, Mark, Note

_OTHER_FIELDS: Final = ("tools", "tool_choice", "response_format", "stop", "metadata", "user", "functions")

_MAX_LINES: Final = 2_000
"""Beyond this many, lines are shown without their caveats, which all stand above the answer."""
_BRACKETS: Final = re.compile("[<>\U000e0100-\U000e01ef]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """A run of text: `plain`; `out`, taken out before it left and known to the model as `label`; `added` by it; a fact
    that is `found`, `elsewhere` or `unsupported` and leads to the anchor `label`; a `place` with that anchor, which
    holds the pieces `inner`; or a `note` behind a sentence, of which `text` is empty and `note` says which.
    """

    text: str
    kind: Literal["plain", "out", "added", "found", "elsewhere", "unsupported", "place", "note"] = "plain"
    label: str = ""
    inner: Sequence["Piece"] = ()
    note: Note | None = None


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


class _KnownPieces:
    """Cuts texts so that what is known of them is a piece of its own."""

    def __init__(self, known: Mapping[str, Piece]) -> None:
        self._known = known
        self._pieces = TextSplitter(known)

    def __contains__(self, text: str) -> bool:
        return text in self._known

    def split(self, text: str) -> list[Piece]:
        return [self._known.get(part, Piece(part)) for part in self._pieces.of(text)]


def asked(document: Document, marks: EvidenceMarks | None = None) -> list[Message]:
    """The request as sent, without the policy's prompt, with the redacted values restored in their places."""
    sent = document["sent"]
    out = _KnownPieces(
        {
            pseudonym["text"]: Piece(pseudonym["value"], "out", _label(pseudonym["text"]))
            for pseudonym in document["pseudonyms"]
        }
    )
    messages = [message for place, message in enumerate(sent["messages"]) if place != document["prompt_at"]]
    result = [
        Message(
            str(message.get("role", "")),
            _with_places(out.split(message_text(message)), [] if marks is None else marks.places(number)),
        )
        for number, message in enumerate(messages)
    ]
    other_fields = {name: sent[name] for name in _OTHER_FIELDS if sent.get(name)}
    if other_fields:
        result.append(Message("settings", out.split(as_text(other_fields))))
    return result


def addresses(
    messages: Sequence[Message], advice: str, most: int, *, elsewhere: bool = False
) -> dict[str, str]:
    """Where each anchor is: on the advice's page, or with what of a long text is on pages of its own."""
    result: dict[str, str] = {}
    at = 0
    for piece in (piece for message in messages for piece in message.pieces):
        if piece.kind == "place":
            start = at // most * most
            page = (
                f"/advice/{advice}/asked?from={start}" if start else f"/advice/{advice}" if elsewhere else ""
            )
            result[piece.label] = f"{page}#{piece.label}"
        at += len(piece.text)
    return result


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
    messages_shown: list[Message] = []
    place = 0
    for message in messages:
        pieces, place = _within(message.pieces, place, start, most)
        if pieces:
            messages_shown.append(Message(message.role, pieces))
    return messages_shown, start + most if place > start + most else None


def answer_part(
    answers: Sequence[Sequence[Line]], start: int, most: int
) -> tuple[list[AnswerPart], int | None]:
    """So much of an answer, as `part`; the caveats that are about its lines count with them."""
    parts: list[AnswerPart] = []
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
            parts.append(AnswerPart(number, lines))
    return parts, start + most if place > start + most else None


def _within(pieces: Sequence[Piece], place: int, start: int, most: int) -> tuple[list[Piece], int]:
    """The part of `pieces` (which begin at `place`) that lies in this part of the text; and their end."""
    part: list[Piece] = []
    for piece in pieces:
        end = place + len(piece.text)
        if end > start and place < start + most:
            whole = piece.kind != "plain"
            part.append(piece if whole else Piece(piece.text[max(0, start - place) : start + most - place]))
        place = end
    return part, place


def answers(document: Document) -> list[str]:
    """The text of each choice of the answer, if it is shown: all that the application gets of it."""
    choices = document["completion"]["choices"] if "completion" in document else ()
    return [message_text(choice["message"]) for choice in choices]


def finish_reasons(document: Document) -> set[str]:
    """Why the choices of the answer ended, as the provider says."""
    choices = document["completion"]["choices"] if "completion" in document else ()
    return {str(choice.get("finish_reason")) for choice in choices}


def amendable(document: Document) -> str:
    """The part of the answer that an accept with changes starts from: its tool calls if it has any, else its text."""
    choices = document["completion"]["choices"] if "completion" in document else ()
    message = choices[0]["message"] if choices else {}
    return plain(calls_as_text(message) or next(iter(answers(document)), ""))


def added(document: Document) -> dict[str, list[str]]:
    """The personal data that nobody had sent, by type."""
    return dict(document.get("added") or {})


def evidence_marks(document: Document) -> EvidenceMarks:
    """The marks of its evidence, if the answer is shown."""
    values = {pseudonym["text"]: pseudonym["value"] for pseudonym in document["pseudonyms"]}
    sent = [text for _, text in sent_texts(document["sent"], document["prompt_at"], values)]
    return EvidenceMarks.of(document, answers(document), sent)


def lines(
    text: str,
    document: Document,
    policy: Policy | None,
    marks: Sequence[Mark] = (),
    notes: Mapping[int, tuple[Note, str]] = MappingProxyType({}),
) -> list[Line]:
    """An answer line by line, with what the model added marked, and with the caveats that are about each line.

    `policy` is the one under which the advice was given; None if another version is in force, whose conditions may
    mean something else.
    """
    values = _KnownPieces(
        {value: Piece(value, "added", kind) for kind, result in added(document).items() for value in result}
    )
    attached = {
        attached_caveat["id"]: attached_caveat["text"]
        for attached_caveat in document["decision_support"]["caveats"]
    }
    result: list[Line] = []
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        pieces = values.split(line)
        about: tuple[str, ...] = ()
        if policy is not None and number < _MAX_LINES and line.strip():
            types = {piece.label for piece in pieces if piece.kind == "added"}
            about = tuple(
                attached[caveat.id] for caveat in policy.caveats_on(line, types) if caveat.id in attached
            )
        if marks or notes:
            pieces = _with_marks(line, start, values, marks, notes)
        result.append(Line(pieces, about))
        start += len(line)
    return result


def _with_marks(
    line: str,
    start: int,
    values: _KnownPieces,
    marks: Sequence[Mark],
    notes: Mapping[int, tuple[Note, str]],
) -> list[Piece]:
    """A line that begins at `start` of its answer, with its facts, and notes behind its sentences."""
    end = start + len(line)
    within = [one for one in marks if start <= one.start and one.end <= end]
    cuts = {start, end, *(at for one in within for at in (one.start, one.end))}
    behind = {one.end: at for one in within for at in notes if one.start < at < one.end}
    cuts |= {at for at in notes if start < at <= end and not any(one.start < at < one.end for one in within)}
    by_start = {one.start: one for one in within}
    pieces: list[Piece] = []
    for first, last in pairwise(sorted(cuts)):
        words, mark = line[first - start : last - start], by_start.get(first)
        if mark is None or words in values:
            pieces += values.split(words)
        else:
            pieces.append(Piece(words, mark.kind, mark.anchor))
        note = notes.get(last) or notes.get(behind.get(last, -1))
        if note is not None:
            pieces.append(Piece("", "note", note[1], note=note[0]))
    return pieces


def _with_places(pieces: Sequence[Piece], places: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """A text whose `places` are pieces of their own; one that is partly taken out is marked as a whole."""
    if not places:
        return list(pieces)
    bounds = sorted({at for first, last, _ in places for at in (first, last)})
    result: list[Piece] = []
    groups: dict[str, int] = {}
    at = 0
    for piece in pieces:
        cuts = (
            [cut - at for cut in bounds if at < cut < at + len(piece.text)] if piece.kind == "plain" else []
        )
        for first, last in pairwise([0, *cuts, len(piece.text)]):
            part = Piece(piece.text[first:last]) if piece.kind == "plain" else piece
            anchor = next(
                (name for first_word, other, name in places if first_word < at + last and at + first < other),
                None,
            )
            if anchor is None:
                result.append(part)
            elif anchor in groups:
                whole = result[groups[anchor]]
                result[groups[anchor]] = Piece(whole.text + part.text, "place", anchor, (*whole.inner, part))
            else:
                groups[anchor] = len(result)
                result.append(Piece(part.text, "place", anchor, (part,)))
        at += len(piece.text)
    return result


def plain(text: str) -> str:
    """A text as a browser sends it back: with plain line ends, without the first one and without controls."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).removeprefix("\n")
