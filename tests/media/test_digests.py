"""One read, every seal; a file that changes under the read has none."""

from __future__ import annotations

import hashlib
import os

import blake3
import pytest

from answerprint.media import MediaError, digests

#: Of the six bytes "hello\\n": printed by ascmhl 1.2, md5sum and sha1sum.
GOLDEN = {
    "xxh64": "e4c191d091bd8853",
    "xxh128": "6bba86c7e069f56d5a10b435f1c8e49c",
    "md5": "b1946ac92492d2347c6235b4d2611184",
    "sha1": "f572d396fae9206628714fb2ce00f72e94f2258f",
}


def test_seals_are_those_of_other_tools(tmp_path):
    (tmp_path / "a").write_bytes(b"hello\n")
    assert dict(digests.read(tmp_path / "a", also=tuple(GOLDEN)).others) == GOLDEN


def test_c4_is_that_of_the_standard():
    """SMPTE ST 2114's own example: the C4 ID of nothing at all."""
    empty = "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT"
    assert digests.c4(hashlib.sha512(b"").digest()) == empty


@pytest.mark.parametrize("size", [0, 1, 2 * 2**20 - 1, 2 * 2**20, 5 * 2**20 + 3])
def test_pieces_make_the_seal_of_the_whole(tmp_path, size):
    raw = os.urandom(size)
    (tmp_path / "a").write_bytes(raw)
    steps = []
    sealed = digests.read(tmp_path / "a", also=("md5",), progress=steps.append)
    assert sealed.blake3 == "blake3:" + blake3.blake3(raw).hexdigest()
    assert sealed.others["md5"] == hashlib.md5(raw).hexdigest()
    assert sealed.size_bytes == size
    assert steps == sorted(steps)


@pytest.mark.parametrize("change", ["grows", "shrinks", "is replaced", "is rewritten", "goes"])
def test_a_file_that_changes_while_it_is_read_has_no_seal(tmp_path, change):
    path = tmp_path / "A001.mov"
    path.write_bytes(bytes(7 * 2**20))

    def meddle(done: float) -> None:
        if done > 0.5:
            return
        if change == "grows":
            with open(path, "ab") as file:
                file.write(b"more")
        elif change == "shrinks":
            os.truncate(path, 3 * 2**20)
        elif change == "is replaced":
            (tmp_path / "other").write_bytes(bytes(7 * 2**20))
            os.replace(tmp_path / "other", path)
        elif change == "is rewritten":
            os.utime(path, (1, 1))
        elif path.exists():
            os.remove(path)

    with pytest.raises(MediaError, match=r"A001\.mov (changed while|is not there)"):
        digests.read(path, progress=meddle)


def test_what_cannot_be_read_is_one_sentence(tmp_path):
    with pytest.raises(MediaError, match="not there"):
        digests.read(tmp_path / "gone")
    with pytest.raises(MediaError, match="folder"):
        digests.read(tmp_path)
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(MediaError, match="crc32"):
        digests.read(tmp_path / "a", also=("crc32",))


def test_names_that_are_not_text_are_read(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\n'.mov")
    path.write_bytes(b"x")
    assert digests.read(path).size_bytes == 1
