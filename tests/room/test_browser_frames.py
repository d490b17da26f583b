"""The picture on the screen is the frame that the page names: held to a counter that is burnt into the pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

import answerprint
from answerprint.room.server import Address, start
from tests.room.browser import DESK, free_port, opened_browser
from tests.room.browser_player import PLAYER, wrong_frames, wrong_labels
from tests.room.counted import counted


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The takes of one clip of six seconds at 23.976, prepared as every clip is."""
    home: Path = tmp_path_factory.mktemp("counted")
    counted(home / "CARD" / "A001_C001.mp4", 144)
    spot = answerprint.new(home / "spot", rate="23.976", media=[home / "CARD"])
    assert spot.prep().problems == ()
    with pytest.MonkeyPatch.context() as patch, opened_browser() as browser:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        served = start(spot.path, Address(port=free_port()))
        try:
            shown = browser.new_context(viewport=DESK).new_page()  # type: ignore[arg-type]
            shown.goto(served.link)
            shown.goto(f"{served.origin}/takes/other")
            for _ in range(200):
                if shown.evaluate(f"() => Boolean({PLAYER}?.video?.readyState > 1)"):
                    break
                shown.wait_for_timeout(50)
            yield shown
        finally:
            served.close()


def test_every_jump_and_every_step_shows_the_frame_that_it_names(page):
    wrong, took = wrong_frames(page, jumps=20, steps=30)
    assert wrong == []
    assert took[len(took) * 95 // 100 - 1] < 80 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_the_page_counts_timecode_as_we_do(page):
    assert wrong_labels(page, each=60) == []
