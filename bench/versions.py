"""Versions: do ten shapes and languages cost at most four times one, and do sixty versions come from one set of signatures?

    python -m bench.versions [--seconds S] [--wide W] [--qc] [--one-voice] [--only sharing,family]

`sharing` renders one film and then ten of its family (three shapes, three languages each with a super, an end card and a voice of its own, and a price), and counts processor
seconds, so that a busy machine does not matter. `family` composes twenty markets in three shapes and signs them with real keys.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import opentimelineio as otio
from PIL import Image, ImageDraw

from answerprint import rights, signoff, versioning
from answerprint.delivery.conform import conform
from answerprint.delivery.grading import laid_over
from answerprint.delivery.originals import Seals
from answerprint.delivery.qc import examine
from answerprint.delivery.qc.records import Heard
from answerprint.delivery.render import render
from answerprint.delivery.specs import spec
from answerprint.desk import Desk
from answerprint.gate import gate
from answerprint.media import cube
from answerprint.model.delivery import Spec
from answerprint.model.time import Span
from answerprint.timeline.cut import Media, file_url, reference, span
from answerprint.timeline.framing import Framing, Key
from tests.deciding import Crewed, film_entry
from tests.delivery.rushes import clip, cut, gap

RATE = Fraction(25)
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SHAPES = {"16:9": ("youtube", (16, 9)), "9:16": ("social-9x16", (9, 16)), "1:1": ("social-1x1", (9, 9))}
TONGUES = ("en", "fr", "de")


def used() -> float:
    now = os.times()
    return now.user + now.system


def shot(home: Path, seconds: int, wide: int) -> tuple[Any, dict[str, Path]]:
    """A spot of two-second shots out of three rushes in 16:9, with grain and a key frame in every second, as cameras write them."""
    sources = []
    for n in (1, 2, 3):
        path = home / f"rush{n}.mov"
        noise = f"testsrc2=s={wide}x{wide * 9 // 16}:r=25:d={seconds},noise=alls=8:allf=t,hue=h={n * 40}"
        command = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", noise, "-f", "lavfi", "-i", f"sine=f={300 * n}:r=48000:d={seconds}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "25"]
        subprocess.run([*command, "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", str(path)], check=True)
        sources.append(path)
    rng = random.Random(3)
    cuts = [(rng.choice(sources), rng.randrange(0, (seconds - 2) * 25)) for _ in range(seconds // 2)]
    tracks = [[clip(source, first / RATE, 50 / RATE, RATE) for source, first in cuts] for _ in ("picture", "sound")]
    return cut(RATE, [tracks[0]], [tracks[1]]), {one.name: one for one in sources}


def smaller(name: str, size: tuple[int, int]) -> Spec:
    """A spec of the house at another raster."""
    one = spec(name)
    return replace(one, picture=replace(one.picture, width=size[0], height=size[1]))


def lettering(home: Path, words: str, *, card: bool) -> Path:
    """A see-through super, or an end card that fills the frame."""
    path = home / f"{words}{' card' if card else ''}.png"
    picture = Image.new("RGBA", (1920, 1080), (12, 40, 60, 255) if card else (0, 0, 0, 0))
    ImageDraw.Draw(picture).text((200, 860), words, fill=(255, 255, 255, 255), font_size=90)
    picture.save(path)
    return path


def still(path: Path, length_s: Fraction) -> Any:
    media = Media(name=path.name, file=path.name, digest=None, still=True, video=True)
    made = otio.schema.Clip(name=path.name, media_reference=reference(media, Span(start_s=Fraction(0), end_s=length_s), url=file_url(path)))
    made.source_range = span(Fraction(0), length_s, RATE)
    return made


def localised(home: Path, timeline: Any, words: str, seconds: int, spoken: str) -> tuple[Any, dict[str, Path]]:
    """The cut with a super of three seconds and an end card of two, both in these words, and a voice over the last six seconds."""
    card, line = lettering(home, words, card=True), lettering(home, words, card=False)
    shots = [*(item.clone() for item in timeline.tracks[0][: seconds // 2 - 1]), still(card, Fraction(2))]
    said = voice(home, spoken)
    sounds = [[item.clone() for item in timeline.tracks[1]], [gap(Fraction(seconds - 6), RATE), clip(said, Fraction(0), Fraction(6), RATE)]]
    made = cut(RATE, [shots, [gap(Fraction(11, 2), RATE), still(line, Fraction(3))]], sounds)
    return made, {path.name: path for path in (card, line, said)}


def voice(home: Path, words: str) -> Path:
    """Six seconds that sound otherwise for other words."""
    path = home / f"{words}.wav"
    if not path.exists():
        sound = f"sine=f={200 + 40 * (sum(words.encode()) % 7)}:r=48000:d=6"
        subprocess.run([FFMPEG, "-v", "error", "-f", "lavfi", "-i", sound, "-c:a", "pcm_s24le", str(path)], check=True)
    return path


def grade(home: Path) -> Path:
    """A 33-point LUT that bends a little."""
    axis = np.linspace(0, 1, 33)
    cube.bake([cube.Lut(table=np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1) ** 0.9)], home / "grade.cube")
    return home / "grade.cube"


def framings(media: dict[str, Path]) -> list[Framing]:
    """Every rush framed for the tall and the square film, so that they fill their rasters."""
    paths = {shape: (Key(frame=0, x=0.5, y=0.5),) for shape in ("9:16", "1:1")}
    return [Framing(item=1, version="", file=name, start=0, end=10**6, rate=(25, 1), size=(1920, 1080), paths=paths) for name in media]


def sharing(home: Path, seconds: int, wide: int, *, qc: bool, voices: bool) -> None:
    timeline, media = shot(home, seconds, wide)
    lut, framed = grade(home), framings(media)
    seals, hearings = Seals(), dict[str, Heard]()
    versions = [(tongue, shape) for tongue in TONGUES for shape in SHAPES] + [("price", "16:9")]
    costs: list[tuple[str, float, float]] = []
    rest = 0.0
    for tongue, shape in versions:
        cut_of, cards = localised(home, timeline, tongue, seconds, tongue if voices else TONGUES[0])
        name, parts = SHAPES[shape]
        size = (parts[0] * wide // 16, parts[1] * wide // 16)
        one = smaller(name, size)
        before = used()
        plan = laid_over(conform(cut_of, media | cards, rate=RATE, size=size, framing=framed), lut)
        out = home / f"{tongue}{name}.mp4"
        made = render(plan, one, out, scratch=home / "scratch", reseal=seals)
        after = used()
        if not costs:  # once more, with every segment and the sound found again: what is left is the file
            again = used()
            render(plan, one, out, scratch=home / "scratch", reseal=seals)
            rest = used() - again
        looked = used()
        if qc:
            examine(out, one, expected=made, hearings=hearings)
        costs.append((f"{tongue} {shape}", after - before, used() - looked))
        print(f"sharing  {costs[-1][0]:10s} rendered in {costs[-1][1]:6.2f} processor seconds" + (f", looked at in {costs[-1][2]:5.2f}" if qc else ""))
        sys.stdout.flush()
    first, whole = costs[0], sum(cost for _, cost, _ in costs)
    print(f"sharing  ten versions of {seconds} s in {wide} columns: all that is rendered costs {whole / first[1]:.2f} of the first")
    print(f"sharing  joining and hashing, which every file has for itself: {rest:.2f} processor seconds each")
    if qc:
        print(f"sharing  with technical QC of every file: {(whole + sum(looked for *_, looked in costs)) / (first[1] + first[2]):.2f}")


MARKETS = tuple("en fr de es it nl pt pl sv da fi nb cs hu ro el tr ar ja ko".split())
FRAMES = {"": "16:9", "square": "1:1", "tall": "9:16"}


def listed() -> dict[str, str]:
    """Sixty rows of versions.csv, by name: twenty markets in three shapes."""
    rows = {"master": "master,,,cuts/en.otio,16:9,en"}
    rows |= {shape: f"{shape},master,shape,cuts/en_{shape}.otio,{FRAMES[shape]},en" for shape in ("square", "tall")}
    for market in MARKETS[1:]:
        for shape, frame in FRAMES.items():
            name = f"{market}_{shape}" if shape else market
            rows[name] = f"{name},{shape or 'master'},language,cuts/{name}.otio,{frame},{market}"
    return rows


def family(home: Path, films_too: bool = True) -> None:
    """Everything chosen once, signed with a real key at the four gestures, every sheet looked at, sixty films named by one answer."""
    rows = listed()
    made = Crewed.compose(home, versions="\n".join(["version,of,differs,cut,shape,language", *rows.values(), ""]))
    for name in rows:
        market, _, shape = name.partition("_") if name not in ("master", "square", "tall") else ("en", "", name.replace("master", ""))
        (made.production.path / "assets" / f"logo_{market}.png").write_bytes(market.encode())
        made.cut(f"{market}_{shape}" if shape else market, card=f"logo_{market}.png", voice=market)
    took: dict[str, float] = {}

    def timed(what: str, run: Callable[[], Any]) -> Any:
        start = used()
        found = run()
        took[what] = used() - start
        print(f"family   {what:34s} {took[what]:7.2f} processor seconds")
        sys.stdout.flush()
        return found

    timed("everything chosen", made.choose_everything)
    for gesture in ("selects", "lock", "finish"):
        timed(f"signed: {gesture}", partial(made.sign, gesture))
    timed("every contact sheet looked at", made.look_at_every_sheet)
    timed("every easy-choice report on screen", made.look)
    if films_too:
        timed("sixty films written down", lambda: films_of(made))
    desk = timed("the desk, with sixty cuts", lambda: _looked(made.desk))
    timed("rights.check of all", lambda: [rights.check(desk, cut, None) for cut in desk.cuts.values()])
    timed("the family's table", lambda: versioning.family(made.desk, sheet_seen=made.sheet_seen))
    verdict = timed("gate, all versions", lambda: gate(made.desk, sheet_seen=made.sheet_seen))
    page = timed("the page of the question", lambda: signoff.page(made.desk, made.person(), ("all",), sheet_seen=made.sheet_seen))
    timed("signed: off", lambda: made.put(signoff.yes(page)))
    after = gate(made.desk, sheet_seen=made.sheet_seen)
    print(f"family   {len(verdict.versions)} versions, {made.signatures()} signatures; missing before the answer: {len(verdict.open)}, after it: {len(after.missing)}")
    for one in after.missing[:5]:
        print(f"family   missing: {one.says}")


def _looked(desk: Desk) -> Desk:
    desk.cuts  # noqa: B018 - read now, not when the next thing is timed
    desk.stale  # noqa: B018
    return desk


def films_of(made: Crewed) -> None:
    """What sixty renders leave in the record; their pictures are the other bench."""
    desk = made.desk
    for version in desk.cuts:
        film_entry(desk, version)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--wide", type=int, default=1920, help="columns of the 16:9 film and of its rushes")
    parser.add_argument("--qc", action="store_true", help="technical QC of every film too, which reads each whole file")
    parser.add_argument("--one-voice", action="store_true", help="all films have the same sound, as where only lettering is translated")
    parser.add_argument("--only", default="sharing,family")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # what was looked at lies here, and not among somebody's own data
        for part in given.only.split(","):
            {"sharing": lambda: sharing(Path(folder), given.seconds, given.wide, qc=given.qc, voices=not given.one_voice), "family": lambda: family(Path(folder))}[part]()
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
