"""A Presidio analyzer server as a recogniser: `POST /analyze` of presidio-analyzer's REST interface.

The one network call of redaction, to the address that the operator names. It fails closed: a server that is away, too
slow, or answers anything but results means that the text was not read.
"""

from collections.abc import Iterator, Sequence

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from gateway.redaction.redaction_errors import AnalyzerAway
from gateway.redaction.text.findings import Finding


class _AnalyzerResult(BaseModel):
    """One result as the server writes it, among more; offsets count code points."""

    entity_type: str
    start: int
    end: int
    score: float


_RESULTS = TypeAdapter(list[_AnalyzerResult])


class AnalyzerServer:
    """Asks the server at `url` for `entities`. Keeps its connections; safe to use from several threads."""

    def __init__(self, url: str, entities: Sequence[str], language: str, seconds: float) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"), timeout=seconds, trust_env=False, follow_redirects=False
        )
        self._types = sorted(entities)
        self._language = language

    def find(self, text: str) -> Iterator[Finding]:
        """What the server finds in `text`; `AnalyzerAway` if it does not say."""
        results = self._ask(text) if text.strip() else []
        if results is None or not all(0 <= result.start < result.end <= len(text) for result in results):
            raise AnalyzerAway("The analyzer server did not read the text, so nothing was sent.")
        return (Finding(item.start, item.end, item.entity_type, item.score) for item in results)

    def _ask(self, text: str) -> list[_AnalyzerResult] | None:
        body = {"text": text, "language": self._language, "entities": self._types}
        try:
            answer = self._client.post("/analyze", json=body)
            answer.raise_for_status()
            return _RESULTS.validate_json(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError):
            return None  # raised outside of the handler: the cause may quote the text
