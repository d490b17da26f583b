"""The day: the script of "First Pour", and what happened on each roll, in the order in which it happened.

A roll is a list of events on the recorder's clock. Cameras start and stop in it; people speak one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sample.picture import Scene

TITLE = "First Pour"
Length = Literal["short", "full"]


@dataclass(frozen=True, kw_only=True)
class Item:
    kind: Literal["line", "voice-over", "picture"]
    text: str


#: what `status --json` lists under "script", numbered from 1
SCRIPT = (
    Item(kind="line", text="Morning starts before the light does."),
    Item(kind="line", text="Four minutes. That is all I ask."),
    Item(kind="line", text="The house is quiet. The cup is warm."),
    Item(kind="picture", text="Coffee falls from a copper pot into a stoneware cup. Steam. Nobody speaks."),
    Item(kind="voice-over", text="Larkfield. Roasted slowly, poured once. Two hundred grams."),
    Item(kind="line", text="Tomorrow can wait until I'm done."),
    Item(kind="voice-over", text="Larkfield. First pour."),
    Item(kind="picture", text="End card: LARKFIELD, white on black."),
)

FOUNTAIN = """Title: First Pour
Credit: a 30-second commercial for
Author: Larkfield Coffee
Draft date: 14 November

INT. KITCHEN - BEFORE DAWN

A window, deep blue. NOAH, forty, in a knitted jumper, looks out. A cup steams on the counter.

NOAH
Morning starts before the light does.

NOAH
(to himself)
Four minutes. That is all I ask.

Closer. A curtain stirs.

NOAH
The house is quiet. The cup is warm.

INT. KITCHEN - THE COUNTER - DAWN

Coffee falls from a copper pot into a stoneware cup. Steam. Nobody speaks. [[HERO: the cup]]

NOAH (V.O.)
Larkfield. Roasted slowly, poured once. Two hundred grams.

INT. KITCHEN - SUNRISE

NOAH
Tomorrow can wait until I'm done.

NOAH (V.O.)
Larkfield. First pour.

End card: LARKFIELD, white on black.
"""


@dataclass(frozen=True, kw_only=True)
class Say:
    """Somebody speaks. `role` says what the words are to the film; `after_s` is the pause before them."""

    who: str
    text: str
    role: Literal["line", "slate", "action", "cut", "remark", "off-script", "chatter"]
    item: int | None = None
    complete: bool = True
    after_s: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Wait:
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Clap:
    tail: bool = False
    after_s: float = 0.45


@dataclass(frozen=True, kw_only=True)
class Gust:
    """Wind, from here on; what follows happens in it."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Pour:
    """The pour, its whole length."""

    seconds: float
    item: int = 4


@dataclass(frozen=True, kw_only=True)
class Roll:
    """A camera starts."""

    clip: str


@dataclass(frozen=True, kw_only=True)
class Stop:
    clip: str


Event = Say | Wait | Clap | Gust | Pour | Roll | Stop


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One camera clip: where it stands, what it sees, which timecode its first frame has."""

    name: str
    card: str
    camera: str
    scene: str
    take: int
    look: Scene
    timecode: str = ""  #: of its first frame; the clock runs free, so only a roll's first clip says it
    distance_m: float = 3.4
    slate: Literal["head", "tail"] = "head"
    circled: bool = False
    mos: bool = False
    fps_shot: str = "24000/1001"
    comment: str = ""
    lens: str = "50 mm"


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One recorder file, or a stretch without one (`file` empty: MOS)."""

    file: str
    events: tuple[Event, ...]
    recorder: str = "Brightwell 6"
    ppm: float = 12.0
    tape: str = "SR01"
    kind: Literal["dialogue", "voice-over", "room tone", "decoy", "none"] = "dialogue"
    scene: str = ""
    take: str = ""
    circled: bool = False
    note: str = ""
    date: str = "2026-11-14"
    timecode: str = ""  #: of the file's first sample, where no camera gives it
    off_frames: int = 0  #: how far the recorder's timecode is from the camera's
    jam_samples: int = 0  #: and by how many samples it misses even where they agree


_WIDE = Scene(kind="person", dawn=(0.02, 0.14))
_WIDE_B = Scene(kind="person", dawn=(0.10, 0.18), head=640, crown=(1290, 130), zoom=(1.18, 0.62, 0.40), defocus=14, cup=None)
_CLOSE = Scene(kind="person", dawn=(0.24, 0.36), head=720, crown=(1150, 66), zoom=(1.35, 0.25, 0.35), defocus=20, cup=None)
_POUR = Scene(kind="product", dawn=(0.40, 0.50), defocus=30, cup=None)
_POUR_LATE = Scene(kind="product", dawn=(0.60, 0.66), defocus=34, zoom=(1.12, 0.2, 0.5), cup=None)
_SUNRISE = Scene(kind="person", dawn=(0.74, 0.95), head=560, crown=(1180, 150), cup=(430, 756))

_HOUR = 3600 * 24

CLIPS = {
    clip.name: clip
    for clip in (
        Clip(name="A001_C001", card="card_A", camera="A", scene="1A", take=1, look=_WIDE, timecode="08:00:00:00", comment="flub, went again"),
        Clip(name="A001_C002", card="card_A", camera="A", scene="1A", take=2, look=_WIDE, circled=True, comment="best so far"),
        Clip(name="B001_C001", card="card_B", camera="B", scene="1A", take=2, look=_WIDE_B, distance_m=5.2, circled=True, lens="85 mm"),
        Clip(name="A001_C003", card="card_A", camera="A", scene="1B", take=1, look=_CLOSE, timecode="08:12:10:05", distance_m=2.1, lens="85 mm", comment="wind, lovely"),
        Clip(name="A001_C004", card="card_A", camera="A", scene="2A", take=1, look=_POUR, timecode="08:31:02:11", distance_m=2.6, lens="100 mm macro"),
        Clip(name="A001_C005", card="card_A", camera="A", scene="2B", take=1, look=_POUR_LATE, timecode="08:40:15:00", mos=True, lens="100 mm macro"),
        Clip(name="A001_C006", card="card_A", camera="A", scene="2C", take=1, look=_POUR_LATE, timecode="08:44:50:02", mos=True, fps_shot="48000/1001",
             lens="100 mm macro", comment="48 fps"),
        Clip(name="A001_C007", card="card_A", camera="A", scene="3A", take=1, look=_SUNRISE, timecode="09:05:20:00", distance_m=4.3, slate="tail", comment="tail slate"),
    )
}  # fmt: skip


def _slate(words: str, *, pause_s: float = 0.5) -> tuple[Event, ...]:
    marker = Say(who="assistant", text="Marker.", role="slate", after_s=0.2)
    return (Say(who="assistant", text=words, role="slate", after_s=pause_s), marker, Clap(), Wait(seconds=pause_s))


def _action(after_s: float = 0.4) -> Say:
    return Say(who="director", text="Action.", role="action", after_s=after_s)


def _cut() -> Say:
    return Say(who="director", text="Cut.", role="cut", after_s=0.7)


def _line(item: int, *, after_s: float = 0.7) -> Say:
    return Say(who="actor", text=SCRIPT[item - 1].text, role="line", item=item, after_s=after_s)


def day(length: Length) -> tuple[Sound, ...]:
    """Every recorder file of the day in order, and the stretches shot without sound."""
    short = length == "short"
    rest, beat = (1.2, 0.15) if short else (4.0, 0.5)
    second_angle: tuple[Event, ...] = () if short else (Wait(seconds=0.4), Roll(clip="B001_C001"))
    second_stop: tuple[Event, ...] = () if short else (Stop(clip="B001_C001"),)
    first = Sound(file="T001", scene="1A", take="1", jam_samples=310, note="rolls through two takes", events=(
        Wait(seconds=2.0 if short else 5.0), Say(who="assistant", text="Quiet please. Sound speed.", role="chatter"), Wait(seconds=0.8),
        Roll(clip="A001_C001"), *_slate("Scene one alpha, take one.", pause_s=beat), _action(beat),
        Say(who="actor", text="Morning starts before the, sorry.", role="line", item=1, complete=False, after_s=0.6),
        Say(who="director", text="Still rolling. Go again.", role="remark", after_s=0.6), _action(0.7),
        _line(1), *(() if short else (_line(2),)), _cut(), Say(who="director", text="Good. One more.", role="remark", after_s=0.4),
        Wait(seconds=beat), Stop(clip="A001_C001"),
        Wait(seconds=rest), *((Say(who="assistant", text="Going again. Reset the cup please.", role="chatter"), Wait(seconds=rest)) if not short else ()),
        Roll(clip="A001_C002"), *second_angle, *_slate("Scene one alpha, take two.", pause_s=beat), _action(beat), _line(1), _line(2),
        *(() if short else (Say(who="actor", text="Maybe five.", role="off-script", after_s=0.5),)),
        _cut(), Say(who="director", text="That's the one.", role="remark", after_s=0.4), Wait(seconds=beat), *second_stop, Stop(clip="A001_C002"), Wait(seconds=rest),
    ))  # fmt: skip
    close = Sound(file="T002", scene="1B", take="1", jam_samples=-420, events=(
        Wait(seconds=rest), Say(who="assistant", text="And we are rolling.", role="chatter"), Wait(seconds=0.5),
        Roll(clip="A001_C003"), *_slate("Scene one bravo, take one.", pause_s=beat), _action(beat), _line(3),
        *((Say(who="actor", text="And nobody wants anything from me.", role="off-script", after_s=0.5), _line(3, after_s=1.2)) if not short else ()),
        Gust(seconds=2.2 if short else 3.4), Wait(seconds=0.4 if short else 2.6), Say(who="actor", text="Hello, wind.", role="off-script", after_s=0.2),
        *(() if short else (_line(2),)), _cut(),
        Say(who="director", text="Keep that. Let's do a safety.", role="remark", after_s=0.4), Wait(seconds=beat), Stop(clip="A001_C003"), Wait(seconds=rest),
    ))  # fmt: skip
    product = Sound(file="T003", scene="2A", take="1", jam_samples=150, note="pour, wild", events=(
        Wait(seconds=rest), Roll(clip="A001_C004"), *_slate("Scene two alpha, take one."), _action(), Wait(seconds=0.6), Pour(seconds=7.0), Wait(seconds=0.8),
        _cut(), Say(who="director", text="Beautiful. Moving on.", role="remark"), Wait(seconds=0.5), Stop(clip="A001_C004"), Wait(seconds=rest),
    ))  # fmt: skip
    silent = Sound(file="", kind="none", events=(
        Roll(clip="A001_C005"), Wait(seconds=0.3 if short else 2.2), Pour(seconds=1.7 if short else 7.0), Wait(seconds=0.3 if short else 1.0), Stop(clip="A001_C005"),
    ))  # fmt: skip
    slow = Sound(file="", kind="none", events=(Roll(clip="A001_C006"), Wait(seconds=1.8), Pour(seconds=9.0), Wait(seconds=1.0), Stop(clip="A001_C006")))
    last = Sound(file="T004", scene="3A", take="1", recorder="Fieldline 2", ppm=0.6, tape="SR02", off_frames=_HOUR, circled=True, note="second recorder", events=(
        Wait(seconds=rest), Roll(clip="A001_C007"), Wait(seconds=beat), _action(), _line(6),
        *((Say(who="director", text="Same again, from tomorrow.", role="remark", after_s=0.9), _line(6, after_s=1.1)) if not short else ()),
        _cut(), Say(who="assistant", text="Tail slate. Scene three alpha, take one.", role="slate", after_s=0.6), Clap(tail=True), Wait(seconds=0.4),
        Stop(clip="A001_C007"), Wait(seconds=rest),
    ))  # fmt: skip
    booth = Sound(file="T005", kind="voice-over", scene="VO", take="1", tape="SR02", recorder="Fieldline 2", ppm=0.6, timecode="14:02:00:00", events=(
        Wait(seconds=0.8), Say(who="narrator", text=SCRIPT[4].text, role="line", item=5), Wait(seconds=0.6),
        *(() if short else (Say(who="narrator", text=SCRIPT[4].text, role="line", item=5), Wait(seconds=1.0))),
        Say(who="narrator", text=SCRIPT[6].text, role="line", item=7), Wait(seconds=0.9),
    ))  # fmt: skip
    tone = Sound(file="T006", kind="room tone", scene="RT", take="1", timecode="09:20:00:00", note="kitchen", events=(
        Say(who="assistant", text="Room tone, kitchen.", role="chatter"), Wait(seconds=3.0 if short else 14.0),
    ))  # fmt: skip
    decoy = Sound(file="T007", kind="decoy", scene="12", take="4", tape="SR00", date="2026-11-12", timecode="08:12:04:00", events=(
        Wait(seconds=1.0), Say(who="stranger", text="The invoice went out on Tuesday, and nobody has called back.", role="chatter"),
        Say(who="stranger", text="We could ship the boxes by train. It costs less, though it takes longer.", role="chatter"),
        *(() if short else (Say(who="stranger", text="My sister keeps bees behind the station. Forty hives, all painted blue.", role="chatter"),
                            Say(who="stranger", text="Ask me again when the rain stops.", role="chatter"))), Wait(seconds=1.0),
    ))  # fmt: skip
    return (first, close, silent, last, booth, decoy) if short else (first, close, product, silent, slow, last, booth, tone, decoy)


NOTES_HEADER = ("clip", "scene", "take", "circled", "comment", "lens", "by")


def notes(names: list[str]) -> str:
    """The day's paper as a CSV, in shooting order."""
    rows = [",".join(NOTES_HEADER)]
    for name in names:
        clip = CLIPS[name]
        comment = f'"{clip.comment}"' if "," in clip.comment else clip.comment
        rows.append(",".join((name, clip.scene, str(clip.take), "yes" if clip.circled else "", comment, clip.lens, "R. Adeyemi")))
    return "\n".join(rows) + "\n"
