"""Laws of copying: everything that is on the card, nothing twice, and nothing replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from answerprint.copying import CopyError, copy_medium


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_card_is_copied_whole_with_its_folders(tmp_path: Path) -> None:
    put(tmp_path / "CARD/CLIP/C0001.MP4", b"picture")
    put(tmp_path / "CARD/ascmhl/0001.mhl", b"paper")
    put(tmp_path / "CARD/.Trashes/old.MP4", b"gone")
    made = copy_medium(tmp_path / "CARD", tmp_path / "spot")
    assert [path.relative_to(tmp_path / "spot").as_posix() for path in made] == ["rushes/CARD/CLIP/C0001.MP4", "rushes/CARD/ascmhl/0001.mhl"]
    assert made[0].read_bytes() == b"picture"


def test_a_second_card_of_the_same_name_never_replaces_the_first(tmp_path: Path) -> None:
    first, second = put(tmp_path / "a/NO NAME/C0001.MP4", b"take one"), put(tmp_path / "b/NO NAME/C0001.MP4", b"take two")
    (kept,) = copy_medium(first.parent, tmp_path / "spot")
    with pytest.raises(CopyError, match=r"C0001.MP4: another file of this name"):
        copy_medium(second.parent, tmp_path / "spot")
    assert kept.read_bytes() == b"take one"
    assert copy_medium(first.parent, tmp_path / "spot") == [kept], "a copy that was stopped goes on"


def test_a_medium_that_is_one_file_is_copied(tmp_path: Path) -> None:
    (made,) = copy_medium(put(tmp_path / "SOUND/T001.wav", b"sound"), tmp_path / "spot")
    assert made == tmp_path / "spot/sound/SOUND/T001.wav"
    assert made.read_bytes() == b"sound"


def test_a_folder_that_cannot_be_read_stops_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "CARD/C0001.MP4", b"picture")
    (tmp_path / "CARD/shut").mkdir()
    scandir = os.scandir

    def refused(path: str) -> object:
        if os.fspath(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(CopyError, match="cannot be read"):
        copy_medium(tmp_path / "CARD", tmp_path / "spot")
