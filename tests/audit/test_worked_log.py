"""A log of 260 events from end to end (`vectors/worked_log.json`), and ten ways of tampering with it."""

import hashlib
from base64 import b64decode

import pytest

from audit import verify_consistency, verify_directory, verify_inclusion
from audit.audit_errors import EventInvalid, NoteInvalid
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.events import decode_event
from audit.merkle import Frontier, leaf_hash, node_hash
from audit.note import Verifier, open_note
from audit.tiles import decode_tile, encode_bundle, parse_path
from tests.audit.test_merkle import Kept
from tests.audit.vectors import load

LOG = load("worked_log")
ORIGIN = "countersign.example/log"
ENTRIES = [entry.encode() for entry in LOG["entries"]]
LOG_KEY = Verifier.parse(LOG["vkeys"]["log"])
WITNESSES = [Verifier.parse(vkey) for vkey in LOG["vkeys"]["witnesses"]]
TAMPERED = {case["change"]: case for case in LOG["tampered"]}


def opened(note: str) -> Checkpoint:
    return open_checkpoint(note.encode(), [LOG_KEY, *WITNESSES], ORIGIN)[0]


def root(entries: list[bytes]) -> bytes:
    return Kept([leaf_hash(entry) for entry in entries]).frontier.root()


def tampered(beginning: str):
    return next(case for change, case in TAMPERED.items() if change.startswith(beginning))


def consistent(old: Checkpoint, new: Checkpoint, proof: list[str]) -> bool:
    hashes = [bytes.fromhex(h) for h in proof]
    return verify_consistency(old.size, old.root, new.size, new.root, hashes)


def first_bad(entries: list[bytes], tile: bytes) -> int | None:
    """The first entry that does not hash to its place in a level-0 tile."""
    pairs = zip(entries, decode_tile(tile, len(entries)), strict=True)
    return next((i for i, (entry, leaf) in enumerate(pairs) if leaf_hash(entry) != leaf), None)


class TestAsItIs:
    def test_leaf_hashes(self):
        assert [leaf_hash(entry).hex() for entry in ENTRIES] == LOG["leaf_hashes"]

    @pytest.mark.parametrize("size", [256, 260])
    def test_the_checkpoint_has_the_entries_root_and_three_signatures(self, size):
        note = LOG[f"checkpoint_{size}"]
        checkpoint = opened(note)
        assert (checkpoint.size, checkpoint.root) == (size, root(ENTRIES[:size]))
        assert len(open_note(note.encode(), [LOG_KEY, *WITNESSES]).verified) == 3

    def test_the_second_checkpoint_continues_the_first(self):
        old, new = opened(LOG["checkpoint_256"]), opened(LOG["checkpoint_260"])
        assert consistent(old, new, LOG["consistency_256_260"])

    @pytest.mark.parametrize("path", LOG["tiles_260"])
    def test_tiles(self, path):
        kept, tile = Kept([leaf_hash(entry) for entry in ENTRIES]), parse_path(path)
        hashes = [kept.node(8 * tile.level, 256 * tile.index + i) for i in range(tile.width)]
        assert b"".join(hashes).hex() == LOG["tiles_260"][path]
        assert decode_tile(bytes.fromhex(LOG["tiles_260"][path]), tile.width) == hashes

    @pytest.mark.parametrize("path", LOG["sha256_of_bundles_260"])
    def test_bundles(self, path):
        tile = parse_path(path)
        bundle = encode_bundle(ENTRIES[256 * tile.index : 256 * tile.index + tile.width])
        assert hashlib.sha256(bundle).hexdigest() == LOG["sha256_of_bundles_260"][path]

    def test_the_proof_of_entry_2_holds_under_its_checkpoint(self):
        head, _, note = LOG["tlog_proof_entry_2"].partition("\n\n")
        magic, index, *hashes = head.split("\n")
        checkpoint = opened(note)
        assert (magic, index) == ("c2sp.org/tlog-proof@v1", "index 2")
        proof = [b64decode(h, validate=True) for h in hashes]
        assert verify_inclusion(leaf_hash(ENTRIES[2]), 2, checkpoint.size, proof, checkpoint.root)


class TestTampered:
    def test_an_entry_turned_round_does_not_hash_to_its_tile(self):
        case = tampered("entry 2: the decision turned round, tiles unchanged")
        entries = [*ENTRIES[:2], case["entry"].encode(), *ENTRIES[3:256]]
        assert first_bad(entries, bytes.fromhex(LOG["tiles_260"]["tile/0/000"])) == case["first_bad_index"]

    def test_tiles_rebuilt_do_not_give_the_checkpoints_root(self):
        case = tampered("entry 2 turned round and every tile rebuilt")
        assert bytes.fromhex(case["root_260"]) != opened(LOG["checkpoint_260"]).root

    def test_a_rewrite_signed_with_the_real_key_is_inconsistent_with_an_older_checkpoint(self):
        case = tampered("entry 2 turned round, tiles rebuilt, and a new checkpoint")
        old, new = opened(LOG["checkpoint_256"]), opened(case["checkpoint_260"])
        assert not consistent(old, new, case["consistency_256_260"])

    def test_a_shortened_log_is_smaller_than_the_checkpoint_already_seen(self):
        case = tampered("the last 10 events dropped")
        old, new = opened(LOG["checkpoint_256"]), opened(case["checkpoint_250"])
        assert new.size < old.size
        assert not consistent(old, new, [])

    def test_a_split_view_is_two_roots_of_one_size(self):
        case = tampered("two different roots")
        one, other = opened(LOG["checkpoint_260"]), opened(case["checkpoint_260"])
        assert one.size == other.size
        assert not consistent(one, other, [])

    def test_an_entry_written_otherwise_is_not_canonical(self):
        case = tampered("entry 5 re-serialised")
        with pytest.raises(EventInvalid, match="canonical"):
            decode_event(case["entry"].encode())

    def test_a_flipped_bit_in_a_tile_is_found_at_its_entry(self):
        case = tampered("one bit of tile/0/000")
        tile = bytearray.fromhex(LOG["tiles_260"]["tile/0/000"])
        tile[40] ^= 1
        assert first_bad(ENTRIES[:256], bytes(tile)) == case["first_bad_index"]

    def test_a_replaced_tile_above_does_not_equal_the_hash_of_the_tile_below(self):
        tampered("tile/1/000.p/1 replaced")
        below = decode_tile(bytes.fromhex(LOG["tiles_260"]["tile/0/000"]), 256)
        while len(below) > 1:
            below = [node_hash(*pair) for pair in zip(below[::2], below[1::2], strict=True)]
        assert below[0].hex() == LOG["tiles_260"]["tile/1/000.p/1"]
        assert below[0] != opened(LOG["checkpoint_260"]).root

    def test_a_removed_cosignature_leaves_one_of_two(self):
        tampered("witness 1's cosignature line removed")
        lines = LOG["checkpoint_260"].splitlines(keepends=True)
        note = "".join(line for line in lines if "witness.example/w1" not in line)
        assert len(open_note(note.encode(), WITNESSES).verified) == 1
        with pytest.raises(NoteInvalid):
            open_note(note.encode(), WITNESSES[:1])

    def test_swapped_entries_are_found_at_the_first_of_them(self):
        case = tampered("entries 3 and 4 swapped")
        entries = [*ENTRIES[:3], ENTRIES[4], ENTRIES[3], *ENTRIES[5:256]]
        assert first_bad(entries, bytes.fromhex(LOG["tiles_260"]["tile/0/000"])) == case["first_bad_index"]


@pytest.fixture
def in_sqlite(folder):
    """The worked log as a gateway would hold it."""
    log = folder.open()
    log.close()
    (folder.path / "log.vkey").write_text(LOG["vkeys"]["log"])
    tree = Frontier()
    folder.change("DELETE FROM checkpoints")
    folder.change(
        *(("INSERT INTO events VALUES (?, ?)", (i, entry.decode())) for i, entry in enumerate(ENTRIES)),
        *(
            ("INSERT INTO hashes VALUES (?, ?)", (i, tree.append(leaf_hash(e))))
            for i, e in enumerate(ENTRIES)
        ),
        *(("INSERT INTO checkpoints VALUES (?, ?)", (n, LOG[f"checkpoint_{n}"])) for n in (256, 260)),
    )
    folder.checkpoint_file.write_text(LOG["checkpoint_260"])
    return folder


class TestInSqlite:
    # The worked log's times have no microseconds, which ours must have; nothing else is wrong with it.
    ONLY_TIMES = "events 0 to 259: has no time in the form of the log"

    def test_it_verifies_but_for_the_form_of_its_times(self, in_sqlite):
        report = verify_directory(in_sqlite.path)
        assert [str(finding) for finding in report.findings] == [self.ONLY_TIMES]
        assert report.checkpoint.root == opened(LOG["checkpoint_260"]).root

    def test_an_entry_turned_round_is_found(self, in_sqlite):
        case = tampered("entry 2: the decision turned round, tiles unchanged")
        in_sqlite.change(("UPDATE events SET event = ? WHERE idx = 2", (case["entry"],)))
        found = [str(finding) for finding in verify_directory(in_sqlite.path).findings]
        assert "event 2: bytes changed (leaf hash differs from the one recorded)" in found

    def test_a_rewrite_signed_with_the_real_key_is_bracketed_by_the_checkpoint_before(self, in_sqlite):
        turned = tampered("entry 2: the decision turned round, tiles unchanged")["entry"].encode()
        signed = tampered("entry 2 turned round, tiles rebuilt, and a new checkpoint")["checkpoint_260"]
        tree = Frontier()
        entries = [*ENTRIES[:2], turned, *ENTRIES[3:]]
        in_sqlite.change(
            "DELETE FROM hashes",
            ("UPDATE events SET event = ? WHERE idx = 2", (turned.decode(),)),
            *(
                ("INSERT INTO hashes VALUES (?, ?)", (i, tree.append(leaf_hash(e))))
                for i, e in enumerate(entries)
            ),
            ("UPDATE checkpoints SET note = ? WHERE size = 260", (signed,)),
        )
        in_sqlite.checkpoint_file.write_text(signed)
        assert opened(signed).root == tree.root()
        found = [str(finding) for finding in verify_directory(in_sqlite.path).findings]
        assert any("not what was signed" in line and "size 256" in line for line in found)
