"""What the HTTP API and the pages share: the services, request bodies, pagination, and how exceptions are answered."""

from gateway.http.error_translation import collect_codes, explain, translate
from gateway.http.form_data import Part, parse_form
from gateway.http.pagination import Cursor, decode_cursor, encode_cursor
from gateway.http.request_body import read_body
from gateway.http.services import services_of

__all__ = [
    "Cursor",
    "Part",
    "collect_codes",
    "decode_cursor",
    "encode_cursor",
    "explain",
    "parse_form",
    "read_body",
    "services_of",
    "translate",
]
