"""What the whole suite shares: one composed shoot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import answerprint
import sample
from answerprint.production import Production
from sample.shoot import key
from tests import made


@dataclass(frozen=True, kw_only=True)
class Shoot:
    """The 40-second sample shoot: read it, never write into it."""

    path: Path
    truth: dict[str, Any]


@pytest.fixture(scope="session", autouse=True)
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What people looked at lies in a folder of the suite's own, and never among the data of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("own data")))
        yield


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


@pytest.fixture(scope="session")
def small_card(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[float]]:
    """Three six-second clips, a recorder's file that ran through all of them, and where each clip lies in it."""
    return made.card(tmp_path_factory.mktemp("card"))


@pytest.fixture(scope="session")
def small_spot(tmp_path_factory: pytest.TempPathFactory, small_card: tuple[Path, Path, list[float]]) -> Production:
    """A production of the small card, prepped once: read it, copy it, never write into it."""
    spot = answerprint.new(tmp_path_factory.mktemp("prepped") / "spot", rate="25", media=small_card[:2])
    outcome = spot.prep()
    assert outcome.problems == ()
    return spot


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory, shoot: Shoot) -> Production:
    """The sample shoot's production, prepped once: read it, copy it, never write into it."""
    home = tmp_path_factory.mktemp("day") / "spot"
    media = [shoot.path / "card_A", shoot.path / "sound"]
    spot = answerprint.new(home, rate="23.976", media=media, script=shoot.path / "script.fountain")
    outcome = spot.prep()
    assert outcome.problems == ()
    return spot
