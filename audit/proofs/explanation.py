"""A proven decision in words that somebody can read who knows nothing of Merkle trees."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from textwrap import wrap
from typing import Any, Final

from audit.proofs.proof_check import CheckedEvent, ProofReport, SignedDecision

_WIDTH: Final = 96

Event = Mapping[str, Any]


def explain(checked: ProofReport) -> list[str]:
    """What the file shows, what it does not show, and its problems, if any."""
    if not checked.ok:
        return [
            *checked.problems,
            "This file does not prove what it says: do not rely on it.",
        ]
    return [
        *_head(checked),
        "",
        *(line for shown in checked.shown for line in _descriptions(shown)),
        "",
        *(line for item in checked.signed for line in [*_wrapped(describe_signature(item), "  "), ""]),
        *(line for item in checked.disregarded for line in _wrapped(f"Disregarded: {item}.", "  ")),
        *([""] if checked.disregarded else []),
        *_grounds(checked),
    ]


def _head(checked: ProofReport) -> list[str]:
    count = len(checked.shown)
    return [
        f"Advice {checked.proof.advice}: {count} event{'' if count == 1 else 's'} on the record of",
        f"{checked.proof.origin}.",
        "All of it is proven.",
    ]


def _descriptions(shown: CheckedEvent) -> Iterator[str]:
    when, text = _moment(str(shown.event["time"])), describe_event(shown.event)
    yield f"{when}  (entry {shown.index})"
    for paragraph in text.split("\n"):
        yield from _wrapped(paragraph, "    ")


def describe_signature(signed: SignedDecision) -> str:
    """The signer of a decision, and the grounds for trusting that the passkey is theirs."""
    key, event = signed.passkey.key, signed.passkey.event
    when = _moment(str(event["time"]))
    text = _TRUSTED[signed.passkey.trust]
    if signed.passkey.approved_by:
        text += f" {_listed([f'person {admin}' for admin in signed.passkey.approved_by])}; ask them whether they did"
    return (
        f"The decision of entry {signed.index} is signed with the passkey of person {key.person}"
        f" ({key.credential[:12]}…)."
        f" It was registered at {key.origin} on {when} (entry {signed.passkey.index}), {text}."
        " The signature is over the advice, the exact request and answer that were shown, the decision and its reasons."
        " Whoever has not got that passkey can't make it: no operator, no database and no administrator."
    )


_TRUSTED: Final = {
    "first": "as the first of theirs, which is taken on trust: ask them whether it is",
    "signed_by": "and a passkey that they had before signed for it",
    "approved": "and these admins approved it, each with a passkey of their own:",
}


def describe_event(event: Event) -> str:
    """An event in plain English; whose words it commits to stands in a second line."""
    kind = str(event.get("type"))
    teller = _TELLERS.get(kind)
    try:
        text = teller(event) if teller else f"{_actor(event)}: {kind}."
    except (KeyError, TypeError, AttributeError, ValueError):
        text = f"{kind}, by {event.get('actor')}."
    sealed = event.get("commitments")
    if isinstance(sealed, Mapping) and sealed:
        kinds = _listed([_SEALED.get(kind, kind) for kind in sorted(map(str, sealed))])
        text += f"\nThe record commits to the exact {kinds}, kept sealed outside it."
    return text


def _requested(event: Event) -> str:
    policy, review = event["policy"], event["review"]
    for_person = f" for person {event['requester']}" if event.get("requester") else ""
    two = "" if review["deciders"] == 1 else f" by {review['deciders']} different people"
    held = (
        "its answer must be accepted before it may be used"
        if review["gate"] == "release"
        else "its answer may be seen at once, and must be decided on"
    )
    signed = (
        ", and each decision signed with the person's passkey" if review.get("signature") == "passkey" else ""
    )
    return (
        f"{_actor(event)} asked{for_person} under the policy “{policy['id']}” (version {policy['version'][:12]}…):"
        f" {held}{two}{signed}. Before anything left, {_replaced(event)}."
    )


def _received(event: Event) -> str:
    caveats = "".join(f"\n“{caveat['text']}”" for caveat in event["caveats"])
    ending = "" if event.get("complete", True) else " The answer was cut short."
    return f"The model {event['model']} answered.{ending} These caveats went with its answer:{caveats or ' none.'}"


def _embedding_requested(event: Event) -> str:
    policy, count = event["policy"], event["inputs"]
    texts = "one text" if count == 1 else f"{count} texts"
    for_person = f" for person {event['requester']}" if event.get("requester") else ""
    text = f"{_actor(event)} asked{for_person} for vectors of {texts} under the policy “{policy['id']}”"
    if not event["leaves"]:
        return f"{text} (version {policy['version'][:12]}…), by a model within the gateway: nothing left."
    return f"{text} (version {policy['version'][:12]}…). Before anything left, {_replaced(event)}."


def _transcription_requested(event: Event) -> str:
    policy = event["policy"]
    for_person = f" for person {event['requester']}" if event.get("requester") else ""
    return (
        f"{_actor(event)} asked{for_person} for the transcript of a recording under the policy “{policy['id']}”"
        f" (version {policy['version'][:12]}…), by a server within the organisation: nothing left."
    )


def _replaced(event: Event) -> str:
    masked = ", ".join(f"{count} {name}" for name, count in sorted(event["redactions"].items()))
    return f"personal data was replaced: {masked or 'none was found'}"


def _shown_to(event: Event) -> str:
    return f"The answer was first shown to {_named(str(event['to']))}."


def _decided(event: Event) -> str:
    verb = {"accept": "accepted", "reject": "rejected"}[event["decision"]]
    text = f" as they had changed it (amendment {event['text']})" if event.get("text") else ""
    read = event.get("caveats_read")
    confirmed = f" They confirmed that they had read: {_listed(list(map(str, read)))}." if read else ""
    facts = event.get("facts_confirmed")
    confirmed += f" They confirmed {len(facts)} facts that are not in what was sent." if facts else ""
    signature = event.get("signature")
    by = (
        f" The decision carries a signature by the passkey {signature['credential'][:12]}…"
        if signature
        else ""
    )
    return f"{_actor(event)} {verb} the advice{text}.{confirmed}{by}"


def _released(event: Event) -> str:
    text = f"amendment {event['text']}" if event.get("text") else "the model's own words"
    return f"{_actor(event)} received the accepted advice: {text}."


def _revealed(event: Event) -> str:
    caught = (
        "was caught"
        if event.get("caught")
        else "was not caught"
        if "caught" in event
        else "was not decided on"
    )
    return (
        "This was a check, advice that was known to be wrong: nobody had asked for it, its case is made up, and no"
        f" application was given it. It {caught}."
    )


def _moment(time: str) -> str:
    return datetime.fromisoformat(time).strftime("%-d %B %Y, %H:%M:%S UTC")


def _fixed(words: str) -> Callable[[Event], str]:
    return lambda event: words


_SEALED: Final = {
    "sent": "text that was sent",
    "added": "personal data that it added",
    "evidence": "what it rests on",
    "missed": "reported value",
    "concern": "words of the concern",
    "concern_answer": "words of the answer",
}
"""Kinds of content whose names do not say it."""
_TELLERS: Final[Mapping[str, Callable[[Event], str]]] = {
    "advice.requested": _requested,
    "advice.received": _received,
    "advice.shown": _shown_to,
    "view.recorded": lambda event: f"{_actor(event)} recorded their own view.",
    "decision.recorded": _decided,
    "advice.accepted": _fixed("With that the advice was accepted."),
    "advice.rejected": _fixed("With that the advice was rejected."),
    "advice.expired": _fixed("Nobody decided in time: the advice expired."),
    "advice.failed": lambda event: f"There was no answer, or not all of it ({event['code']}).",
    "advice.refused": lambda event: f"The policy refused the request (rule “{event['refused_by']}”).",
    "advice.released": _released,
    "advice.abandoned": _fixed("The application had gone and did not ask again: the answer reached nobody."),
    "advice.passed_on": lambda event: (
        f"The answer only called tools ({_listed(list(map(str, event['tools'])))}), so it was passed on to the"
        " application without a decision."
    ),
    "advice.response_deleted": lambda event: (
        f"{_actor(event)} deleted its response: it is given nothing of this advice any more."
    ),
    "embedding.requested": _embedding_requested,
    "embedding.received": lambda event: f"The model {event['model']} answered with the vectors.",
    "embedding.failed": lambda event: f"There were no vectors ({event['code']}).",
    "embedding.refused": lambda event: f"The policy refused the texts (rule “{event['refused_by']}”).",
    "transcription.requested": _transcription_requested,
    "transcription.received": lambda event: f"The model {event['model']} answered with the transcript.",
    "transcription.failed": lambda event: f"There was no transcript ({event['code']}).",
    "content.erased": lambda event: (
        f"The content was erased ({event['why'].replace('_', ' ')}), by {_named(event['actor'])}."
        " That it was asked for and decided stays on record."
    ),
    "redaction.missed": lambda event: (
        f"{_actor(event)} reported a value that had left unredacted ({event['entity']})."
    ),
    "concern.raised": lambda event: f"{_actor(event)} raised a {event['severity']} concern.",
    "concern.answered": lambda event: (
        f"{_actor(event)} answered a concern: it is {event['state'].replace('_', ' ')}."
    ),
    "check.revealed": _revealed,
    "demonstration.written": lambda event: (
        f"A script made up what follows, up to {event['until']}, for a demonstration."
    ),
    "content.opened": lambda event: f"{_actor(event)} opened sealed content outside casework.",
}


def _actor(event: Event) -> str:
    return _named(str(event.get("actor")))[:1].upper() + _named(str(event.get("actor")))[1:]


def _named(actor: str) -> str:
    kind, _, name = actor.partition(":")
    return {"application": f"the application {name}", "person": f"person {name}"}.get(kind, f"the {kind}")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _grounds(checked: ProofReport) -> list[str]:
    checkpoints = {(event.checkpoint.size, event.checkpoint.root): event for event in checked.shown}
    lines = ["Why this can be relied on:"]
    for event in checkpoints.values():
        lines += _points(
            f"The log signed a checkpoint over its first {event.checkpoint.size} entries. Each entry above is one of"
            " them: its bytes, hashed together with the proof in this file, give exactly the signed root."
            " Change a letter, and they would not."
        )
        if event.witnesses:
            lines += _points(
                f"Independent witnesses saw that same checkpoint, as a continuation of all that they had seen"
                f" before: {'; '.join(map(str, event.witnesses))}. So the operator can't show others another record."
            )
        else:
            lines += _points(
                "No witness's key was given that cosigned this checkpoint: that everyone sees the same record"
                " rests on the operator's word, or on a mirror."
            )
    if checked.signed:
        lines += _points(
            "Whose the passkeys are follows from the entries about them in this file, which are proven like the others."
            " That a first one was the first, and that none had been revoked, rests on there being no other entry:"
            " the whole record shows that, too. A first one is taken on trust: its owner can say whether it is theirs."
        )
    lines += _points(
        "What this file does not show: that there is no further entry about this advice. Anyone who holds the whole"
        " record, such as an oversight body with a mirror, can say that."
    )
    return lines


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _points(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
