"""What the whole suite shares: one composed shoot."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import sample
from sample.shoot import key


@dataclass(frozen=True, kw_only=True)
class Shoot:
    """The 40-second sample shoot: read it, never write into it."""

    path: Path
    truth: dict[str, Any]


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Shoot:
    """Composed once, and kept between runs for as long as the sources that compose it stay the same."""
    kept = request.config.cache.mkdir("shoot") / key("short", 7)[:16]
    if not (kept / "truth.json").exists():
        for old in kept.parent.iterdir():
            shutil.rmtree(old)
        made = tmp_path_factory.mktemp("compose") / "shoot"
        sample.compose(made, length="short")
        shutil.move(made, kept)
    return Shoot(path=kept, truth=sample.compose(kept, length="short"))
