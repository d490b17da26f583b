"""What the whole suite shares: one composed shoot."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

import answerprint
import sample
from answerprint.spot import Spot
from sample.shoot import key
from tests import made

#: The suite asks the same questions each time, so that what fails fails again; HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("the same each time", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "the same each time"))


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


def once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made once in a run, however many processes run it: the first who comes makes it, the others wait."""
    root = folders.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root  # each process has a folder of its own below the run's
    home, done = root / f"shared-{name}", root / f"shared-{name}.done"
    with FileLock(root / f"shared-{name}.lock"):
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            make(home)
            done.touch()
    return home


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Shoot:
    """Composed once, and kept between runs for as long as the sources that compose it stay the same."""
    kept = request.config.cache.mkdir("shoot") / key("short", 7)[:16]
    with FileLock(kept.parent.parent / "shoot.lock"):
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

    def make(home: Path) -> None:
        card, sound, starts = made.card(home)
        told = [str(card.relative_to(home)), str(sound.relative_to(home)), starts]
        (home / "lies.json").write_text(json.dumps(told), encoding="utf-8")

    home = once(tmp_path_factory, "card", make)
    card, sound, starts = json.loads((home / "lies.json").read_text(encoding="utf-8"))
    return home / card, home / sound, starts


def _prepped(home: Path, **said: Any) -> None:
    outcome = answerprint.new(home / "spot", **said).prep()
    assert outcome.problems == ()


@pytest.fixture(scope="session")
def small_spot(tmp_path_factory: pytest.TempPathFactory, small_card: tuple[Path, Path, list[float]]) -> Spot:
    """A production of the small card, prepped once: read it, copy it, never write into it."""
    return answerprint.open(once(tmp_path_factory, "small", lambda home: _prepped(home, rate="25", media=small_card[:2])) / "spot")


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory, shoot: Shoot) -> Spot:
    """The sample shoot's production, prepped once: read it, copy it, never write into it."""
    media = [shoot.path / "card_A", shoot.path / "sound"]
    return answerprint.open(once(tmp_path_factory, "day", lambda home: _prepped(home, rate="23.976", media=media, script=shoot.path / "script.fountain")) / "spot")
