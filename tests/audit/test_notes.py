import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit import cosignature
from audit.audit_errors import NoteInvalid
from audit.checkpoint import Checkpoint, open_checkpoint, parse_body
from audit.note import Signature, Verifier, open_note, split
from audit.signer import Signer
from tests.audit.vectors import cases, load


def keys(vkeys: list[str]) -> list[Verifier]:
    return [Verifier.parse(vkey) for vkey in vkeys]


def signers() -> dict[str, Signer]:
    return {
        key["label"]: Signer(key["name"], bytes.fromhex(key["seed"]), key["type"])
        for key in load("notes")["keys"]
    }


def names(signatures: tuple[Signature, ...]) -> list[list[str]]:
    return [[signature.name, signature.key_id.hex()] for signature in signatures]


@cases("notes", "keys")
def test_key_id_and_verifier_key(case):
    signer = Signer(case["name"], bytes.fromhex(case["seed"]), case["type"])
    assert signer.verifier.public_key.hex() == case["public_key"]
    assert signer.verifier.key_id.hex() == case["key_id"]
    assert signer.verifier_key == case["vkey"]
    assert Verifier.parse(case["vkey"]) == signer.verifier


def test_ed25519_is_rfc_8032s():
    vector = load("notes")["ed25519"]
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["public_key"]))
    public.verify(bytes.fromhex(vector["signature"]), bytes.fromhex(vector["message"]))


@cases("notes", "sign")
def test_note_is_signed_byte_for_byte(case):
    text = bytes.fromhex(case["text_hex"])
    lines = [split(signers()[label].sign(text))[1][0].line() for label in case["signers"]]
    assert text + b"\n" + b"".join(lines) == bytes.fromhex(case["note_hex"])


@cases("notes", "sign_reject")
def test_text_that_is_no_note_is_not_signed(case):
    with pytest.raises(NoteInvalid):
        signers()["log"].sign(bytes.fromhex(case["text_hex"]))


@cases("notes", "accept")
def test_note_is_opened(case):
    opened = open_note(bytes.fromhex(case["note_hex"]), keys(case["trusted"]))
    assert opened.text.hex() == case["text_hex"]
    assert names(opened.verified) == case["verified"]
    assert names(opened.ignored) == case["ignored"]


@cases("notes", "reject")
def test_note_is_refused(case):
    with pytest.raises(NoteInvalid):
        open_note(bytes.fromhex(case["note_hex"]), keys(case["trusted"]))


@cases("notes", "vkeys_reject")
def test_verifier_key_is_refused(case):
    with pytest.raises(NoteInvalid):
        Verifier.parse(case["vkey"])


@cases("notes", "stricter_than_the_spec")
def test_second_spelling_of_a_verifier_key_is_refused(case):
    with pytest.raises(NoteInvalid):
        Verifier.parse(case["vkey"])


@cases("checkpoints", "accept")
def test_checkpoint_is_read_and_written(case):
    body = bytes.fromhex(case["body_hex"])
    found = parse_body(body)
    expected = Checkpoint(
        case["origin"], int(case["size"]), bytes.fromhex(case["root"]), tuple(case["extensions"])
    )
    assert found == expected
    assert found.body() == body


@cases("checkpoints", "reject")
def test_checkpoint_is_refused(case):
    with pytest.raises(NoteInvalid):
        parse_body(bytes.fromhex(case["body_hex"]))


@cases("checkpoints", "stricter_than_the_spec")
def test_checkpoint_that_the_spec_leaves_open_is_refused(case):
    with pytest.raises(NoteInvalid):
        parse_body(bytes.fromhex(case["body_hex"]))


@cases("checkpoints", "signed")
def test_signed_checkpoint_of_the_expected_log(case):
    note, trusted = bytes.fromhex(case["note_hex"]), keys(case["trusted"])
    if case["ok"]:
        assert open_checkpoint(note, trusted, case["origin"])[0].origin == case["origin"]
    else:
        with pytest.raises(NoteInvalid):
            open_checkpoint(note, trusted, case["origin"])


@cases("cosignatures", "make")
def test_cosignature_is_made_byte_for_byte(case):
    trusted = Verifier.parse(case["signer"])
    witness = Signer(trusted.name, bytes.fromhex(case["seed"]), cosignature.COSIGNATURE)
    body, time = bytes.fromhex(case["body_hex"]), int(case["time"])
    assert witness.verifier == trusted
    assert cosignature.signed_message(time, body).hex() == case["message_hex"]
    made = witness.cosign(body, time)
    assert made.field.hex() == case["timestamped_signature_hex"]
    assert made.line().rstrip(b"\n") == bytes.fromhex(case["line_hex"]).rstrip(b"\n")


def test_published_cosignature_is_read():
    case = load("cosignatures")["published_example"]
    body = bytes.fromhex(case["body_hex"])
    _, [found] = split(body + b"\n" + f"— {case['name']} {case['base64']}\n".encode())
    assert found.name == case["name"]
    assert found.key_id.hex() == case["key_id"]
    assert cosignature.split(found.field)[0] == int(case["time"])


@cases("cosignatures", "accept")
def test_cosigned_checkpoint_is_opened(case):
    opened = open_note(bytes.fromhex(case["note_hex"]), keys(case["trusted"]))
    assert names(opened.verified) == case["verified"]
    assert names(opened.ignored) == case["ignored"]


@cases("cosignatures", "reject")
def test_cosignature_is_refused(case):
    with pytest.raises(NoteInvalid):
        open_note(bytes.fromhex(case["note_hex"]), keys(case["trusted"]))


def test_a_checkpoint_that_only_a_witness_signed_is_not_the_logs():
    case = next(c for c in load("cosignatures")["accept"] if c["why"].startswith("witness only"))
    with pytest.raises(NoteInvalid, match="not signed by its log"):
        open_checkpoint(bytes.fromhex(case["note_hex"]), keys(case["trusted"]), "countersign.example/log")


def test_key_of_one_kind_does_not_do_the_others_work():
    seed = hashlib.sha256(b"test").digest()
    with pytest.raises(NoteInvalid):
        Signer("witness.example/w", seed, cosignature.COSIGNATURE).sign(b"text\n")
    with pytest.raises(NoteInvalid):
        Signer("countersign.example/log", seed).cosign(b"text\n", 1)


def test_a_saved_key_is_the_same_key_and_only_the_owners_to_read(tmp_path):
    signer = Signer.generate("countersign.example/log")
    path = tmp_path / "log.key"
    signer.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Signer.load(path).verifier_key == signer.verifier_key
    assert Signer.load(path).sign(b"text\n") == signer.sign(b"text\n")


def test_keys_that_sign_beside_each_other_are_saved_together_and_both_sign(tmp_path):
    first, second = (Signer.generate("countersign.example/log") for _ in range(2))
    first.save(tmp_path / "log.key")
    first.with_beside(second).replace(tmp_path / "log.key")
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
    both = Signer.load(tmp_path / "log.key")
    assert both.verifiers == [first.verifier, second.verifier]
    note = both.sign(b"text\n")
    for verifier in both.verifiers:
        assert open_note(note, [verifier]).text == b"text\n"
    assert len(open_note(note, both.verifiers).verified) == 2
    second.replace(tmp_path / "log.key")
    assert Signer.load(tmp_path / "log.key").verifiers == [second.verifier]
    assert [path.name for path in tmp_path.iterdir()] == ["log.key"]


def test_a_key_is_never_saved_over_another(tmp_path):
    Signer.generate("countersign.example/log").save(tmp_path / "log.key")
    before = (tmp_path / "log.key").read_bytes()
    with pytest.raises(FileExistsError):
        Signer.generate("countersign.example/log").save(tmp_path / "log.key")
    assert (tmp_path / "log.key").read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"PRIVATE+KEY+", b"PRIVATE+KEY+a+00000000+AAAA\n"])
def test_a_damaged_key_file_is_refused_without_repeating_it(tmp_path, damage):
    (tmp_path / "log.key").write_bytes(damage)
    with pytest.raises(NoteInvalid) as caught:
        Signer.load(tmp_path / "log.key")
    assert "AAAA" not in str(caught.value)


def test_a_signer_never_shows_its_private_key():
    signer = Signer.generate("countersign.example/log")
    assert repr(signer) == f"Signer({signer.verifier_key!r})"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2028b"])
def test_an_origin_that_no_note_could_hold_is_refused(name):
    with pytest.raises(NoteInvalid):
        Signer.generate(name)


class TestMlDsa:
    """Cosignatures of type 0x06 (C2SP tlog-cosignature, ML-DSA-44 signed message)."""

    BODY = Checkpoint("log.example/a", 5, bytes(range(32))).body()

    @pytest.fixture
    def witness(self) -> Signer:
        return Signer.generate("w.example/m", cosignature.ML_DSA)

    def test_what_is_signed_byte_for_byte(self):
        assert cosignature.subtree_message("w.example/m", 7, self.BODY) == (
            b"subtree/v1\n\x00"
            + b"\x0bw.example/m"
            + (7).to_bytes(8, "big")
            + b"\x0dlog.example/a"
            + bytes(8)
            + (5).to_bytes(8, "big")
            + bytes(range(32))
        )

    def test_made_and_read(self, witness):
        line = witness.cosign(self.BODY, 1_800_000_000)
        assert len(line.field) == 8 + 2420
        opened = open_note(self.BODY + b"\n" + line.line(), [witness.verifier])
        assert len(opened.verified) == 1

    def test_another_name_time_or_checkpoint_does_not_hold(self, witness):
        field = witness.cosign(self.BODY, 1_800_000_000).field
        other = Verifier("w.example/n", cosignature.ML_DSA, witness.verifier.public_key)
        assert witness.verifier.accepts(self.BODY, field)
        assert not other.accepts(self.BODY, field)
        assert not witness.verifier.accepts(self.BODY, (7).to_bytes(8, "big") + field[8:])
        assert not witness.verifier.accepts(Checkpoint("log.example/a", 6, bytes(range(32))).body(), field)
        assert not witness.verifier.accepts(b"text\n", field)
        assert not witness.verifier.accepts(self.BODY, field[:-1])

    def test_keys_are_saved_and_published_as_others_are(self, witness, tmp_path):
        witness.save(tmp_path / "key")
        assert Signer.load(tmp_path / "key").verifier == witness.verifier
        assert Verifier.parse(witness.verifier_key) == witness.verifier
        assert (
            hashlib.sha256(b"w.example/m\n\x06" + witness.verifier.public_key).digest()[:4]
            == witness.verifier.key_id
        )

    @pytest.mark.parametrize("length", [0, 32, 1311, 1313])
    def test_a_key_of_another_length_is_none(self, length):
        with pytest.raises(NoteInvalid):
            Verifier("w.example/m", cosignature.ML_DSA, bytes(length))

    def test_a_name_that_is_too_long_signs_nothing(self):
        with pytest.raises(NoteInvalid):
            cosignature.subtree_message("w" * 256, 7, self.BODY)
