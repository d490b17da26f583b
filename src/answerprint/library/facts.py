"""What is known of a shot, in the words by which people ask for one: colours, light, motion, size of shot, people, sound, shape, rate.

Each word is one bit, so that a million shots are asked at once. A word is a fact with a limit that stands here, and nothing is graded by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.colour import lab

__all__ = ["COLOURS", "FIRM", "LOOK_WIDTH", "WORDS", "Asked", "asked", "bits", "colour_facts", "look", "palette_look", "picture_words", "said"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

#: The basic colour terms of English (Berlin & Kay, 1969), with cyan for what lies between green and blue.
COLOURS = ("black", "white", "grey", "red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown")
#: Every word of a shot, in the order of its bits. Words may be added at the end, never taken out.
WORDS = (
    *COLOURS, "dark", "bright", "warm", "cool", "colourless", "still camera", "moving camera", "little motion", "much motion", "nobody's face", "one face", "several faces",
    "close-up", "medium shot", "wide shot", "no sound", "sound", "speech", "vertical", "horizontal", "square", "still picture", "clip", "slow motion", "4K", "HD", "SD",
)  # fmt: skip
#: How people say it. Longer ways are looked for first; what was understood is taken out of the question.
_WAYS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in COLOURS},
    "grey": ("grey", "gray"), "cyan": ("cyan", "teal", "turquoise"), "purple": ("purple", "violet"),
    "dark": ("dark", "at night", "by night", "night", "low key"), "bright": ("bright", "high key"), "warm": ("warm", "warm light", "warm colours", "warm colors", "golden hour"),
    "cool": ("cool light", "cool colours", "cool colors", "cold light"), "colourless": ("black and white", "monochrome", "colourless"),
    "still camera": ("still camera", "camera stands still", "camera is still", "locked off", "locked-off", "static camera", "on a tripod", "static"),
    "moving camera": ("moving camera", "camera moves", "pan", "tracking shot", "handheld"), "little motion": ("little motion", "little movement"), "much motion": ("much motion", "fast motion", "action"),
    "nobody's face": ("no people", "nobody", "no one", "without people", "no faces", "no face", "empty of people"), "one face": ("one person", "a face", "portrait"), "several faces": ("several people", "faces", "a group of people"),
    "close-up": ("close-up", "close up", "closeup", "close on", "cu"), "medium shot": ("medium shot", "mid shot", "ms"), "wide shot": ("wide shot", "long shot", "ws", "establishing shot"),
    "no sound": ("no sound", "without sound", "mute", "mos"), "sound": ("with sound", "live sound"), "speech": ("with speech", "spoken"),
    "vertical": ("vertical", "portrait format", "9:16", "upright"), "horizontal": ("horizontal", "landscape format", "16:9"), "square": ("square picture", "1:1"),
    "still picture": ("still picture", "photograph", "photo", "stills"), "clip": (), "slow motion": ("slow motion", "slow-mo", "slomo", "high speed", "overcranked"),
    "4K": ("4k", "uhd"), "HD": ("hd", "1080"), "SD": ("sd",),
}  # fmt: skip
#: What is known for sure: a question that names one of these gets nothing else.
FIRM = frozenset(("nobody's face", "no sound", "vertical", "horizontal", "square", "still picture"))
_PEOPLE = ("one face", "several faces")
_ANYBODY = re.compile(r"\b(person|people|somebody|someone|man|men|woman|women|girl|boy|child|children|face|lady|guy|couple)\b")
#: A colour is named where it covers this much of a picture: a prop of a fifth by a quarter of the frame.
COVERS = 0.05
_GREY_CHROMA = 12  #: in CIELAB: asphalt, a white table and white feathers average 1.5 to 7 in real clips
_BLACK_L, _WHITE_L = 18, 82  #: L* below and above which something without colour is called black, white
_BROWN_L = 50  #: orange darker than this is brown
_HUES = ((15, "red"), (45, "orange"), (70, "yellow"), (165, "green"), (195, "cyan"), (260, "blue"), (300, "purple"), (345, "pink"), (361, "red"))  #: hexcone degrees
_DARK_L, _BRIGHT_L = 22, 65  #: mean L*: of 69 real shots the darkest tenth lies below 20, the brightest twentieth above 66
_WARM_B, _COOL_B = 12, -6  #: mean b*: of 69 real shots a quarter lies above 12.7 (wood, lamps, a low sun), a tenth below -6.5
_STILL, _MOVES = 0.02, 0.06  #: shares of the long side in a second: every tripod among 69 real shots has 0, a quarter moves by more than 0.063
_LITTLE, _MUCH = 1.0, 8.0  #: 8-bit codes between neighbouring frames: of 69 real shots half lie below 1.1, a twentieth above 7.3
#: The height of a face, forehead to chin, in shares of the picture's. A figure is seven and a half heads and a face three quarters of one: a picture
#: from the chest up holds a face of 0.30, one of a whole figure with some air one of 0.09.
_CLOSE, _MEDIUM = 0.30, 0.10
LOOK_WIDTH = 128  #: 64 kinds of colour, and 16 fields of three


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, taken apart: words that are facts, and what is left for the meaning."""

    facts: tuple[str, ...]
    anybody: bool  #: somebody is to be seen
    rest: str


def asked(text: str) -> Asked:
    """Which facts a question names, and what is left of it. Nothing named: no facts."""
    left, found = f" {' '.join(unicodedata.normalize('NFC', text).casefold().replace('’', chr(39)).split())} ", []
    ways = sorted(((way, word) for word, group in _WAYS.items() for way in group), key=lambda one: -len(one[0]))
    for way, word in ways:
        cut = re.sub(rf"(?<![\w-]){re.escape(way)}(?![\w-])", " ", left)
        if cut != left:
            found.append(word)
            # a colour belongs to what it colours and stays in the question as well
            left = cut if word not in COLOURS else left
    if "close-up" not in found and re.search(r"(?<![\w-])close(?![\w-])", left):
        left = re.sub(r"(?<![\w-])close(?![\w-])", " ", left)
    facts = tuple(word for word in WORDS if word in found)
    return Asked(facts=facts, anybody=bool(_ANYBODY.search(left)) and "nobody's face" not in facts, rest=" ".join(left.replace(" ,", ",").split()).strip(" ,"))


def bits(words: Iterable[str]) -> int:
    """Words as one whole number."""
    return sum(1 << WORDS.index(word) for word in set(words))


def said(number: int) -> tuple[str, ...]:
    """The words of a whole number."""
    return tuple(word for place, word in enumerate(WORDS) if number >> place & 1)


def people(number: int) -> bool:
    return any(word in _PEOPLE for word in said(number))


# ---- colour


def colour_facts(tinies: Sequence[Picture]) -> tuple[dict[str, float], float, float, float]:
    """Of small pictures: the share of each colour by name, mean L*, mean b* and mean chroma.

    Args: tinies: shapes (h, w, 3), 8-bit RGB; at least one.
    """
    rgb = np.concatenate([one.reshape(-1, 3) for one in tinies]).astype(np.float64) / 255
    seen = lab(rgb)
    light, chroma = seen[:, 0], np.hypot(seen[:, 1], seen[:, 2])
    high, low = rgb.max(axis=1), rgb.min(axis=1)
    by = np.maximum(high - low, 1e-9)
    red, green, blue = rgb.T
    hue = 60 * np.choose(rgb.argmax(axis=1), [((green - blue) / by) % 6, (blue - red) / by + 2, (red - green) / by + 4])
    named = np.array([COLOURS.index(name) for _, name in _HUES])[np.searchsorted([limit for limit, _ in _HUES], hue, side="right")]
    named = np.where((named == COLOURS.index("orange")) & (light < _BROWN_L), COLOURS.index("brown"), named)
    grey = np.where(light < _BLACK_L, 0, np.where(light > _WHITE_L, 1, 2))
    named = np.where((chroma < _GREY_CHROMA) | (light < _BLACK_L / 2), grey, named)
    shares = np.bincount(named, minlength=len(COLOURS)) / named.size
    return {name: round(float(share), 3) for name, share in zip(COLOURS, shares, strict=True) if share >= 0.01}, float(light.mean()), float(seen[:, 2].mean()), float(chroma.mean())


def look(tinies: Sequence[Picture]) -> Floats:
    """How pictures look, for laying one beside another: how much of which colours, and where. Shape (128,)."""
    found = np.zeros(LOOK_WIDTH, np.float32)
    found[:64] = _amounts(np.concatenate([one.reshape(-1, 3) for one in tinies]))
    middle = tinies[len(tinies) // 2]
    rows, columns = (np.array_split(np.arange(size), 4) for size in middle.shape[:2])
    fields = np.array([middle[np.ix_(row, column)].reshape(-1, 3).mean(axis=0) for row in rows for column in columns]) / 255
    laid = lab(fields) - np.array((50.0, 0.0, 0.0))
    long = float(np.linalg.norm(laid))
    found[64:112] = (laid / long if long else laid).ravel()
    return found


def palette_look(colours: Sequence[tuple[int, int, int]]) -> Floats:
    """The look of a few colours in equal amounts, wherever they lie. Shape (128,)."""
    found = np.zeros(LOOK_WIDTH, np.float32)
    found[:64] = _amounts(np.array(colours, np.uint8))
    return found


def _amounts(pixels: NDArray[np.uint8]) -> Floats:
    """How much of a picture lies in each of 4 x 4 x 4 parts of CIELAB, soft between neighbours; square roots, as long as 1."""
    seen = lab(pixels.astype(np.float64) / 255)
    places = np.clip(np.stack([seen[:, 0] / 100 * 3, (seen[:, 1] + 60) / 40, (seen[:, 2] + 60) / 40], axis=1), 0, 3)
    low = np.minimum(places.astype(np.intp), 2)
    part = places - low
    table = np.zeros((4, 4, 4))
    for corner in range(8):
        up = np.array([corner >> 2 & 1, corner >> 1 & 1, corner & 1])
        np.add.at(table, tuple((low + up).T), np.prod(np.where(up, part, 1 - part), axis=1))
    amounts = np.sqrt(table.ravel() / max(1, len(pixels)))
    return np.asarray(amounts, np.float32)


def picture_words(shares: Mapping[str, float], light: float, yellow: float, chroma: float) -> list[str]:
    """Which words the colours of a shot earn it."""
    found = [name for name, share in shares.items() if share >= COVERS]
    found += ["dark"] if light < _DARK_L else ["bright"] if light > _BRIGHT_L else []
    if chroma < _GREY_CHROMA / 3:
        return [*found, "colourless"]
    return found + (["warm"] if yellow > _WARM_B else ["cool"] if yellow < _COOL_B else [])


def motion_words(motion: float | None, moved: float | None) -> list[str]:
    """motion: 8-bit codes between neighbouring frames.  moved: shares of the long side in a second."""
    found = []
    if moved is not None:
        found += ["still camera"] if moved < _STILL else ["moving camera"] if moved > _MOVES else []
    if motion is not None:
        found += ["little motion"] if motion < _LITTLE else ["much motion"] if motion > _MUCH else []
    return found


def face_words(counts: Sequence[int], height: float) -> list[str]:
    """counts: faces in each picture that was looked at.  height: of the largest, in shares of the picture's."""
    most = max(counts, default=0)
    size = [] if not most else ["close-up"] if height >= _CLOSE else ["medium shot"] if height >= _MEDIUM else ["wide shot"]
    return ["nobody's face" if not most else "one face" if most == 1 else "several faces", *size]


def shape_words(width: int, height: int) -> list[str]:
    """The shape of a picture as it is seen, and how many lines its short side has."""
    shape = "vertical" if height > 1.05 * width else "horizontal" if width > 1.05 * height else "square"
    short = min(width, height)
    return [shape, *(["4K"] if short >= 2000 else ["HD"] if short >= 1000 else ["SD"] if short < 700 else [])]
