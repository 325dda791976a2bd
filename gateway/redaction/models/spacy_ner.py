"""Names, places and groups by an installed spaCy model that an operator adds: `redaction.spacy_model`.

Only its recogniser is loaded: no tagger, parser or lemmatiser.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import Any, Final

from gateway.redaction.models.model_spans import USUAL_LABELS, in_whole_words, pieces_of
from gateway.redaction.text.findings import Finding

_NOT_NEEDED: Final = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter", "morphologizer")
_ZONE: Final = 500_000
"""Characters after which the words that were read are forgotten."""


class SpacyNames:
    """Reads names with a spaCy package; loaded as it is made, safe to use from several threads.

    spaCy keeps each new word in its vocabulary. So that neither memory nor what it remembers grows, texts are read in
    a memory zone that ends after so many characters; a vocabulary has one zone at a time, hence the lock.
    """

    def __init__(self, model: str) -> None:
        self._nlp = _loaded(model)
        self._lock = threading.Lock()
        self._zone = ExitStack()
        self._read = _ZONE

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what the model names in it."""
        pieces = [(at, start, piece) for at, text in enumerate(texts) for start, piece in pieces_of(text)]
        findings: list[list[Finding]] = [[] for _ in texts]
        with self._lock:
            self._read += sum(len(piece) for _, _, piece in pieces)
            if self._read > _ZONE:
                self._zone.close()
                self._zone.enter_context(self._nlp.memory_zone())
                self._read = 0
            read = self._nlp.pipe((piece for _, _, piece in pieces), batch_size=32)
            for (at, start, _), document in zip(pieces, read, strict=True):
                findings[at] += [finding.moved(start) for finding in _findings(document)]
        return findings


def _findings(document: Any) -> Iterator[Finding]:
    for entity in document.ents:
        kind = USUAL_LABELS.get(entity.label_)
        if kind is not None:
            yield from in_whole_words(document.text, entity.start_char, entity.end_char, kind)


def _loaded(model: str) -> Any:
    """The model's pipeline with its recogniser, and with shared vectors only if that listens to them."""
    spacy = import_module("spacy")
    alone = spacy.load(model, exclude=(*_NOT_NEEDED, "tok2vec"))
    if alone.has_pipe("ner"):
        layers = alone.get_pipe("ner").model.walk()
        if not any("listener" in layer.name.lower() for layer in layers):
            return alone
    return spacy.load(model, exclude=_NOT_NEEDED)
