"""One decision in one file: what it proves, in words, and that no change to it goes unseen."""

import json
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import describe_event
from audit.audit_errors import FormatInvalid, NoteInvalid, Unreadable
from audit.checkpoint import open_checkpoint
from audit.merkle import leaf_hash
from audit.note import Verifier
from audit.proofs import (
    TlogProof,
    check,
    decode_file,
    decode_proof,
    encode_file,
    encode_proof,
    explain,
    gather,
)
from audit.proofs.tlog_proof import open_proof
from audit.sources import open_source
from tests.audit.conftest import Folder
from tests.audit.logs import grow, key_of, mirrored, run
from tests.audit.test_watch import decided_well
from tests.audit.vectors import load

LOG = load("worked_log")
ENTRY = LOG["entries"][2].encode()
TEXT = LOG["tlog_proof_entry_2"]
KEYS = [Verifier.parse(LOG["vkeys"]["log"])]
ORIGIN = "countersign.example/log"


class TestTlogProof:
    def test_the_worked_logs_proof_is_read_holds_and_is_written_the_same(self):
        proof = decode_proof(TEXT)
        assert proof.index == 2
        assert open_proof(proof, leaf_hash(ENTRY), KEYS, ORIGIN).size == 260
        assert encode_proof(proof) == TEXT

    def test_extra_data_is_kept_and_not_relied_on(self):
        proof = decode_proof(TEXT)
        more = TlogProof(proof.index, proof.path, proof.note, extra=b"anything")
        assert decode_proof(encode_proof(more)) == more
        assert open_proof(more, leaf_hash(ENTRY), KEYS, ORIGIN).size == 260

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
            ("index 2\n", ""),
            ("index 2\n", "index 02\n"),
            ("index 2\n", "index -2\n"),
            ("index 2\n", "index ٢\n"),
            ("index 2\n", "index 9223372036854775808\n"),
            ("index 2\n", "extra !\nindex 2\n"),
            ("index 2\n", "index 2\nAAAA\n"),
            ("index 2\n", "index 2\nextra AAAA\n"),
            ("\n\n", "\n"),
        ],
    )
    def test_other_spellings_are_refused(self, old, new):
        with pytest.raises(NoteInvalid):
            open_proof(decode_proof(TEXT.replace(old, new, 1)), leaf_hash(ENTRY), KEYS, ORIGIN)

    @pytest.mark.parametrize("index", [0, 1, 3, 258, 2**62])
    def test_of_another_place_it_proves_nothing(self, index):
        proof = decode_proof(TEXT)
        with pytest.raises(NoteInvalid):
            open_proof(TlogProof(index, proof.path, proof.note), leaf_hash(ENTRY), KEYS, ORIGIN)

    def test_nor_of_another_entry(self):
        with pytest.raises(NoteInvalid):
            open_proof(decode_proof(TEXT), leaf_hash(ENTRY + b" "), KEYS, ORIGIN)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("written") / "data").begin()
    grow(folder, 250)
    log = folder.open()
    for event in decided_well("adv-7"):
        log.submit(lambda transaction, event=event: transaction.append(event)).result()
    log.close()
    grow(folder, 300)
    return folder


@pytest.fixture(scope="module")
def file(written) -> bytes:
    with closing(open_source(str(written.path))) as source:
        return encode_file(gather(source, "adv-7", [written.signer.verifier]))


def test_from_data_folder_and_mirror_comes_the_same_file(written, file, tmp_path, capsys):
    mirror = mirrored(written, tmp_path / "mirror")
    code, _, _ = run(capsys, "prove", "adv-7", mirror, "--key", key_of(written), "--out", tmp_path / "one")
    assert code == 0
    assert (tmp_path / "one").read_bytes() == file


def test_each_event_is_proven_and_told_in_words(written, file):
    checked = check(decode_file(file), [written.signer.verifier])
    told = "\n".join(explain(checked))
    assert checked.ok
    assert [shown.event["type"] for shown in checked.shown] == [
        "advice.requested",
        "advice.received",
        "advice.shown",
        "view.recorded",
        "decision.recorded",
        "advice.accepted",
        "advice.released",
    ]
    for words in (
        "The application casebook asked for person p-ana",
        "must be accepted before it may be used",
        "1 PERSON",
        "This is advice.",
        "Person p-ben recorded their own view.",
        "Person p-ben accepted the advice.",
        "The application casebook received the accepted advice",
        "What this file does not show",
        "No witness's key was given",
    ):
        assert words in told.replace("\n    ", " "), words


def test_each_proof_in_it_is_a_c2sp_tlog_proof(written, file):
    for event in json.loads(file)["events"]:
        proof = decode_proof(event["proof"])
        assert event["proof"].startswith("c2sp.org/tlog-proof@v1\n")
        checkpoint, _ = open_checkpoint(proof.note, [written.signer.verifier], ORIGIN)
        assert (
            open_proof(proof, leaf_hash(event["event"].encode()), [written.signer.verifier], ORIGIN)
            == checkpoint
        )


def test_an_advice_that_the_log_does_not_know(written, capsys):
    code, _, err = run(capsys, "prove", "adv-nobody", written.path, "--key", key_of(written))
    assert code == 2
    assert "no event about this advice" in err


def test_a_damaged_mirror_proves_nothing(written, tmp_path):
    mirror = mirrored(written, tmp_path / "mirror")
    raw = bytearray((mirror / "tile/0/001").read_bytes())
    raw[40] ^= 1
    (mirror / "tile/0/001").write_bytes(raw)
    with closing(open_source(str(mirror))) as source, pytest.raises(Unreadable, match="verify"):
        gather(source, "adv-7", [written.signer.verifier])


def altered(file: bytes, change) -> bytes:
    document = json.loads(file)
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("an event left out is not seen, and the text says so", lambda d: d["events"].pop(2)),
        ("two events swapped", lambda d: d["events"].__setitem__(slice(0, 2), d["events"][1::-1])),
        ("an event twice", lambda d: d["events"].append(d["events"][-1])),
        ("another advice", lambda d: d.update(advice="adv-1")),
        ("another log", lambda d: d.update(origin="other.example/log")),
        (
            "a decision turned round",
            lambda d: d["events"][4].update(event=d["events"][4]["event"].replace("accept", "reject")),
        ),
        ("no events", lambda d: d.update(events=[])),
        ("another format", lambda d: d.update(format="countersign-decision/v2")),
        ("an event that is none", lambda d: d["events"].insert(0, 5)),
        ("a proof that is none", lambda d: d["events"][0].update(proof="")),
    ],
)
def test_changed_files(written, file, tmp_path, capsys, what, change):
    (tmp_path / "one").write_bytes(altered(file, change))
    code, out, _ = run(capsys, "check", tmp_path / "one", "--key", key_of(written))
    if what.startswith("an event left out"):
        assert code == 0
        assert "that there is no further entry" in out.replace("\n    ", " ")
    else:
        assert code == 1
        assert "do not rely on it" in out


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_byte_of_the_file_changes_what_it_says_unseen(written, file, data):
    at = data.draw(st.integers(0, len(file) - 1))
    changed = file[:at] + bytes([file[at] ^ data.draw(st.integers(1, 255))]) + file[at + 1 :]
    try:
        checked = check(decode_file(changed), [written.signer.verifier])
    except FormatInvalid:
        return
    if checked.ok:
        original = check(decode_file(file), [written.signer.verifier])
        assert [one.event for one in checked.shown] == [one.event for one in original.shown]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    for content in (raw, b'{"format":"countersign-decision/v1",' + raw + b"}"):
        try:
            decode_file(content)
        except FormatInvalid:
            continue


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "Before anything left, personal data was replaced: 1 PERSON."),
        ({"leaves": False, "redactions": {}}, "by a model within the gateway: nothing left."),
    ],
)
def test_a_request_for_embeddings_in_words(more, told):
    event = {
        "type": "embedding.requested",
        "actor": "application:casebook",
        "policy": {"id": "notes", "version": "a" * 64},
        "inputs": 2,
        "leaves": True,
        "redactions": {"PERSON": 1},
        **more,
    }
    words = describe_event(event)
    assert words.startswith("The application casebook asked for vectors of 2 texts under the policy “notes”")
    assert words.endswith(told)
