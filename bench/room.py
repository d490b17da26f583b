#!/usr/bin/env python3
"""How quick the review room is: pages on the sample shoot and on 2,000 clips, pictures in a real browser, twelve people at once.

    python bench/room.py [--only pages|large|browser|crowd] [--clips 2000] [--items 200] [--clicks 30] [--seconds 60] [--folder DIR]

Each figure is the 95th percentile of so many warm clicks and stands beside the machine's load; a page's time is from the request's first
byte to the answer's last over a real connection, and beside it stands what the room itself worked for it. `--folder` keeps what was composed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx

import answerprint
from answerprint.room.doors import cookie_of
from answerprint.room.server import Address, Served, start
from answerprint.spot import Spot
from bench.large import compose, proxies
from tests.ledger.signing import PasskeyHand, everything
from tests.room.browser import free_port, opened_browser
from tests.room.counted import READ

PAGES = ("/", "/thought", "/script", "/takes/1", "/cut", "/finish", "/framing", "/arguments", "/floor", "/sign", "/rounds", "/record", "/crew")
LIMITS_MS = {"sample": 150, "large": 300, "first frame": 300, "step": 80, "crowd": 500}


def p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def load() -> str:
    return "load " + " ".join(f"{one:.1f}" for one in os.getloadavg()) + f" on {os.cpu_count()} cores"


def say(what: str, values: Sequence[float], limit: float, more: str = "") -> None:
    over = "  OVER" if p95(values) > limit else ""
    print(f"{what:<42} p50 {statistics.median(values):7.1f}  p95 {p95(values):7.1f} ms  (<= {limit:.0f}){over}  {more}{load()}", flush=True)


class Room:
    """An open room and a session of somebody who holds every seat."""

    def __init__(self, production: Spot) -> None:
        self.served: Served = start(production.path, Address(port=free_port()))
        self.origin = self.served.origin
        hand = PasskeyHand("Ana Ferrer", origin=self.origin)
        book = self.served.room.house.book
        if book is None or not book.people:
            with self.served.room.house.writing() as record:
                enrol = hand.enrols("producer", "director")
                record.sign(replace(enrol, key=replace(enrol.key, origins=(self.origin,))), hand)
                record.sign(everything(hand), hand)
        self.hand = hand

    def session(self) -> tuple[str, str]:
        """A new session: (cookie, form token)."""
        doors = self.served.room.doors
        guest = doors.use_setup(doors.setup_link())
        assert guest is not None
        doors.is_person(guest, self.hand.key_id, self.hand.name)
        return guest.session, guest.form

    def client(self) -> httpx.Client:
        session, form = self.session()
        return httpx.Client(base_url=self.origin, cookies={cookie_of(self.origin): session}, headers={"x-answerprint": form, "origin": self.origin}, timeout=60)

    def close(self) -> None:
        self.served.close()


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def pages(production: Spot, clicks: int, name: str) -> None:
    """Server time of every page, warm; and the processor's time for it, which does not depend on who else is on the machine."""
    room = Room(production)
    try:
        with room.client() as browser:
            for path in PAGES:
                cold = timed(lambda path=path: browser.get(path))
                worked, times = time.process_time(), []
                for _ in range(clicks):
                    times.append(timed(lambda path=path: browser.get(path)))
                worked = (time.process_time() - worked) / clicks * 1000
                size = len(browser.get(path).content) // 1024
                say(f"{name}: {path}", times, LIMITS_MS[name], f"worked {worked:.0f} ms, first {cold:.0f} ms, {size} kB; ")
    finally:
        room.close()


def browser(small: Spot, clicks: int) -> None:
    """A click on an attempt to its first frame, and one frame on or back, on clips that count their frames: the picture is read back."""
    room = Room(small)
    session, _ = room.session()
    firsts, steps, wrong = [], [], 0
    try:
        with opened_browser() as chromium:
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": cookie_of(room.origin), "value": session, "url": room.origin}])
            page = context.new_page()
            page.goto(f"{room.origin}/takes/other")
            ready = "() => Boolean(document.getElementById('takes')?.player?.video?.readyState > 1)"
            while not page.evaluate(ready):
                page.wait_for_timeout(50)
            count = page.locator("[data-attempt]").count()
            for click in range(clicks):
                firsts.append(page.evaluate(f"async (which) => {{ const read = {READ}; {FIRST} }}", (click * 7 + 3) % count))
            page.evaluate("() => document.getElementById('takes').player.pause()")
            for click in range(clicks):
                found = page.evaluate(f"async (by) => {{ const read = {READ}; {STEP} }}", 1 if click % 3 else -1)
                steps.append(found["ms"])
                wrong += found["read"] != found["want"]
    finally:
        room.close()
    say("browser: a click to the first frame", firsts, LIMITS_MS["first frame"])
    say("browser: one frame on or back", steps, LIMITS_MS["step"], f"wrong frames {wrong} of {clicks}; ")


FIRST = """
  const player = document.getElementById("takes").player, rows = document.querySelectorAll("[data-attempt] .attempt");
  player.pause();
  const other = rows[which].closest("li").getAttribute("aria-current") === "true" ? (which + 1) % rows.length : which;
  const before = player.stretch, began = performance.now();
  rows[other].click();
  const there = () => player.stretch !== before && player.video.dataset.movie === player.stretch.clip.movie && player.video.readyState > 1
    && !player.video.seeking && read(player.video) >= player.stretch.from;
  while (!there() && performance.now() - began < 5000) await new Promise((next) => requestAnimationFrame(next));
  const ms = performance.now() - began;
  await new Promise((next) => setTimeout(next, 150));
  player.pause();
  return ms;
"""
STEP = """
  const player = document.getElementById("takes").player;
  const from = player.now, want = Math.min(Math.max(from + by, player.stretch.from), player.last);
  const began = performance.now();
  await player.step(by);
  const ms = performance.now() - began;
  return {ms, want, read: read(player.video)};
"""


def crowd(production: Spot, people: int, seconds: float) -> None:
    """So many people at once, each with a live stream and a movie, clicking: every answer counted."""
    room = Room(production)
    times: list[float] = []
    faults: list[str] = []
    done = time.monotonic() + seconds

    def streams(form: httpx.Client) -> None:
        try:
            with form.stream("GET", "/api/live") as answer:
                for _ in answer.iter_raw():
                    if time.monotonic() > done:
                        return
        except httpx.HTTPError as error:
            if time.monotonic() < done:
                faults.append(f"live: {error!r}")

    def clicks(number: int) -> None:
        with room.client() as one:
            threading.Thread(target=streams, args=(one,), daemon=True).start()
            board = one.get("/api/board").json()
            attempts = [shown for row in board["rows"] for shown in row["attempts"] if shown["frame"]]
            turn = number
            while time.monotonic() < done:
                frame = attempts[turn % len(attempts)]["frame"]
                clip = frame.partition("/frame/")[0]
                start_at = turn * 40_000 % 400_000
                for path, headers in (("/", {}), (frame, {}), (f"{clip}/movie.mp4", {"range": f"bytes={start_at}-{start_at + 262_143}"}), (f"/takes/{1 + turn % 3}", {}), ("/api/takes/1", {})):
                    began = time.perf_counter()
                    try:
                        status = one.get(path, headers=headers).status_code
                    except httpx.HTTPError as error:
                        faults.append(f"{path}: {error!r}")
                        continue
                    times.append((time.perf_counter() - began) * 1000)
                    if status not in (200, 206, 416):
                        faults.append(f"{path}: {status}")
                turn += 1
                time.sleep(0.5)

    everybody = [threading.Thread(target=clicks, args=(number,)) for number in range(people)]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    room.close()
    say(f"crowd: {people} people, {len(times)} answers in {seconds:.0f} s", times, LIMITS_MS["crowd"], f"faults {len(faults)}; ")
    for fault in faults[:5]:
        print("  ", fault)


def sample(folder: Path) -> Spot:
    """The sample shoot, composed and prepared."""
    import sample as shoot

    home = folder / "sample"
    if not (home / "spot" / "answerprint.toml").exists():
        shoot.compose(home / "shoot", length="short")
        spot = answerprint.new(home / "spot", rate="23.976", media=[home / "shoot" / "card_A", home / "shoot" / "sound"], script=home / "shoot" / "script.fountain")
        spot.prep()
    return answerprint.open(home / "spot")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("pages", "large", "browser", "crowd"))
    parser.add_argument("--clips", type=int, default=2000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--clicks", type=int, default=30)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="room-"))
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    try:
        print(load())
        if options.only in (None, "pages", "crowd"):
            spot = sample(folder)
            if options.only != "crowd":
                pages(spot, options.clicks, "sample")
        if options.only in (None, "browser", "large"):
            small = answerprint.open(folder / "small") if (folder / "small" / "answerprint.toml").exists() else proxies(folder)
        if options.only in (None, "browser"):
            browser(small, options.clicks)
        if options.only in (None, "large"):
            large = answerprint.open(folder / "large") if (folder / "large" / "answerprint.toml").exists() else compose(folder, clips=options.clips, items=options.items, small=small)
            pages(large, options.clicks, "large")
        if options.only in (None, "crowd"):
            crowd(spot, options.people, options.seconds)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
