"""Where somebody with a role can go from every page."""

from dataclasses import dataclass

from gateway.identity import Person


def _(text: str) -> str:
    """Marks words for the catalogues; the layout translates them."""
    return text


@dataclass(frozen=True)
class Link:
    """An entry: `words` in English, `current` on its own pages."""

    words: str
    address: str
    current: bool


_ENTRIES = (
    ("caseworker", _("Advice"), "/advice"),
    ("reviewer", _("Advice"), "/advice"),
    ("oversight", _("Record"), "/record"),
    ("admin", _("Record"), "/record"),
    ("oversight", _("Measures"), "/measures"),
    ("admin", _("Measures"), "/measures"),
    ("admin", _("Usage"), "/usage"),
    ("reviewer", _("Policies"), "/policies"),
    ("oversight", _("Policies"), "/policies"),
    ("admin", _("Policies"), "/policies"),
    ("admin", _("People and keys"), "/keys"),
    ("admin", _("Erasure"), "/erasure"),
    ("caseworker", _("Your passkeys"), "/passkeys"),
    ("reviewer", _("Your passkeys"), "/passkeys"),
    ("admin", _("Your passkeys"), "/passkeys"),
    ("caseworker", _("Concerns"), "/concerns"),
    ("reviewer", _("Concerns"), "/concerns"),
    ("oversight", _("Concerns"), "/concerns"),
    ("admin", _("Concerns"), "/concerns"),
)


_ALSO = {"/policy-changes": "/policies"}
"""Pages that belong to another entry than their address says."""


def navigation(person: Person | None, path: str) -> list[Link]:
    """The entries for the person's roles, each once."""
    if person is None:
        return []
    entries = {address: words for role, words, address in _ENTRIES if role in person.roles}
    return [Link(words, address, current=_within(path, address)) for address, words in entries.items()]


def _within(path: str, address: str) -> bool:
    page = _ALSO.get(path, path)
    return page == address or page.startswith(f"{address}/")
