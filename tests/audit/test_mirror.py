"""A mirror holds what the log signed, goes on where it stopped, and reports a log that contradicts itself."""

import json
import shutil
from base64 import b64decode
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.audit_errors import Unreadable
from audit.checkpoint import open_checkpoint
from audit.merkle import verify_consistency
from audit.mirror import Fork, RolledBack, Tree, follow
from audit.note import Verifier
from audit.signer import Signer
from audit.sources import TileDamaged, open_source
from audit.tiles import parse_path
from tests.audit.conftest import Folder
from tests.audit.logs import files, forged, grow, key_of, mirrored, run, served


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("written") / "data").begin()
    grow(folder, 600)
    return folder


@pytest.fixture
def log(written, tmp_path) -> Folder:
    shutil.copytree(written.path, tmp_path / "data")
    return Folder(tmp_path / "data")


@pytest.mark.parametrize("sizes", [[0], [1], [255], [256], [257], [1, 255, 1, 255, 1, 600]])
def test_a_mirror_verifies_at_every_size_and_holds_the_same_entries(folder, tmp_path, capsys, sizes):
    total = 0
    for size in sizes:
        grow(folder, size) if size else folder.write(0)
        total += size
        mirrored(folder, tmp_path / "mirror")
        code, out, _ = run(capsys, "verify", tmp_path / "mirror", "--key", key_of(folder))
        assert code == 0, out
        assert f"All {total} events are as they were signed." in out


def test_each_file_is_the_tile_of_its_name_and_no_partial_outlives_its_full_tile(log, tmp_path):
    mirrored(log, tmp_path / "mirror")
    grow(log, 200)
    mirrored(log, tmp_path / "mirror")
    found = files(tmp_path / "mirror")
    tiles = [parse_path(name) for name in found if name.startswith("tile/")]
    assert {tile.path() for tile in tiles} == {
        "tile/0/000", "tile/0/001", "tile/0/002", "tile/0/003.p/32", "tile/1/000.p/2", "tile/1/000.p/3",
        "tile/entries/000", "tile/entries/001", "tile/entries/002", "tile/entries/003.p/32",
    }  # fmt: skip
    for tile in tiles:
        if tile.level is not None:
            assert len(found[tile.path()]) == 32 * tile.width


def test_from_the_web_from_a_folder_and_from_another_mirror_comes_the_same(log, tmp_path):
    first = mirrored(log, tmp_path / "first")
    with served(first) as url:
        for name, where in (("second", url), ("third", str(first))):
            with closing(open_source(where)) as source, closing(Tree(tmp_path / name)) as tree:
                follow(source, tree, [Verifier.parse(key_of(log))])
            assert files(tmp_path / name) == files(first)


def test_it_fetches_only_what_is_new(log, tmp_path, monkeypatch):
    mirrored(log, tmp_path / "mirror")
    grow(log, 10)
    asked: list[str] = []
    source = open_source(str(log.path))
    tile = source.tile
    monkeypatch.setattr(source, "tile", lambda one: (asked.append(one.path()), tile(one))[1])
    with closing(source), closing(Tree(tmp_path / "mirror")) as tree:
        follow(source, tree, [Verifier.parse(key_of(log))])
    assert "tile/entries/002.p/98" in asked
    assert not [path for path in asked if path.startswith(("tile/entries/000", "tile/entries/001"))]


def test_what_a_crash_left_is_checked_and_used_again(log, tmp_path, monkeypatch):
    mirror = mirrored(log, tmp_path / "mirror")
    (mirror / "checkpoint").unlink()
    (mirror / "tile/entries/001").write_bytes(b"half")
    asked: list[str] = []
    source = open_source(str(log.path))
    tile = source.tile
    monkeypatch.setattr(source, "tile", lambda one: (asked.append(one.path()), tile(one))[1])
    with closing(source), closing(Tree(mirror)) as tree:
        follow(source, tree, [Verifier.parse(key_of(log))])
    assert "tile/entries/000" not in asked
    assert "tile/entries/001" in asked
    assert files(mirror) == files(mirrored(log, tmp_path / "other"))


def damage(folder, name: str, at: int = 0) -> None:
    raw = bytearray((folder / name).read_bytes())
    raw[at % len(raw)] ^= 1
    (folder / name).write_bytes(bytes(raw))


@pytest.mark.parametrize(
    "name",
    ["tile/entries/000", "tile/entries/002.p/88", "tile/0/002.p/88", "tile/1/000.p/2"],
)
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_a_source_whose_files_do_not_belong_to_its_checkpoint_is_not_followed(log, tmp_path, name, how):
    source = mirrored(log, tmp_path / "source")
    if how == "changed":
        damage(source, name, 40)
    elif how == "cut":
        (source / name).write_bytes((source / name).read_bytes()[:-1])
    else:
        (source / name).unlink()
    with closing(open_source(str(source))) as opened, closing(Tree(tmp_path / "mirror")) as tree:
        with pytest.raises(TileDamaged) as caught:
            follow(opened, tree, [Verifier.parse(key_of(log))])
        assert name in str(caught.value)
        assert tree.checkpoint() is None


def test_the_command_says_so_and_exits_with_1(log, tmp_path, capsys):
    source = mirrored(log, tmp_path / "source")
    damage(source, "tile/entries/000", 40)
    code, out, _ = run(capsys, "mirror", source, tmp_path / "mirror", "--key", key_of(log))
    assert code == 1
    assert out.startswith("tile/entries/000 does not belong to the checkpoint")


def test_a_checkpoint_that_the_log_did_not_sign_is_not_followed(log, tmp_path):
    source, other = mirrored(log, tmp_path / "source"), Signer.generate(log.signer.origin)
    with (
        closing(open_source(str(source))) as opened,
        closing(Tree(tmp_path / "mirror")) as tree,
        pytest.raises(Unreadable),
    ):
        follow(opened, tree, [other.verifier])


def test_a_log_that_changes_its_key_is_followed_with_both(log, tmp_path, capsys):
    mirror = tmp_path / "mirror"
    old, new = log.signer, Signer.generate(log.signer.origin)
    assert run(capsys, "mirror", log.path, mirror, "--key", old.verifier_key)[0] == 0
    for signer in (old.with_beside(new), new):
        signer.replace(log.path / "log.key")
        (log.path / "log.vkey").write_text(f"{old.verifier_key}\n{new.verifier_key}\n")
        grow(log, 5)
        both = ("--key", old.verifier_key, "--key", new.verifier_key)
        assert run(capsys, "mirror", log.path, mirror, *both)[0] == 0
        for where in (log.path, mirror):
            assert run(capsys, "verify", where, *both)[0] == 0
    code, out, _ = run(capsys, "verify", log.path, "--key", old.verifier_key)
    assert (code, "checkpoint 610: can't be relied on" in out) == (1, True)


class TestContradictions:
    @pytest.fixture
    def entries(self, log) -> list[bytes]:
        return [row[0].encode() for row in log.rows("SELECT event FROM events ORDER BY idx")]

    def contradiction(self, log, other, tmp_path, capsys):
        mirror = mirrored(log, tmp_path / "mirror")
        before = files(mirror)
        code, out, _ = run(capsys, "mirror", other.path, mirror, "--key", key_of(log))
        assert code == 3
        [evidence] = (mirror / "evidence").iterdir()
        assert str(evidence) in out
        assert {name: raw for name, raw in files(mirror).items() if "evidence" not in name} == before
        return out, evidence

    def notes(self, log, evidence):
        key = log.signer.verifier
        return [
            open_checkpoint((evidence / name).read_bytes(), [key], key.name)[0]
            for name in ("checkpoint.seen", "checkpoint.served")
        ]

    def test_two_roots_of_one_size_are_a_fork_and_both_notes_prove_it(self, log, entries, tmp_path, capsys):
        other = forged(log.signer, tmp_path / "other", [entries[0].replace(b"adv-1", b"adv-2"), *entries[1:]])
        out, evidence = self.contradiction(log, other, tmp_path, capsys)
        seen, served_one = self.notes(log, evidence)
        assert "forked" in out
        assert seen.size == served_one.size == 600
        assert seen.root != served_one.root

    def test_a_longer_log_with_another_past_is_a_fork_and_a_proof_ties_it_to_that_past(
        self, log, entries, tmp_path, capsys
    ):
        other = forged(log.signer, tmp_path / "other", [*entries[:-1], entries[0], *entries[:50]])
        _, evidence = self.contradiction(log, other, tmp_path, capsys)
        seen, newer = self.notes(log, evidence)
        proof = json.loads((evidence / "evidence.json").read_text())["proof"]
        prefix = b64decode(proof["root_at_smaller_size"])
        hashes = [b64decode(one) for one in proof["consistency"]]
        assert prefix != seen.root
        assert verify_consistency(seen.size, prefix, newer.size, newer.root, hashes)

    def test_a_shorter_log_is_a_roll_back(self, log, entries, tmp_path, capsys):
        other = forged(log.signer, tmp_path / "other", entries[:500])
        out, evidence = self.contradiction(log, other, tmp_path, capsys)
        seen, served_one = self.notes(log, evidence)
        assert "rolled back" in out
        assert (seen.size, served_one.size) == (600, 500)

    def test_verify_remembers_and_reports_a_fork_too(self, log, entries, tmp_path, capsys):
        kept = tmp_path / "last"
        assert run(capsys, "verify", log.path, "--remember", kept)[0] == 0
        grow(log, 3)
        assert run(capsys, "verify", log.path, "--remember", kept)[0] == 0
        other = forged(log.signer, tmp_path / "other", entries[:500])
        code, out, _ = run(capsys, "verify", other.path, "--remember", kept)
        assert code == 3
        assert "rolled back" in out
        assert [path.name for path in tmp_path.iterdir() if "evidence" in path.name] == ["last.evidence"]

    def test_errors_are_of_their_kind(self, log, entries, tmp_path):
        mirrored(log, tmp_path / "mirror")
        for name, content, kind in (("a", entries[:5], RolledBack), ("b", entries[::-1], Fork)):
            other = forged(log.signer, tmp_path / name, content)
            with (
                closing(open_source(str(other.path))) as source,
                closing(Tree(tmp_path / "mirror")) as tree,
                pytest.raises(kind),
            ):
                follow(source, tree, [log.signer.verifier])


def test_two_mirrors_never_write_to_one_folder(log, tmp_path, capsys):
    with closing(Tree(tmp_path / "mirror")):
        code, _, err = run(capsys, "mirror", log.path, tmp_path / "mirror")
    assert code == 2
    assert "another process writes" in err


@given(count=st.lists(st.integers(1, 300), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_however_a_log_grows_the_mirror_is_that_of_the_whole(tmp_path_factory, count):
    base = tmp_path_factory.mktemp("grown")
    folder = Folder(base / "data").begin()
    for number in count:
        grow(folder, number)
        mirrored(folder, base / "step by step")
    stepwise, at_once = files(base / "step by step"), files(mirrored(folder, base / "at once"))
    assert at_once.items() <= stepwise.items()
    assert all(".p/" in name for name in stepwise.keys() - at_once.keys())
