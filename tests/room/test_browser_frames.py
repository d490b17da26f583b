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
from tests.room.counted import READ, counted


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The takes of two clips of six seconds at 23.976, prepared as every clip is."""
    home: Path = tmp_path_factory.mktemp("counted")
    for number in (1, 2):
        counted(home / "CARD" / f"A001_C00{number}.mp4", 144, hue=number)
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


#: What two attempts show side by side, looked at whenever the browser draws: [[frame, frame], ...].
LOOKS = f"""async ([seconds, hinder]) => {{
  const read = {READ}, side = document.getElementById("takes").side, looks = [];
  const shown = async () => {{ await new Promise((next) => requestAnimationFrame(next)); return side.all.map((one) => read(one.canvas)); }};
  await side.rewind();
  while ((await shown()).some((frame) => frame !== 0));
  side.play();
  const begun = performance.now(), late = () => {{ const {{video}} = side.all[1]; hinder && (video.paused ? video.play() : video.pause()); }}, busy = setInterval(late, 170);
  while (performance.now() - begun < seconds * 1000) looks.push(await shown());
  clearInterval(busy);
  side.stop();
  return looks;
}}"""


@pytest.mark.parametrize("hindered", [False, True], ids=["at ease", "while one of them stops and goes on"])
def test_attempts_side_by_side_are_never_two_frames_apart(page, hindered):
    page.evaluate("() => { const {side} = document.getElementById('takes'); if (!side.on) document.getElementById('side').click(); }")
    looks = page.evaluate(LOOKS, [4.5, hindered])
    assert all(-1 not in pair for pair in looks)
    assert max(abs(one - other) for one, other in looks) <= 1
    assert len({tuple(pair) for pair in looks}) > 15, "it plays"
