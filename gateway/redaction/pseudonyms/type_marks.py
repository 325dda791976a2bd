"""Marks for what is made into vectors: `<PERSON>`, since a number would be noise there, and nothing is put back."""

from gateway.redaction.pseudonyms.coreference import Identities, Key, Mention
from gateway.redaction.pseudonyms.pseudonyms import Pseudonym


class TypeMarks:
    """Stands where `Numbering` does: each value is its type alone."""

    issued: tuple[Pseudonym, ...] = ()
    new: tuple[Pseudonym, ...] = ()

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._found: dict[str, set[Key]] = {}

    def issue(self, value: str, entity: str, *, bare: bool = False, title: str = "") -> str:
        """What stands in for `value`; `bare` leaves out the brackets."""
        self._found.setdefault(entity, set()).add(self._identities.key(Mention(value, entity, title)))
        return entity if bare else f"<{entity}>"

    @property
    def counts(self) -> dict[str, int]:
        """Entity type to the number of distinct values of it."""
        return {entity: len(keys) for entity, keys in sorted(self._found.items())}
