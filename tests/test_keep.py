"""Laws of keep/ and cache/: whole or not at all, and checked when read."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from answerprint.keep import Cache, Keep, KeepError, cache_key, disk_sentence, write_whole


def test_what_is_kept_comes_back_under_its_digest(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    digest = keep.put(b"a fact")
    assert keep.put(b"a fact") == digest
    assert keep.get(digest) == b"a fact"


def test_a_kept_file_that_changed_is_found(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    digest = keep.put(b"a fact")
    keep.path(digest).write_bytes(b"a lie!")
    with pytest.raises(KeepError, match="has changed since it was kept"):
        keep.get(digest)


def test_a_kept_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeepError, match="is not in keep/"):
        Keep(tmp_path).get("blake3:" + "0" * 64)


@pytest.mark.parametrize("digest", ["", "blake3:../../etc/passwd", "sha256:" + "0" * 64, "blake3:" + "G" * 64])
def test_a_name_that_is_no_digest_reaches_no_file(tmp_path: Path, digest: str) -> None:
    with pytest.raises(KeepError, match="is not the name"):
        Keep(tmp_path).path(digest)


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answerprint.toml"
    write_whole(path, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeepError, match="the disk is full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["answerprint.toml"]


def test_a_cache_folder_appears_whole(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "proxy.mp4").write_bytes(b"picture")
    assert not cache.has("ab" * 32)
    cache.publish("ab" * 32, scratch)
    assert cache.has("ab" * 32)
    assert cache.names("ab" * 32) == ["proxy.mp4"]
    assert cache.path("ab" * 32, "proxy.mp4").read_bytes() == b"picture"
    assert not scratch.exists()


def test_the_key_changes_with_everything_that_could_change_the_answer() -> None:
    base = {"task": "sync", "version": 1, "inputs": ["blake3:1", "blake3:2"], "params": {"look": None}, "decoder": "av 18"}
    others = [{"task": "drift"}, {"version": 2}, {"inputs": ["blake3:2", "blake3:1"]}, {"params": {"look": "blake3:3"}}, {"decoder": "av 19"}]
    keys = [cache_key(**{**base, **other}) for other in [{}, *others]]  # type: ignore[arg-type]
    assert len(set(keys)) == len(keys)
    assert cache_key(**base) == keys[0]  # type: ignore[arg-type]


def test_what_a_refusing_disk_means_is_said_in_words() -> None:
    assert "full" in disk_sentence(OSError(28, ""), "x")
    assert "cannot be written" in disk_sentence(OSError(30, ""), "x")


def test_work_whose_file_was_deleted_is_not_there_any_more(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch/proxy.mp4").write_bytes(b"x")
    cache.publish("ab" * 32, tmp_path / "scratch")
    assert cache.has("ab" * 32)
    cache.path("ab" * 32, "proxy.mp4").unlink()
    assert not cache.has("ab" * 32)


def test_what_a_killed_writer_left_is_gone_when_the_same_is_written_again(tmp_path: Path) -> None:
    (tmp_path / ".part-brief.md").write_bytes(b"half of a much longer bri")
    write_whole(tmp_path / "brief.md", b"whole")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"brief.md": b"whole"}


def test_many_who_write_one_file_at_once_leave_one_of_theirs_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    texts = [bytes([65 + n]) * (20_000 + n) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: write_whole(path, data), texts * 4))
    assert path.read_bytes() in texts
    assert [one.name for one in tmp_path.iterdir()] == ["brief.md"]


def test_a_link_where_a_file_is_written_first_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    (tmp_path / "spot").mkdir()
    (tmp_path / "spot" / ".part-brief.md").symlink_to(tmp_path / "mine.txt")
    write_whole(tmp_path / "spot" / "brief.md", b"whole")
    assert ((tmp_path / "mine.txt").read_bytes(), (tmp_path / "spot" / "brief.md").read_bytes()) == (b"mine", b"whole")


def test_a_file_that_cannot_be_written_is_named_by_its_place_in_its_production(tmp_path: Path) -> None:
    home = tmp_path / "spot"
    home.mkdir()
    (home / "cuts").write_text("a file where a folder belongs")
    with pytest.raises(KeepError) as alone:
        write_whole(home / "cuts" / "v03.otio", b"x")
    assert str(alone.value).startswith(f"{home}/cuts/v03.otio: the disk says")
    (home / "answerprint.toml").write_text("")
    with pytest.raises(KeepError) as within:
        write_whole(home / "cuts" / "v03.otio", b"x")
    assert str(within.value).startswith("cuts/v03.otio: the disk says")
