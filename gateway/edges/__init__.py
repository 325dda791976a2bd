"""What both edges share, the HTTP API and the pages: the parts, bodies, and how exceptions are told."""

from gateway.edges.bodies import read_body
from gateway.edges.errors import explain, translate
from gateway.edges.parts import Parts, parts_of
from gateway.edges.places import Place, read_place, write_place

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
