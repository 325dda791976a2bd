"""What both edges share, the HTTP API and the pages: the parts, bodies, and how exceptions are told."""

from gateway.edges.bodies import read_body
from gateway.edges.errors import explain, translate
from gateway.edges.parts import Parts, parts_of

__all__ = ["Parts", "explain", "parts_of", "read_body", "translate"]
