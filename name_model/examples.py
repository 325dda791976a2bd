"""What the model is given of a text, and what it should answer: windows of pieces, spellings, labels."""

import pydoc_data.topics
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokenizers import Tokenizer

from gateway.redaction.models.name_model.spelling import NO_WORD, spellings_of
from gateway.redaction.models.name_model.windows import windows_of
from name_model.documents import Document
from name_model.encoder import rampart_folder
from name_model.filling import LABELS, UNSURE, Filled, Filling, joined
from name_model.terms import frames, sentences
from name_model.writing import Writing

NO_LABEL: Final = -100
"""What is not learnt: the marks at both ends, and names of which nobody can say whether they are any."""
_BEGIN, _END = 2, 3
_TIMES: Final = 4
_TIMES_NOBODY: Final = 3
"""How many times a document with persons is filled in one round, and how many times one with nobody is written; twice
as often with values that are learnt.
"""
_OF_FRAMES: Final = 3600
"""Texts of a round that are frames and sentences alone."""
_OF_TERMS: Final = 0.5
"""The share of frames that are about terms; the others are about persons."""
_OF_VALUES: Final = 0.35
"""The share of sentences that are short documents with values: a number is one in the midst of a long text too."""
_SHORT: Final = 200
"""Characters of such a document at most."""
_ENDS: Final = re.compile(r"[.!?] (?=[A-Z])|\n(?=[^\n|,]{4})")


def tokenizer() -> Tokenizer:
    """Rampart's, which the gateway uses unchanged."""
    read = Tokenizer.from_file(str(rampart_folder() / "tokenizer.json"))
    read.no_padding()
    read.no_truncation()
    return read


@dataclass(frozen=True, slots=True)
class Example:
    """One window: word pieces, spellings and labels, of the same length."""

    pieces: list[int]
    spellings: list[int]
    labels: list[int]


def examples_of(pieces: Tokenizer, filled: Filled) -> Iterator[Example]:
    """The windows of a text, as the gateway cuts them."""
    read = pieces.encode(filled.text, add_special_tokens=False)
    spellings = spellings_of(filled.text, read.offsets)
    labels = _labels(filled, read.offsets)
    for start, end, _, _ in windows_of(filled.text, read.offsets):
        yield Example(
            [_BEGIN, *read.ids[start:end], _END],
            [NO_WORD, *spellings[start:end], NO_WORD],
            [NO_LABEL, *labels[start:end], NO_LABEL],
        )


def _labels(filled: Filled, offsets: Sequence[tuple[int, int]]) -> list[int]:
    kinds = bytearray(len(filled.text))
    numbers = {kind: number for number, kind in enumerate(LABELS)} | {UNSURE: len(LABELS)}
    for start, end, kind in filled.spans:
        kinds[start:end] = bytes([numbers[kind]]) * (end - start)
    marked = (max(kinds[start:end], default=0) for start, end in offsets)
    return [NO_LABEL if number == len(LABELS) else number for number in marked]


class Rounds:
    """All documents again and again, each time filled and written otherwise, and `texts` with names of their own.

    The same seed makes the same rounds.
    """

    def __init__(
        self, documents: Sequence[Document], texts: Sequence[Filled], pieces: Tokenizer, seed: int
    ) -> None:
        self._documents = list(documents)
        self._short = [one for one in documents if one.has_values and len(one.text) <= _SHORT]
        self._texts = list(texts)
        self._tokenizer = pieces
        self._chance = random.Random(seed)
        self._filling = Filling(self._chance)
        self._writing = Writing(self._chance)
        self._prose = list(_prose())

    def round(self) -> list[Example]:
        """The windows of one round, in an order by chance."""
        texts: list[Filled] = []
        for document in self._documents:
            times = _TIMES if document.has_persons else _TIMES_NOBODY
            texts += [self._written(document) for _ in range(2 * times if document.has_values else times)]
        for text in self._texts:
            texts += [text, self._writing.write(text)]
        texts += [self._of_frames() for _ in range(_OF_FRAMES)]
        texts += [
            self._writing.write(Filled(text, ())) for text in self._prose if self._chance.random() < 0.5
        ]
        self._chance.shuffle(texts)
        examples = [example for text in self._joined(texts) for example in examples_of(self._tokenizer, text)]
        self._chance.shuffle(examples)
        return examples

    def _written(self, document: Document) -> Filled:
        """A document, filled; half of them with other sentences between their own."""
        filled = self._filling.fill(document)
        for _ in range(self._chance.choice((0, 0, 1, 2, 3))):
            filled = self._with_frame(filled)
        return self._writing.write(filled)

    def _with_frame(self, filled: Filled) -> Filled:
        """The text with one more sentence, where a sentence or a line ends."""
        ends = [match.end() for match in _ENDS.finditer(filled.text)]
        ends = [at for at in ends if not any(start < at < end for start, end, _ in filled.spans)]
        at = self._chance.choice([*ends, len(filled.text)])
        before = Filled(filled.text[:at], tuple(span for span in filled.spans if span[1] <= at))
        behind = Filled(
            filled.text[at:],
            tuple((start - at, end - at, kind) for start, end, kind in filled.spans if end > at),
        )
        if not behind.text:
            return joined([before, self._frame()], " ")
        gap = "\n" if before.text.endswith("\n") else " "
        return joined([before, joined([self._frame(), behind], gap)], "")

    def _of_frames(self) -> Filled:
        """Sentences about terms, persons and values alone."""
        gap = self._chance.choice((" ", " ", "\n", "\n- ", ", "))
        count = self._chance.choice((1, 1, 1, 2, 2, 3, 4, 6, 8))
        return self._writing.write(joined([self._frame() for _ in range(count)], gap))

    def _frame(self) -> Filled:
        if self._short and self._chance.random() < _OF_VALUES:
            return self._filling.fill(self._chance.choice(self._short))
        chosen = frames() if self._chance.random() < _OF_TERMS else sentences()
        return self._filling.fill(Document("frames", "", self._chance.choice(chosen)), bare=True)

    def shuffled(self, batches: list[Sequence[Example]]) -> list[Sequence[Example]]:
        """The batches in an order by chance."""
        self._chance.shuffle(batches)
        return batches

    def _joined(self, texts: Sequence[Filled]) -> Iterator[Filled]:
        """Now and then two documents as one text, so that what is unlike stands in one window."""
        waiting: Filled | None = None
        for text in texts:
            if waiting is not None:
                yield joined([waiting, text], self._chance.choice(("\n", "\n\n", " ")))
                waiting = None
            elif self._chance.random() < 0.3 and len(text.text) < 300:
                waiting = text
            else:
                yield text
        if waiting is not None:
            yield waiting


def _prose() -> Iterator[str]:
    """Paragraphs in which nobody is named: the topics of Python's own help."""
    for topic in pydoc_data.topics.topics.values():
        for paragraph in re.split(r"\n\s*\n", topic):
            if 200 < len(paragraph) < 1500 and "|" not in paragraph:
                yield re.sub(r"\s+", " ", paragraph)
