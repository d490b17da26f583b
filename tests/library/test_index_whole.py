"""The index under a kill, half a copy, and another program that deletes, cuts or writes over it while it is read."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint.library import LibraryError
from answerprint.library.columns import KINDS, NewShot
from answerprint.library.finding import find
from answerprint.library.index import Index

INFO = {"kind": "clip", "rate": "25", "width": 320, "height": 180}


def shot(word: str, seed: int) -> NewShot:
    rng = np.random.default_rng(seed)
    return NewShot(
        in_s=Fraction(0), out_s=Fraction(2), key_s=Fraction(1), facts={}, bits=1 << seed, says=word, preview=b"jpeg", vectors={kind: rng.normal(0, 1, width).astype(np.float32) for kind, width in KINDS.items()},
    )  # fmt: skip


def taken_in(index: Index, root: str, *words: str) -> None:
    for number, word in enumerate(words):
        with index.writing():
            index.add_root(root)
            index.place(f"{root}/{word}.mp4", root, index.add_file(f"blake3:{root}{word}", INFO, ["picture", "words"], [shot(word, number + 1)]), 1, 1)


def found(index: Index) -> list[str]:
    return [Path(hit.path).stem for hit in index.hits(find(index).rows)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Index(tmp_path / "library") as index:
        taken_in(index, "/stock", "rain", "snow", "fog")
        taken_in(index, "/other", "sun")
    return tmp_path / "library"


def killed(home: Path, change: Callable[[Index], Any]) -> None:
    """A process that is killed right before it commits."""
    process = os.fork()
    if not process:
        try:
            with Index(home) as index, index.writing():
                change(index)
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL


def again(index: Index) -> None:
    index.replace(index.file_of("blake3:/stockrain") or 0, INFO, ["picture"], [shot("else", 5)])


@pytest.mark.parametrize("change", [lambda index: index.remove("/stock"), again, lambda index: taken_rain_away(index)])
def test_what_a_killed_program_did_not_commit_is_found_as_before(home: Path, change: Callable[[Index], Any]) -> None:
    with Index(home) as index:
        before = index.columns().tobytes()
    killed(home, change)
    with Index(home) as index:
        assert found(index) == ["sun", "fog", "rain", "snow"]
        assert index.columns().tobytes()[: len(before)] == before
        assert not index.columns()["file"][5:].any(), "a shot that was never written down takes nobody's place"
    assert not list(home.glob("changing-*"))


def taken_rain_away(index: Index) -> None:
    index.forget_place("/stock/rain.mp4")
    index._show(index.file_of("blake3:/stockrain") or 0)


def test_a_shelf_that_is_open_mends_before_it_writes_what_another_left(home: Path) -> None:
    with Index(home) as index:
        killed(home, lambda other: other.remove("/stock"))
        taken_in(index, "/stock", "hail")
        assert found(index) == ["sun", "fog", "hail", "rain", "snow"]


def test_a_change_that_is_refused_leaves_everything_to_be_found(home: Path) -> None:
    with Index(home) as index:
        with contextlib.suppress(KeyboardInterrupt), index.writing():
            index.remove("/stock")
            raise KeyboardInterrupt
        assert found(index) == ["sun", "fog", "rain", "snow"]


def test_files_that_are_cut_short_while_they_are_read_kill_nobody(home: Path) -> None:
    with Index(home) as index:
        columns, store = index.columns(), index.vectors["words"]
        for path in home.glob("*.*"):
            if path.suffix in (".rows", ".vec", ".signs"):
                os.truncate(path, 7)
        assert columns["file"].tolist() == [0, 1, 2, 3, 4]
        assert len(index.columns()) == len(store.near(np.ones(256, np.float32)).rows) == 0
        assert not store.at(np.array([1, 3])).any()
        assert found(index) == []
    with Index(home) as index:
        assert found(index) == ["sun", "fog", "rain", "snow"]


def test_half_a_copy_is_searched_for_what_it_has_says_what_it_lacks_and_is_whole_again_when_folders_are_taken_in(home: Path, tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    shutil.copy(home / "library.db", tmp_path / "half")
    with Index(tmp_path / "half") as index:
        assert found(index) == ["sun", "fog", "rain", "snow"]
        assert [one for one, says in index.problems() if "copied only in part" in says] == [str(tmp_path / "half")]
        files = [index.file_of(f"blake3:{name}") or 0 for name in ("/stockrain", "/stocksnow", "/stockfog", "/othersun")]
        assert [sorted(index.passes(file)) for file in files] == [["words"]] * 4, "each is looked at again"
        with index.writing():
            for number, file in enumerate(files):
                index.replace(file, INFO, ["picture", "words"], [shot("rain", number + 1)])
        assert index.problems() == []
    with Index(tmp_path / "half") as index:
        assert index.problems() == []
        assert index.vectors["words"].at(np.array([5])).any()


def test_signs_that_a_copy_left_out_are_made_again(home: Path) -> None:
    (home / "words.signs").rename(home.parent / "words.signs")
    (home / "look.vec").unlink()
    with Index(home) as index:
        assert index.problems() != []
    assert (home / "words.signs").read_bytes() == (home.parent / "words.signs").read_bytes()


def test_an_index_that_was_deleted_or_replaced_is_not_written_to_and_says_so(home: Path, tmp_path: Path) -> None:
    with Index(home) as index:
        shutil.copytree(home, tmp_path / "copy")
        shutil.rmtree(home)
        shutil.copytree(tmp_path / "copy", home)
        with pytest.raises(LibraryError, match="deleted or replaced by another program meanwhile"):
            taken_in(index, "/stock", "hail")


def test_an_index_that_is_written_over_while_it_is_read_is_a_sentence(home: Path) -> None:
    with Index(home) as index:
        index.count()
        (home / "library.db").write_bytes(b"\xff" * 40_000)
        os.truncate(home / "library.db-wal", 0)
        with pytest.raises(LibraryError, match="another program is replacing it"):
            index.hits(range(5000))
    with pytest.raises(LibraryError, match=r"copied while it was written to, or only in part\. Delete that folder"):
        Index(home)
