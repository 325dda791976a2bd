"""What the HTTP API and the pages share: the services, request bodies, pagination, and how exceptions are answered."""

from gateway.http.error_translation import explain, translate
from gateway.http.pagination import Place, read_place, write_place
from gateway.http.request_body import read_body
from gateway.http.services import Parts, parts_of

__all__ = [
    "Parts",
    "Place",
    "explain",
    "parts_of",
    "read_body",
    "read_place",
    "translate",
    "write_place",
]
