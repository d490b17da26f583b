"""The player in a real browser, held to a burnt-in frame counter: whatever it says is on the screen, is. And its timecode, held to ours."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from answerprint.model.time import Timecode
from tests.room.counted import READ

PLAYER = "document.querySelector('[data-view]').player"
SHOWN = f"({READ})(document.querySelector('video.on'))"


def wrong_frames(page: Any, *, jumps: int = 40, steps: int = 60, seed: int = 5) -> tuple[list[tuple[int, int, int]], list[float]]:
    """Jump about and step through a clip of `counted.counted` that is loaded: every (wanted, shown, said) that does not agree, and how long each step took, in ms."""
    pick = random.Random(seed)
    start, end = page.evaluate(f"[{PLAYER}.stretch.from, {PLAYER}.stretch.to]")
    wrong, took = [], []

    def held(frame: int) -> None:
        shown, said = page.evaluate(SHOWN), page.evaluate(f"{PLAYER}.shown")
        if (shown, said) != (frame, frame):
            wrong.append((frame, shown, said))

    for frame in (start, start + 1, end - 1, *(pick.randrange(start, end) for _ in range(jumps))):
        page.evaluate(f"{PLAYER}.seek({frame})")
        held(frame)
    at = (start + end) // 2
    page.evaluate(f"{PLAYER}.seek({at})")
    for _ in range(steps):
        step = pick.choice((1, 1, 1, -1))
        at += step
        took.append(page.evaluate(f"(async () => {{ const since = performance.now(); await {PLAYER}.step({step}); return performance.now() - since; }})()"))
        held(at)
    return wrong, sorted(took)


def wrong_labels(page: Any, *, each: int = 400, seed: int = 5) -> list[tuple[str, str, int | None]]:
    """Timecode as the page writes and reads it, against the house's own, at every rate and both ways of counting."""
    pick, wrong = random.Random(seed), []
    kinds = [(Fraction(24000, 1001), False), (Fraction(25), False), (Fraction(30000, 1001), False), (Fraction(30000, 1001), True), (Fraction(30), True),
             (Fraction(60000, 1001), True), (Fraction(120), False)]  # fmt: skip
    for rate, drop in kinds:
        tens = int(rate * 600)
        frames = sorted({*(pick.randrange(86_000 * int(rate)) for _ in range(each)), *range(1798, 1804), *(tens + n for n in range(-3, 4))})
        asked = {"frames": frames, "rate": [rate.numerator, rate.denominator], "drop": drop}
        labels, counted = page.evaluate(
            "async ({ frames, rate, drop }) => { const { count, label } = await import('/static/timecode.js');"
            " const labels = frames.map((n) => label(n, rate, drop)); return [labels, labels.map((one) => count(one, rate, drop))]; }",
            asked,
        )
        for frame, text, back in zip(frames, labels, counted, strict=True):
            ours = str(Timecode(frames=frame, rate=rate, drop=drop))
            if text != ours or back != frame:
                wrong.append((ours, text, back))
    return wrong
