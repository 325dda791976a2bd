"""A Presidio analyzer server as a recogniser: `POST /analyze` of presidio-analyzer's REST interface.

The one network call of redaction, to the address that the operator names. It fails closed: a server that is away, too
slow, or answers anything but results means that the text was not read.
"""

from collections.abc import Sequence
from typing import Any

import httpx
from presidio_analyzer import EntityRecognizer, RecognizerResult
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from gateway.redaction.errors import AnalyzerAway


class _Found(BaseModel):
    """One result as the server writes it; offsets count code points."""

    model_config = ConfigDict(extra="ignore")

    entity_type: str
    start: int
    end: int
    score: float


_RESULTS = TypeAdapter(list[_Found])


class AnalyzerServer(EntityRecognizer):
    """Asks the server at `url` for `entities`. Keeps its connections; safe to use from several threads."""

    def __init__(self, url: str, entities: Sequence[str], language: str, seconds: float) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"), timeout=seconds, trust_env=False, follow_redirects=False
        )
        super().__init__(sorted(entities), name="AnalyzerServer", supported_language=language)

    def load(self) -> None:
        """Nothing to load: whether the server is there is asked with each text."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """What the server finds in `text`; `AnalyzerAway` if it does not say."""
        results = self._asked(text, entities) if text.strip() else []
        if results is None or not all(0 <= one.start < one.end <= len(text) for one in results):
            raise AnalyzerAway("The analyzer server did not read the text, so nothing was sent.")
        return [RecognizerResult(one.entity_type, one.start, one.end, one.score) for one in results]

    def _asked(self, text: str, entities: Sequence[str]) -> list[_Found] | None:
        body = {"text": text, "language": self.supported_language, "entities": list(entities)}
        try:
            answer = self._client.post("/analyze", json=body)
            answer.raise_for_status()
            return _RESULTS.validate_json(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError):
            return None  # raised outside of the handler: the cause may quote the text
