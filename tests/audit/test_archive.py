"""The whole log in one file: what stands in it is the mirror's files, and every command reads it in its place."""

import random
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from audit import archive_log
from tests.audit.conftest import Folder
from tests.audit.logs import files, grow, key_of, mirrored, run
from tests.unpacking import unpack

SIZES = (0, 1, 255, 256, 257, 700)


@pytest.fixture(scope="module", params=SIZES)
def log(request, tmp_path_factory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("archived") / "data").begin()
    if request.param:
        grow(folder, request.param)
    else:
        folder.write(0)
    return folder


def archived(folder: Folder, into: Path) -> Path:
    with closing(folder.open()) as log:
        pieces: Iterator[bytes] = archive_log(log.checkpoint(), None, f"{key_of(folder)}\n", log.tile)
        into.write_bytes(b"".join(pieces))
    return into


def test_it_holds_the_files_of_a_mirror_in_an_ordinary_archive(log, tmp_path):
    with tarfile.open(archived(log, tmp_path / "log.tar")) as members:
        unpack(members, tmp_path / "unpacked")
        assert members.getnames()[-1] == "checkpoint"
    assert files(tmp_path / "unpacked") == files(mirrored(log, tmp_path / "mirror"))


def test_it_is_verified_watched_and_mirrored_as_it_is(log, tmp_path, capsys):
    archive, key = archived(log, tmp_path / "log.tar"), key_of(log)
    code, out, _ = run(capsys, "verify", archive, "--key", key)
    assert code == 0, out
    assert "events are as they were signed." in out
    assert run(capsys, "watch", archive, "--key", key)[0] in (0, 1)  # these are no events of a gateway
    assert run(capsys, "mirror", archive, tmp_path / "copy", "--key", key)[0] == 0
    assert files(tmp_path / "copy") == files(mirrored(log, tmp_path / "mirror"))


def test_one_that_was_cut_short_is_told_from_a_whole_one(log, tmp_path, capsys):
    whole = archived(log, tmp_path / "log.tar").read_bytes()
    end = whole.index(b"checkpoint\0")
    for length in {end, end + 600, random.Random(1).randrange(512, end)}:
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        code, _, said = run(capsys, "verify", tmp_path / "cut.tar", "--key", key_of(log))
        assert code == 2
        assert "download it again" in said


@pytest.mark.parametrize("log", [700], indirect=True)
def test_a_byte_that_was_changed_in_it_is_found(log, tmp_path, capsys):
    archive = archived(log, tmp_path / "log.tar")
    with tarfile.open(archive) as members:
        place = members.getmember("tile/entries/001").offset_data + 30
    changed = bytearray(archive.read_bytes())
    changed[place] ^= 1
    archive.write_bytes(changed)
    code, out, _ = run(capsys, "verify", archive, "--key", key_of(log))
    assert code == 1
    assert "256" in out
