"""The rules of decisions that are signed, and of the passkeys that sign them."""

from collections.abc import Iterator

from audit.audit_errors import FormatInvalid
from audit.watch.record import Event, Record, person_of, requested_signature, version_of


class SignedByPasskey:
    """If the review asks for it, each decision is signed by a passkey of that person that was in force."""

    id = "signed-by-passkey"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        kind, known = event.get("type"), record.about(event)
        if kind == "advice.requested":
            yield from self._at_request(event, record)
        if known is None or kind != "decision.recorded":
            return
        if not known.signed:
            if "signature" in event:
                yield "carries a signature that its policy did not ask for"
            return
        try:
            record.passkeys.signed(event, known.shown, known.caveats)
        except FormatInvalid as error:
            yield f"is said to be a decision by {person_of(event)}, but {error}"

    def _at_request(self, event: Event, record: Record) -> Iterator[str]:
        """One version of a policy is one wording: it can't ask for signatures now and then."""
        before = record.requested_signature.get(version_of(event))
        if before is not None and before != requested_signature(event):
            yield f"asks for other signatures than the same version of {version_of(event)[0]} did before"


class PasskeysTrusted:
    """A passkey is a person's first, or signed for by one of theirs, or approved by two other admins' passkeys."""

    id = "passkeys-trusted"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        yield from record.passkeys.faults(event)
