"""A typed client of Countersign's API, for what no model provider's SDK has: waiting, deciding, reporting.

Advice is asked for with the SDK of OpenAI or Anthropic; see `docs/client.md`. This package needs httpx and nothing of
the gateway.
"""

from countersign_client.async_client import AsyncClient
from countersign_client.client import Client
from countersign_client.client_errors import CountersignError, NotDecided, Unreachable
from countersign_client.results import Advice, DueAdvice, PersonDecision, RecordedDecision, ReportedValue

__all__ = [
    "Advice",
    "AsyncClient",
    "Client",
    "CountersignError",
    "DueAdvice",
    "NotDecided",
    "PersonDecision",
    "RecordedDecision",
    "ReportedValue",
    "Unreachable",
]
