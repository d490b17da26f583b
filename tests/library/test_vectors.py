"""Vectors on disk: what signs let through holds the nearest, and nothing that was not written is near."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from answerprint.library import LibraryError
from answerprint.library.vectors import Vectors


def test_the_nearest_ten_are_those_of_reckoning_all(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    store, middles = Vectors(tmp_path / "v", 256), rng.normal(0, 1, (60, 256))
    given = (middles[rng.integers(0, 60, 20_000)] + rng.normal(0, 1, (20_000, 256))).astype(np.float32)
    store.write(1, given[:7000])
    store.write(7001, given[7000:])
    for number in range(8):
        exact = store.exact(given[number])
        near = store.near(given[number], count=2000)
        assert len(near.rows) < 8000
        assert set(np.argsort(-exact)[:10]) <= set(near.rows.tolist())
        assert near.rows[int(near.cosines.argmax())] == number + 1


def test_only_what_is_allowed_is_near(tmp_path: Path) -> None:
    store = Vectors(tmp_path / "v", 64)
    store.write(1, np.eye(64, dtype=np.float32))
    allowed = np.zeros(65, bool)
    allowed[[3, 5]] = True
    assert store.near(np.eye(64, dtype=np.float32)[0], allowed).rows.tolist() == [3, 5]


def test_nothing_written_is_near_nothing(tmp_path: Path) -> None:
    store = Vectors(tmp_path / "v", 64)
    assert not len(store.near(np.ones(64, np.float32)).rows)
    store.write(1, np.zeros((1, 64), np.float32))
    assert float(store.near(np.ones(64, np.float32)).cosines.max()) == 0
    with pytest.raises(LibraryError, match="multiple of 64"):
        Vectors(tmp_path / "w", 100)


def test_whoever_looks_while_a_vector_is_written_finds_those_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    store = Vectors(tmp_path / "v", 64)
    store.write(1, rng.normal(0, 1, (4095, 64)).astype(np.float32))
    real, put = store._put, []

    def broken(path: Path, at: int, data: bytes) -> None:
        if put:
            raise KeyboardInterrupt
        put.append(path)
        real(path, at, data)

    monkeypatch.setattr(store, "_put", broken)
    with pytest.raises(KeyboardInterrupt):
        store.write(4096, rng.normal(0, 1, (1, 64)).astype(np.float32))  # the first row of a new block of signs
    assert len(store.near(rng.normal(0, 1, 64).astype(np.float32), np.ones(5000, bool), count=100).rows)
