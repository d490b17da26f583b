"""Laws of the slate's picture, on boards drawn here: typed, turned, small, in a moving hand, upside down; and on what is no board."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from answerprint.model.attempts import Attempt, Reading
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, Facts, MediaInfo, VideoStream, from_plain, to_plain
from answerprint.plan import steps as planning
from answerprint.spot import Spot
from answerprint.tasks import attempts, slate
from tests.conftest import Shoot
from tests.test_plan import clip as unit
from tests.test_plan import plan, task, work_through

RATE = Fraction(24)
SIZE = (960, 540)


def drawn(scene: str, take: str, *, label: str = "SCENE", foot: str = "INT DAY SYNC") -> Image.Image:
    """A typed board, 480 x 330, with labels large enough to be read."""
    image = Image.new("RGBA", (480, 330), (226, 228, 224, 255))
    draw = ImageDraw.Draw(image)

    def text(x: int, y: int, words: str, size: int) -> None:
        draw.text((x, y), words, font=ImageFont.load_default(size), fill=(16, 16, 20, 255))

    text(14, 12, "PROD.  FIRST POUR", 26)
    for x, name, value in ((0, "ROLL", "A007"), (170, label, scene), (340, "TAKE", take)):
        draw.rectangle((x, 56, x + (160 if x < 340 else 139), 190), outline=(16, 16, 20, 255), width=2)
        text(x + 12, 62, name, 22)
        text(x + 14, 98, value, 64 if len(value) < 4 else 50)
    text(14, 206, "DIRECTOR  I. Marlow", 24)
    text(14, 242, "DATE  14 NOV 2026", 24)
    text(14, 284, foot, 26)
    return image


def film(path: Path, count: int, shown: Callable[[int], tuple[Image.Image, float, float, float] | None]) -> np.ndarray:
    """A proxy of a lit wall with a board where `shown` says: (board, middle x, middle y, turn in degrees) for a frame. Returns its motion."""
    draw = np.random.default_rng(3)
    wall = 90 + 60 * np.linspace(0, 1, SIZE[0])[None, :] + 15 * np.sin(np.arange(SIZE[1]) / 31)[:, None]
    motion, last = [], None
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=RATE, options={"crf": "20", "g": "12", "bf": "0", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(count):
            canvas = Image.fromarray(wall.astype(np.uint8)).convert("RGBA")
            placed = shown(number)
            if placed is not None:
                board, x, y, turn = placed
                turned = board.rotate(turn, Image.Resampling.BICUBIC, expand=True)
                canvas.alpha_composite(*_clipped(turned, int(x - turned.width / 2), int(y - turned.height / 2)))
            picture = np.asarray(canvas.convert("L"), np.float32) + draw.normal(0, 1.5, wall.shape)
            picture = np.clip(picture, 0, 255).astype(np.uint8)
            motion.append(0.0 if last is None else float(np.abs(picture[::4, ::4].astype(float) - last[::4, ::4]).mean()) * 100)
            last = picture
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, 1 / RATE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return np.round(motion).astype(np.int32)


def _clipped(image: Image.Image, x: int, y: int) -> tuple[Image.Image, tuple[int, int]]:
    left, top = max(0, -x), max(0, -y)
    right, bottom = min(image.width, SIZE[0] - x), min(image.height, SIZE[1] - y)
    if right <= left or bottom <= top:
        return Image.new("RGBA", (1, 1)), (0, 0)
    return image.crop((left, top, right, bottom)), (x + left, y + top)


def subject(folder: Path, count: int, shown: Callable[[int], tuple[Image.Image, float, float, float] | None]) -> Input:
    np.savez(folder / "series.npz", motion=film(folder / "proxy.mp4", count, shown))
    video = VideoStream(index=0, codec="h264", width=SIZE[0], height=SIZE[1], pixel_format="yuv420p", bit_depth=8, rate=RATE, frames=count, duration_s=count / RATE)
    info = MediaInfo(kind="clip", container="mp4", duration_s=count / RATE, video=video)
    known = {"ingest": {"media.info": to_plain(info)}, "picture": {"proxy": {"artefact": "proxy.mp4", "rate": "24", "frames": count}}}
    facts = {name: kept(name, values.items()) for name, values in known.items()}
    artefacts = {f"picture/{name}": folder / name for name in ("proxy.mp4", "series.npz")}
    return Input(path=folder / "a.mov", file="rushes/a.mov", digest="blake3:a", facts=facts, artefacts=artefacts)


def kept(name: str, values: Iterable[tuple[str, Any]]) -> Facts:
    return Facts(task=name, version=1, inputs=("blake3:a",), facts=tuple(Fact(about="blake3:a", name=key, value=value, method="test") for key, value in values))


def seen(folder: Path, one: Input, vision: bool = True) -> dict[str, Any]:
    facts = tuple(slate.run(Work(subject=one, clips=[], sounds=[], params={"vision": vision}, scratch=folder)))
    Facts(task="slate", version=1, inputs=(), facts=facts).to_bytes()
    return {fact.name: fact.value for fact in facts}


def read(found: dict[str, Any]) -> dict[str, str]:
    (one,) = found["slate.seen"]
    return {reading["what"]: reading["value"] for reading in one["readings"]}


LEAVES, GONE = 40, 48  # the hand begins to take the board down; nothing of it is left


def in_a_hand(board: Image.Image, *, x: float = 480, y: float = 270, turn: float = 0.0) -> Callable[[int], tuple[Image.Image, float, float, float] | None]:
    """Held with a little drift, then taken down out of the picture."""

    def shown(number: int) -> tuple[Image.Image, float, float, float] | None:
        down = max(0, number - LEAVES) / (GONE - LEAVES) * 560
        return None if number >= GONE else (board, x + 6 * np.sin(number / 5), y + 4 * np.cos(number / 7) + down, turn + 1.5 * np.sin(number / 9))

    return shown


@pytest.mark.parametrize(
    ("board", "wanted", "more"),
    [
        (drawn("1A", "3"), {"roll": "A007", "scene": "1A", "take": "3"}, {"turn": 6.0}),
        (drawn("42", "2", label="SLATE"), {"roll": "A007", "slate": "42", "take": "2"}, {"turn": -4.0}),
        (drawn("12C", "11", foot="MOS").resize((240, 165), Image.Resampling.LANCZOS), {"roll": "A007", "scene": "12C", "take": "11", "MOS": "yes"}, {"x": 700.0, "y": 330.0}),
    ],
    ids=["turned", "running number", "small"],
)
def test_a_board_in_a_hand_is_read_and_the_attempt_begins_when_it_is_gone(tmp_path: Path, board: Image.Image, wanted: dict[str, str], more: dict[str, float]) -> None:
    one = subject(tmp_path, 96, in_a_hand(board, **more))
    found = seen(tmp_path, one)
    assert read(found) == wanted
    (mos,) = attempted(tmp_path, one, found)
    assert mos.kind == "MOS"
    assert (LEAVES - 1) / 24 <= mos.in_s <= (GONE + 8) / 24, mos.in_s
    assert mos.out_s == 4.0
    assert (mos.scene or mos.slate) == (wanted.get("scene") or wanted.get("slate"))
    assert mos.take == int(wanted["take"])
    assert [reading.source for reading in mos.readings if reading.what == "in"] == ["slate picture"]


def test_a_board_held_upside_down_at_the_end_is_a_tail_slate_and_the_out(tmp_path: Path) -> None:
    board = drawn("3B", "5").rotate(180)
    comes = 56
    one = subject(tmp_path, 96, lambda number: None if number < comes else (board, 480, 270 - max(0, comes + 8 - number) / 8 * 560, 2.0))
    found = seen(tmp_path, one)
    assert read(found) == {"roll": "A007", "scene": "3B", "take": "5", "tail slate": "yes"}
    (mos,) = attempted(tmp_path, one, found)
    assert mos.slate_at == "tail"
    assert (comes - 6) / 24 <= mos.out_s <= (comes + 9) / 24, mos.out_s
    assert mos.in_s == 0.0


def test_text_that_is_no_board_says_nothing(tmp_path: Path) -> None:
    pack = Image.new("RGBA", (420, 300), (230, 226, 210, 255))
    for row, words in enumerate(("FIRST POUR", "Whole bean coffee", "Roast 7C  Batch 3", "250 g  14 NOV 2026")):
        ImageDraw.Draw(pack).text((20, 20 + 66 * row), words, font=ImageFont.load_default(40), fill=(40, 20, 10, 255))
    assert seen(tmp_path, subject(tmp_path, 48, lambda number: (pack, 480, 270, 0.0))) == {"slate.seen": []}


def test_without_the_reader_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    found = seen(tmp_path, subject(tmp_path, 8, lambda number: None), vision=False)
    assert found["slate.seen"] == []
    assert 'pip install "answerprint[vision]"' in found["slate.unread"]


def test_installing_the_reader_later_runs_what_asks_for_it_and_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks: dict[str, Task] = {one.name: one for one in (task("ingest", "file"), task("picture", "clip", "ingest"), task("slate", "clip", "ingest", "picture", params=("vision",)))}
    finished: dict[str, str] = {}
    monkeypatch.setattr(planning, "text_reader", lambda: None)
    work_through(plan([unit("A1")], finished, tasks))
    monkeypatch.setattr(planning, "text_reader", lambda: "rapidocr 3.10.0")
    opened = plan([unit("A1")], finished, tasks).open()
    assert [(step.task.name, step.params) for step in opened] == [("slate", {"vision": True})]


def attempted(folder: Path, one: Input, found: dict[str, Any]) -> list[Attempt]:
    """What the attempts task makes of a silent clip with these boards."""
    facts = {**one.facts, "slate": kept("slate", found.items()), "synced": kept("synced", [("synced.from", [])])}
    silent = Input(path=one.path, file=one.file, digest=one.digest, facts=facts)
    made = {fact.name: fact.value for fact in attempts.run(Work(subject=silent, clips=[], sounds=[], params={}, scratch=folder))}
    return [from_plain(Attempt, plain) for plain in made["attempts"]]


def board_at(at_s: float, *readings: tuple[str, str], tail: bool = False) -> dict[str, Any]:
    said = [to_plain(Reading(what=what, value=value, source="slate picture", at_s=at_s)) for what, value in readings]  # type: ignore[arg-type]
    return {"at_s": at_s, "tail": tail, "upside_down": tail, "in_s": None, "out_s": None, "readings": said, "text": []}


def test_a_head_board_names_what_follows_it_and_a_tail_board_what_has_none() -> None:
    three = [Attempt(number=n + 1, in_s=in_s, out_s=in_s + 4) for n, in_s in enumerate((2.0, 8.0, 16.0))]
    shown = attempts._shown(three, [board_at(1.0, ("scene", "1A"), ("take", "1"), ("pickup", "yes")), board_at(14.0, ("scene", "1A"), ("take", "2"))])
    assert [(one.take, one.kind) for one in shown] == [(1, "pickup"), (1, "take"), (2, "take")]
    assert [one.slate_at for one in shown] == ["head"] * 3
    (late,) = attempts._shown([three[0]], [board_at(9.0, ("take", "4"), ("tail slate", "yes"), tail=True)])
    assert (late.take, late.slate_at) == (4, "tail")


def test_the_board_and_the_voice_that_disagree_are_a_conflict_and_what_is_not_clear_gives_way() -> None:
    from answerprint.script.settling import settle

    said = Reading(what="take", value="3", source="spoken slate")
    sure = Reading(what="take", value="2", source="slate picture", measure="character score 0.99")
    both = settle(Attempt(number=1, in_s=0, out_s=1), (said, sure))
    assert (both.take, both.conflicts) == (2, ("the slate's picture says take 2, the slate says take 3",))
    unclear = Reading(what="take", value="2", source="slate picture", measure="character score 0.70; read from writing that is not clear")
    assert settle(Attempt(number=1, in_s=0, out_s=1), (said, unclear)).take == 3


def test_every_board_of_the_sample_is_read_as_it_was_drawn(day: Spot, shoot: Shoot) -> None:
    for true in shoot.truth["clips"]:
        facts = {fact["name"]: fact["value"] for fact in day.facts(Path(true["file"]).stem)["tasks"]["slate"]}
        (take,) = {(one["scene"], str(one["take"])) for one in true["takes"]}  # one board, however many attempts
        says = read(facts)
        assert (says["scene"], says["take"], says["roll"]) == (*take, "A001"), true["file"]
        assert ("MOS" in says) == true["mos"], true["file"]
        assert ("tail slate" in says) == (true["takes"][0]["slated"] == "tail"), true["file"]
