"""Laws of the media list: every file once, under one name, whatever it is called."""

import os
from pathlib import Path

import pytest

from answerprint.rushes import Seen, scan, shown


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(home: Path, *media: Path) -> list[str]:
    return [one.file for one in scan(home, [str(root) for root in media])[0]]


def test_a_file_is_called_by_what_it_is_not_by_where_its_disk_is(tmp_path: Path) -> None:
    put(tmp_path / "spot/rushes/A001_C001.mov")
    put(tmp_path / "CARD/CLIP/A001_C002.MP4")
    put(tmp_path / "SOUND/T001.wav")
    put(tmp_path / "CARD/A001_C003.braw")
    put(tmp_path / "CARD/notes.txt")
    found = names(tmp_path / "spot", tmp_path / "CARD", tmp_path / "SOUND")
    assert found == ["rushes/A001_C001.mov", "rushes/A001_C003.braw", "rushes/CLIP/A001_C002.MP4", "sound/T001.wav"]


def test_a_second_card_with_the_same_names_keeps_both(tmp_path: Path) -> None:
    for card in ("CARD1", "CARD2", "more/CARD2"):
        put(tmp_path / card / "C0001.MP4")
    found = names(tmp_path / "spot", tmp_path / "CARD1", tmp_path / "CARD2", tmp_path / "more/CARD2")
    assert found == ["rushes/C0001.MP4", "rushes/CARD2/C0001.MP4", "rushes/CARD2 2/C0001.MP4"]


@pytest.mark.parametrize("name", ["two words.mov", "it's \"here\".mov", "line\nbreak.mov", "☕.mov", os.fsdecode(b"caf\xe9.mov")])
def test_any_name_a_disk_takes_is_found_and_can_be_written_down(tmp_path: Path, name: str) -> None:
    put(tmp_path / "CARD" / name)
    found, problems = scan(tmp_path / "spot", [str(tmp_path / "CARD")])
    assert problems == []
    assert found[0].path.read_bytes() == b"x"
    found[0].file.encode("utf-8")


def test_what_is_not_media_is_left_alone(tmp_path: Path) -> None:
    for name in ("._A001.mov", ".hidden/A001.mov", "ascmhl/0001.mov", "readme.pdf"):
        put(tmp_path / "CARD" / name)
    assert names(tmp_path / "spot", tmp_path / "CARD") == []


def test_a_folder_linked_into_itself_is_walked_once(tmp_path: Path) -> None:
    put(tmp_path / "CARD/A001.mov")
    (tmp_path / "CARD/again").symlink_to(tmp_path / "CARD")
    assert names(tmp_path / "spot", tmp_path / "CARD") == ["rushes/A001.mov"]


def test_a_disk_that_is_not_connected_is_said(tmp_path: Path) -> None:
    found, problems = scan(tmp_path, [str(tmp_path / "GONE")])
    assert found == []
    assert "not connected" in problems[0].says


def test_what_stands_beside_a_clip_is_its_companion(tmp_path: Path) -> None:
    put(tmp_path / "CARD/A001_C001.mov")
    put(tmp_path / "CARD/A001_C001.cube")
    put(tmp_path / "CARD/A001_C0011.cube")
    put(tmp_path / "CARD/C0001.MP4")
    put(tmp_path / "CARD/C0001M01.XML")
    found = {one.file: [path.name for path in one.companions] for one in scan(tmp_path, [str(tmp_path / "CARD")])[0]}
    assert found == {"rushes/A001_C001.mov": ["A001_C001.cube"], "rushes/C0001.MP4": ["C0001M01.XML"]}


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    put(tmp_path / "CARD/A001.mov")
    seen = Seen(tmp_path / "index.db")
    before = scan(tmp_path, [str(tmp_path / "CARD")])[0][0]
    seen.put(before, "blake3:1", {"xxh64": "2"})
    assert seen.get(before) == ("blake3:1", {"xxh64": "2"})
    put(tmp_path / "CARD/A001.mov", b"longer")
    assert seen.get(scan(tmp_path, [str(tmp_path / "CARD")])[0][0]) is None
    seen.close()
    assert Seen(tmp_path / "index.db", read_only=True).get(before) == ("blake3:1", {"xxh64": "2"})


def test_bytes_that_are_not_text_are_shown() -> None:
    assert shown(os.fsdecode(b"caf\xe9.mov")) == "caf\\xe9.mov"


def test_a_link_to_nowhere_beside_a_clip_is_no_companion(tmp_path: Path) -> None:
    put(tmp_path / "CARD/A001_C001.mov")
    (tmp_path / "CARD/A001_C001.cube").symlink_to(tmp_path / "gone.cube")
    found, problems = scan(tmp_path / "spot", [str(tmp_path / "CARD")])
    assert [one.companions for one in found] == [()]
    assert problems == []


def test_a_folder_called_out_is_media_unless_a_production_made_it(tmp_path: Path) -> None:
    put(tmp_path / "CARD/out/A001_C001.mov")
    put(tmp_path / "DISK/other/out/end.mov")
    put(tmp_path / "DISK/other/answerprint.toml")
    assert names(tmp_path / "spot", tmp_path / "CARD", tmp_path / "DISK") == ["rushes/out/A001_C001.mov"]


def test_a_medium_that_is_one_file_must_be_a_clip_or_sound(tmp_path: Path) -> None:
    put(tmp_path / "script.pdf")
    put(tmp_path / "A001_C001.mov")
    found, problems = scan(tmp_path / "spot", [str(tmp_path / "script.pdf"), str(tmp_path / "A001_C001.mov")])
    assert [one.file for one in found] == ["rushes/A001_C001.mov"]
    assert "neither a clip nor sound" in problems[0].says


@pytest.mark.parametrize("bytes_", [b"", b"not a table of files at all, whatever its name says"])
def test_what_was_read_is_unknown_to_one_who_looks_while_the_table_is_not_whole(tmp_path: Path, bytes_: bytes) -> None:
    put(tmp_path / "CARD/A001.mov")
    put(tmp_path / "index.db", bytes_)
    one = scan(tmp_path, [str(tmp_path / "CARD")])[0][0]
    assert Seen(tmp_path / "index.db", read_only=True).get(one) is None
