"""Decisions signed with a person's passkey: nobody makes one in somebody's name without its being seen in the log."""

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from audit.audit_errors import SignatureInvalid
from audit.note import Verifier
from audit.passkeys import Passkey, approval_to_sign, decision_to_sign, passkey_to_sign, verify_signature
from audit.proofs import check, decode_file, encode_file, gather
from audit.sources import open_source
from audit.watch.record import Record
from audit.watch.signatures import PasskeysTrusted, SignedByPasskey
from tests.audit.conftest import ORIGIN, Folder
from tests.audit.logs import key_of, run
from tests.audit.test_watch import accepted, append_all, breaches, decision, people, received, requested
from tests.audit.vectors import load
from tests.passkey import PRESENT, SoftPasskey, unb64

Event = dict[str, Any]

BEN, CAI, ADA, EVE, SECOND = (SoftPasskey() for _ in range(5))
SHOWN = {"request": "1" * 64, "answer": "4" * 64}
CAVEATS = ["not-a-decision"]


def everybody() -> list[Event]:
    made = people()
    for name in ("ada", "eve", "fay"):
        key = {"credential": f"c-{name}", "holder": f"person:p-{name}", "roles": ["admin"]}
        made.append({"type": "key.created", "actor": "operator", **key})
    return made


def registered(who: str, key: SoftPasskey, trust: str = "first", **more: Any) -> Event:
    actor = f"person:p-{who}"
    made = {"type": "passkey.registered", "actor": actor, "holder": actor, "trust": trust}
    return {**made, **key.members(), **more}


def signed_by(who: str, new: SoftPasskey, old: SoftPasskey, **forged: Any) -> Event:
    event = registered(who, new, "signed_by")
    return {**event, "signature": old.sign(passkey_to_sign(ORIGIN, event), **forged)}


def approved(who: str, of: Event, key: SoftPasskey, **more: Any) -> Event:
    signature = key.sign(approval_to_sign(ORIGIN, of, f"p-{who}"))
    named = {name: of[name] for name in ("holder", "credential")}
    return {"type": "passkey.approved", "actor": f"person:p-{who}", **named, "signature": signature, **more}


def revoked(by: str, of: Event) -> Event:
    named = {name: of[name] for name in ("holder", "credential")}
    return {"type": "passkey.revoked", "actor": f"person:p-{by}", **named, "why": "lost"}


def asked(**review: Any) -> list[Event]:
    answer = {**received(), "commitments": {"answer": "4" * 64}}
    return [requested(view_first=False, signature="passkey", **review), answer]


def signed(who: str, key: SoftPasskey, what: str = "accept", **forged: Any) -> Event:
    event = decision(f"p-{who}", what)
    return {**event, "signature": key.sign(decision_to_sign(ORIGIN, event, SHOWN, CAVEATS), **forged)}


def found(folder: Folder, capsys: Any, *events: Event) -> list[Event]:
    return breaches(folder, capsys, list(events), everybody())


FIRST = registered("ben", BEN)
ADMINS = [registered("ada", ADA), registered("eve", EVE)]
WAITS = registered("ben", SECOND, "approved")
LOST = [FIRST, *ADMINS, revoked("ben", FIRST), WAITS]

WELL = {
    "signed with the first passkey": [FIRST, *asked(), signed("ben", BEN), accepted()],
    "rejected": [FIRST, *asked(), signed("ben", BEN, "reject")],
    "signed with a second one": [FIRST, signed_by("ben", SECOND, BEN), *asked(), signed("ben", SECOND)],
    "two people": [
        FIRST,
        registered("cai", CAI),
        *asked(deciders=2),
        signed("ben", BEN),
        signed("cai", CAI),
        accepted(),
    ],
    "after a loss, approved by two admins": [
        *LOST,
        approved("ada", WAITS, ADA),
        approved("eve", WAITS, EVE),
        *asked(),
        signed("ben", SECOND),
    ],
    "revoked by an admin later": [FIRST, *asked(), signed("ben", BEN), revoked("ada", FIRST)],
}


@pytest.mark.parametrize("name", WELL)
def test_a_log_whose_decisions_are_signed(folder: Folder, capsys: Any, name: str) -> None:
    assert found(folder, capsys, *WELL[name]) == []


def other(name: str, value: object) -> Event:
    """A good signature, beside a decision that says something else than was signed."""
    return {**signed("ben", BEN), name: value}


def changed_signature(**more: object) -> Event:
    event = signed("ben", BEN)
    return {**event, "signature": {**event["signature"], **more}}


FORGED: dict[str, tuple[str, list[Event]]] = {
    "made by the operator, unsigned": ("is not signed", [decision("p-ben")]),
    "made by the operator with a key of its own": ("names no passkey", [signed("ben", SoftPasskey())]),
    "with another person's key": ("with a passkey of p-cai", [registered("cai", CAI), signed("ben", CAI)]),
    "signed for another decision": (
        "something else",
        [{**other("decision", "reject"), "commitments": {"reason": "3" * 64}}],
    ),
    "another measure of what was changed": ("something else", [other("changed", 7)]),
    "another text": ("something else", [other("text", 1)]),
    "another reason": ("something else", [other("commitments", {"reason": "9" * 64})]),
    "other caveats confirmed": ("something else", [other("caveats_read", ["not-a-decision"])]),
    "another own view": ("something else", [other("own_view", "agrees")]),
    "made on another page": ("another page", [signed("ben", BEN, origin="https://evil.example")]),
    "made inside another page": ("another page", [signed("ben", BEN, crossOrigin=True)]),
    "for another relying party": ("relying party", [signed("ben", BEN, rp_id="evil.example")]),
    "without its owner": ("did not check", [signed("ben", BEN, flags=PRESENT)]),
    "nobody there": ("did not check", [signed("ben", BEN, flags=0x04)]),
    "of a registration": ("webauthn.get", [signed("ben", BEN, kind="webauthn.create")]),
    "no signature of it": ("is not that passkey's", [changed_signature(signature="AAAA")]),
    "cut data": ("too short", [changed_signature(authenticator_data="AAAA")]),
    "no base64url": ("no base64url", [changed_signature(signature="AAA=")]),
    "too long": ("no base64url", [changed_signature(client_data="AAAA" * 2_000)]),
    "no JSON": ("no JSON", [changed_signature(client_data="AAAA")]),
    "more members": ("must have the members", [changed_signature(more="x")]),
    "text in place of it": ("names no passkey", [{**decision("p-ben"), "signature": "yes"}]),
    "after it was revoked": ("had been revoked", [revoked("ada", FIRST), signed("ben", BEN)]),
    "with one that waits": (
        "had not been approved",
        [registered("ben", SECOND, "approved"), signed("ben", SECOND)],
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_decision_in_somebodys_name_is_seen_and_does_not_pass_for_theirs(
    folder: Folder, capsys: Any, name: str
) -> None:
    what, events = FORGED[name]
    start = [FIRST, *asked(), *events[:-1]]
    [breach] = [
        one
        for one in found(folder, capsys, *start, events[-1])
        if one["rule"] in ("signed-by-passkey", "passkeys-trusted")
    ]
    assert breach["rule"] == "signed-by-passkey"
    assert what in breach["what"]
    assert breach["index"] == len(everybody()) + len(start)
    with closing(open_source(str(folder.path))) as source:
        document = json.loads(encode_file(gather(source, "a", [folder.signer.verifier])))
    code, told = checked(folder, capsys, document)
    assert code == 1
    assert what in told or "names no passkey" in told  # a colleague's is not among the signer's own
    assert "is signed with the passkey" not in told


def test_the_answer_that_was_shown_is_signed_for(folder: Folder, capsys: Any) -> None:
    events = [FIRST, *asked(), signed("ben", BEN)]
    events[2] = {**events[2], "commitments": {"answer": "5" * 64}}
    assert [one["rule"] for one in found(folder, capsys, *events)] == ["signed-by-passkey"]


def test_a_signature_that_nobody_asked_for_is_told(folder: Folder, capsys: Any) -> None:
    events = [FIRST, requested(view_first=False), received(), signed("ben", BEN)]
    [breach] = found(folder, capsys, *events)
    assert "did not ask for" in breach["what"]


def test_one_version_of_a_policy_can_not_ask_for_signatures_now_and_then(folder: Folder, capsys: Any) -> None:
    [breach] = found(folder, capsys, *asked(), requested("b", view_first=False))
    assert (breach["rule"], breach["advice"]) == ("signed-by-passkey", "b")
    assert "asks for other signatures" in breach["what"]


APPROVED_ONCE = [*LOST, approved("ada", WAITS, ADA)]
UNTRUSTED: dict[str, tuple[str, list[Event]]] = {
    "a second first": ("on trust", [FIRST, registered("ben", SECOND)]),
    "a first after a loss": ("on trust", [FIRST, revoked("ben", FIRST), registered("ben", SECOND)]),
    "registered by somebody else": ("but by person:p-ada", [{**FIRST, "actor": "person:p-ada"}]),
    "the same again": ("on record already", [FIRST, registered("cai", BEN)]),
    "trusted for no reason": ("does not say how", [registered("ben", BEN, "faith")]),
    "signed for by a key that nobody registered": (
        "names no passkey",
        [FIRST, signed_by("ben", SECOND, CAI)],
    ),
    "signed for by somebody else": (
        "of p-cai",
        [FIRST, registered("cai", CAI), signed_by("ben", SECOND, CAI)],
    ),
    "signed for by a revoked one": ("revoked", [FIRST, revoked("ben", FIRST), signed_by("ben", SECOND, BEN)]),
    "the signature is for another": (
        "something else",
        [FIRST, {**signed_by("ben", SECOND, BEN), **CAI.members()}],
    ),
    "no key": ("no key in DER", [registered("ben", BEN, public_key="AAAA")]),
    "of another algorithm": ("not of its algorithm", [registered("ben", BEN, algorithm=-8)]),
    "approved by one who is no admin": (
        "who is no admin",
        [*LOST, registered("cai", CAI), approved("cai", WAITS, CAI)],
    ),
    "approved twice by one": ("not another admin", [*APPROVED_ONCE, approved("ada", WAITS, ADA)]),
    "approved with another's passkey": ("of p-ada", [*LOST, approved("eve", WAITS, ADA)]),
    "approved in another admin's name": (
        "something else",
        [
            *APPROVED_ONCE,
            {**approved("eve", WAITS, EVE), "signature": EVE.sign(approval_to_sign(ORIGIN, WAITS, "p-ada"))},
        ],
    ),
    "approved without a signature": (
        "without p-ada's own",
        [*LOST, approved("ada", WAITS, ADA, signature=None)],
    ),
    "approved though it does not wait": ("does not wait", [FIRST, ADMINS[0], approved("ada", FIRST, ADA)]),
    "approved after it was revoked": (
        "does not wait",
        [*APPROVED_ONCE, revoked("eve", WAITS), approved("eve", WAITS, EVE)],
    ),
    "revoked by a colleague": ("neither they nor an admin", [FIRST, revoked("cai", FIRST)]),
    "revoked twice": ("revoked before", [FIRST, revoked("ben", FIRST), revoked("ben", FIRST)]),
}


@pytest.mark.parametrize("name", UNTRUSTED)
def test_a_passkey_that_can_not_be_trusted_is_seen_and_signs_nothing(
    folder: Folder, capsys: Any, name: str
) -> None:
    what, events = UNTRUSTED[name]
    [breach] = found(folder, capsys, *events)
    assert breach["rule"] == "passkeys-trusted"
    assert what in breach["what"]
    assert breach["index"] == len(everybody()) + len(events) - 1


def test_an_admin_can_not_approve_their_own_passkey(folder: Folder, capsys: Any) -> None:
    mine = registered("ada", SECOND, "approved")
    events = [*ADMINS, mine, approved("ada", mine, ADA), approved("eve", mine, EVE), *asked()]
    assert [one["what"] for one in found(folder, capsys, *events)] == [
        "approves a passkey by p-ada, who is not another admin"
    ]


def test_what_is_registered_against_the_rules_decides_nothing(folder: Folder, capsys: Any) -> None:
    events = [FIRST, registered("ben", SECOND), *asked(), signed("ben", SECOND)]
    assert [one["rule"] for one in found(folder, capsys, *events)] == [
        "passkeys-trusted",
        "signed-by-passkey",
    ]


def written(folder: Folder, *events: Event) -> Folder:
    append_all(folder, [*everybody(), *events])
    return folder


def proven(folder: Folder, capsys: Any) -> dict[str, Any]:
    file = folder.path / "decision.json"
    assert run(capsys, "prove", "a", folder.path, "--key", key_of(folder), "--out", file)[0] == 0
    return dict(json.loads(file.read_bytes()))


def checked(folder: Folder, capsys: Any, document: dict[str, Any]) -> tuple[int, str]:
    (folder.path / "given.json").write_text(json.dumps(document))
    code, out, _ = run(capsys, "check", folder.path / "given.json", "--key", key_of(folder))
    return code, " ".join(out.split())


def test_the_file_for_a_judge_says_whose_passkey_signed_and_why_it_is_theirs(
    folder: Folder, capsys: Any
) -> None:
    code, told = checked(folder, capsys, proven(written(folder, *WELL["signed with a second one"]), capsys))
    assert code == 0
    assert f"is signed with the passkey of person p-ben ({SECOND.credential[:12]}…)" in told
    assert "and a passkey that they had before signed for it" in told
    assert "no operator, no database and no administrator" in told
    assert "rests on there being no other entry" in told


def test_it_carries_what_the_approving_admins_are_known_by(folder: Folder, capsys: Any) -> None:
    events = [registered("cai", CAI), *WELL["after a loss, approved by two admins"]]
    document = proven(written(folder, *events), capsys)
    about = [json.loads(one["event"])["holder"] for one in document["passkeys"]]
    assert set(about) == {"person:p-ben", "person:p-ada", "person:p-eve"}
    code, told = checked(folder, capsys, document)
    assert code == 0
    assert "approved it, each with a passkey of their own: person p-ada and person p-eve" in told


def test_watch_counts_how_passkeys_are_trusted_and_names_those_that_admins_approved(
    folder: Folder, capsys: Any
) -> None:
    written(folder, *WELL["after a loss, approved by two admins"])
    _, out, _ = run(capsys, "watch", folder.path, "--key", key_of(folder))
    assert (
        "passkeys    3 taken on trust, 0 signed for by an older one, 1 approved by two admins (registered in 12)"
        in out
    )


@pytest.mark.parametrize("left_out", range(7))
def test_nothing_that_makes_a_passkey_theirs_can_be_left_out_of_it(
    folder: Folder, capsys: Any, left_out: int
) -> None:
    document = proven(written(folder, *WELL["after a loss, approved by two admins"]), capsys)
    needed = [
        place
        for place, one in enumerate(document["passkeys"])
        if json.loads(one["event"])["type"] in ("passkey.registered", "passkey.approved")
        or json.loads(one["event"]).get("roles") == ["admin"]
    ]
    first_of_ben = next(
        place for place in needed if json.loads(document["passkeys"][place]["event"]).get("trust") == "first"
    )
    needed.remove(first_of_ben)  # the lost one: what follows does not rest on it
    assert len(needed) == 7
    del document["passkeys"][needed[left_out]]
    code, told = checked(folder, capsys, document)
    assert code == 1
    assert "do not rely on it" in told


def test_what_somebody_else_tried_with_their_passkeys_does_not_undo_their_decision(
    folder: Folder, capsys: Any
) -> None:
    events = [FIRST, registered("ben", SECOND), *asked(), signed("ben", BEN), accepted()]
    code, told = checked(folder, capsys, proven(written(folder, *events), capsys))
    assert code == 0
    assert "is signed with the passkey of person p-ben" in told
    assert "Disregarded: event 9: takes a passkey of p-ben on trust, who had registered one before." in told


def test_a_signed_decision_without_its_request_is_not_told_as_proven(folder: Folder, capsys: Any) -> None:
    document = proven(written(folder, *WELL["signed with the first passkey"]), capsys)
    del document["events"][0]
    code, told = checked(folder, capsys, document)
    assert code == 1
    assert "for a request that the file leaves out" in told


CHROMIUMS = load("signed_decision")


def test_what_a_browser_signed_is_these_bytes_and_proven_for_good() -> None:
    proof = decode_file(json.dumps(CHROMIUMS["decision"]).encode())
    found = check(proof, [Verifier.parse(CHROMIUMS["key"])])
    assert found.ok
    [signed] = found.signed
    events = {shown.event["type"]: shown.event for shown in found.shown}
    commitments = {**events["advice.requested"]["commitments"], **events["advice.received"]["commitments"]}
    caveats = [one["id"] for one in events["advice.received"]["caveats"]]
    to_sign = decision_to_sign(proof.origin, events["decision.recorded"], commitments, caveats)
    assert to_sign.decode() == CHROMIUMS["to_sign"]
    signature = events["decision.recorded"]["signature"]
    challenge = json.loads(unb64(signature["client_data"]))["challenge"]
    assert unb64(challenge) == hashlib.sha256(to_sign).digest()
    verify_signature(signature, to_sign, signed.passkey.key)


KEYS: dict[str, Callable[[], Any]] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "RS256": lambda: rsa.generate_private_key(65_537, 2_048),
}


@pytest.mark.parametrize("kind", KEYS)
def test_each_kind_of_key_signs_and_no_bit_can_be_changed(kind: str) -> None:
    soft = SoftPasskey(KEYS[kind]())
    key = Passkey.of(registered("ben", soft))
    signature = soft.sign(b"{}")
    verify_signature(signature, b"{}", key)
    for name in ("client_data", "authenticator_data", "signature"):
        text = signature[name]
        place = len(text) // 2
        other_letter = "A" if text[place] != "A" else "B"
        with pytest.raises(SignatureInvalid):
            verify_signature({**signature, name: text[:place] + other_letter + text[place + 1 :]}, b"{}", key)
    with pytest.raises(SignatureInvalid, match="something else"):
        verify_signature(signature, b"{ }", key)


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65_537, 1_024), ec.generate_private_key(ec.SECP384R1())],
    ids=["RSA-1024", "P-384"],
)
def test_a_key_that_is_too_weak_or_unknown_is_none(key: Any) -> None:
    with pytest.raises(SignatureInvalid, match="not of its algorithm"):
        Passkey.of(registered("ben", SoftPasskey(key)))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-300, 300)
    | st.text(max_size=8)
    | st.sampled_from([BEN.credential, "first", "signed_by", "approved", "person:p-ben", -7]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["credential", "client_data", "signature"]), inner, max_size=3)
    ),
    max_leaves=6,
)
MEMBERS = (
    "actor",
    "holder",
    "credential",
    "public_key",
    "algorithm",
    "rp_id",
    "origin",
    "trust",
    "signature",
    "roles",
)
TYPES = ("passkey.registered", "passkey.approved", "passkey.revoked", "key.created", "decision.recorded")


@given(
    st.lists(
        st.fixed_dictionaries({"type": st.sampled_from(TYPES)}, optional=dict.fromkeys(MEMBERS, VALUES)),
        max_size=4,
    )
)
def test_whatever_stands_in_an_event_about_passkeys_is_a_finding_or_nothing(events: list[Event]) -> None:
    record = Record(ORIGIN)
    for index, event in enumerate([FIRST, *asked(), *events]):
        told = {"advice": "a", **event}
        for rule in (SignedByPasskey(), PasskeysTrusted()):
            assert all(isinstance(what, str) for what in rule.broken(index, told, record))
        record.take(index, told)
