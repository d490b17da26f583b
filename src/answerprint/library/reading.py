"""One file as the library knows it: a clip's shots, or a still; what is seen and heard in each, and the words by which it is found.

The picture index comes first and reads key frames; faces and things are looked for in a few frames of each shot, where what finds them is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from answerprint.library import LibraryError, facts, hearing, meaning, tagging
from answerprint.library.columns import KINDS, NewShot
from answerprint.library.naming import DECODERS, name_words, written
from answerprint.library.pictures import Glance, Moment, Shot, moments, shots
from answerprint.library.strips import at
from answerprint.media import faces, ocr, origin
from answerprint.media.container import shown
from answerprint.media.greys import eight_bit
from answerprint.media.probe import probe

__all__ = ["OPTIONAL", "STILLS", "WIDEST", "Read", "on_wish", "passes_here", "picture_vectors", "read"]

STILLS = frozenset(".jpg .jpeg .png .tif .tiff .webp".split())
#: The things of a shot and what they mean were once made in another way, under other names: what an older version took in is searched as it is, and looked
#: at anew by the next `add`.
_THINGS, _WORDS = "things:unlike", "words:described"
OPTIONAL = frozenset({"lettering", "transcript"})  #: passes that are made on wish: the reading of words on screen and the listening to what is said take long
_TOP = 6  #: classes that are named of a shot
_LEAST = 0.05  #: the share from which a class is named to a person
_LOOKS = 3  #: frames of a shot in which faces and things are looked for, evenly apart
#: And up to two that differ from them by so many 8-bit codes in the mean: in twelve real clips a car that drove through and a parrot that stepped back did by 50.
_UNLIKE, _OTHER = 2, 12
_NEAR_S = 2.5  #: a key frame is as good as the frame at a moment where it is this near
_SURE = 0.8  #: of the reader's own score: what it read rightly on real pictures had 1.0
_PREVIEW_PX = 480
_LONG_PX = 640  #: of a frame that is looked at
WIDEST = 2 * (Image.MAX_IMAGE_PIXELS or 2**27)  #: pixels of a still that the reader of pictures opens: 179 million
#: A fixed turn of the classifier's features into fewer: distances keep within a tenth (Johnson & Lindenstrauss, 1984).
_TURN_SEED = 1280


@dataclass(frozen=True, kw_only=True)
class Read:
    """A file, ready to go into the index."""

    info: dict[str, Any]
    shots: tuple[NewShot, ...]
    passes: frozenset[str]


def passes_here(clip: meaning.Clip | None = None) -> frozenset[str]:
    """Which passes can be made with what is installed; a CLIP model is one of its own."""
    found = {"picture"}
    found |= {"faces"} if faces.installed() else set()
    found |= {_THINGS} if tagging.installed() else set()
    found |= {_WORDS} if meaning.installed() else set()
    found |= {"voice"} if hearing.installed() else set()
    return frozenset(found | ({f"clip:{clip.folder}"} if clip is not None else set()))


def read(path: Path, *, clip: meaning.Clip | None = None, want: frozenset[str] | None = None, named: bool = True, progress: Callable[[float], None] = lambda done: None) -> Read:
    """Look at a file.

    Args:   clip: a CLIP model, if there is one.  want: passes to make, of `passes_here` and OPTIONAL; all of the former where not given.  named: whether the words of its name count.
    Raises: MediaError, LibraryError, one sentence: it cannot be read, or has no picture.
    """
    still = path.suffix.casefold() in STILLS
    passes = (passes_here(clip) | on_wish()) & (want or passes_here(clip))
    info, found, looked = _still(path) if still else _clip(path, progress)
    if origin.generated(path):
        info["generated"] = "says of itself that it was generated"
    words = [*(name_words(path) if named else ()), *written(path)]
    sound = hearing.heard(path, found, transcript="transcript" in passes) if info["sound"] and passes & {"voice", "transcript"} else [None] * len(found)
    made = [_shot(shot, looks, info, words, clip, passes, told) for shot, looks, told in zip(found, looked, sound, strict=True)]
    return Read(info=info, shots=tuple(made), passes=passes)


def on_wish() -> frozenset[str]:
    """Which passes of OPTIONAL can be made with what is installed."""
    return frozenset(({"lettering"} if ocr.installed() else set()) | ({"transcript"} if hearing.installed() else set()))


def _clip(path: Path, progress: Callable[[float], None]) -> tuple[dict[str, Any], list[Shot], list[list[Moment]]]:
    about = probe(path)
    if about.video is None:
        raise LibraryError(f"{shown(path)} has no picture: the library holds clips and stills.")
    if about.kind == "camera original":
        raise LibraryError(f"{shown(path)}: its picture cannot be decoded here. Bring a proxy of the same name.")
    video = about.video
    width, height = video.display_size
    info = {
        "kind": "clip", "width": width, "height": height, "rate": str(video.rate), "length_s": str(video.duration_s), "codec": video.codec, "variable": video.variable,
        "sound": sum(stream.channels for stream in about.audio), "slow": bool(video.fps_shot and video.fps_shot > video.rate * Fraction(11, 10)),
        "timecode": about.timecode, "reel": about.reel, "log": video.colour.log,
    }  # fmt: skip
    found = shots(path, duration_s=video.duration_s, rotation_deg=video.rotation_deg, progress=progress)
    looked = []
    for shot in found:
        length = shot.out_s - shot.in_s
        wanted = [shot.in_s + length * (2 * part + 1) / (2 * _LOOKS) for part in range(_LOOKS)]
        wanted += _unlike(shot, wanted)
        seen = moments(path, wanted, rotation_deg=video.rotation_deg, motion_at=wanted[_LOOKS // 2])
        inside = sorted({one.at_s: one for one in seen if shot.in_s <= one.at_s < shot.out_s}.values(), key=lambda one: one.at_s)
        # where the key frame before a moment is of another shot, or long ago: the frame itself
        lacking = [moment for moment in wanted if not any(abs(moment - one.at_s) <= _NEAR_S for one in inside)]
        pictures = at(path, lacking, long_px=_LONG_PX, rotation_deg=video.rotation_deg) if lacking else []
        inside = sorted([*inside, *(Moment(at_s=at_s, picture=picture) for at_s, picture in zip(lacking, pictures, strict=False))], key=lambda one: one.at_s)
        if inside and not any(shot.in_s <= one.at_s < shot.out_s for one in shot.glances):
            shot.glances = [Glance(at_s=one.at_s, tiny=_tiny(one.picture)) for one in inside]
        looked.append(inside or seen[-1:])
    return info, found, looked


def _unlike(shot: Shot, wanted: Sequence[Fraction]) -> list[Fraction]:
    """Up to two moments of a shot that look least like the ones that are looked at anyway: what drives through a picture is in few of its frames."""
    size = shot.glances[0].tiny.shape if shot.glances else ()
    glances = [one for one in shot.glances if one.tiny.shape == size and shot.in_s <= one.at_s < shot.out_s]
    if len(glances) <= len(wanted):
        return []
    tinies = np.stack([one.tiny for one in glances]).astype(np.int16)
    apart = np.full(len(glances), np.inf)
    for moment in wanted:
        apart = np.minimum(apart, np.abs(tinies - tinies[min(range(len(glances)), key=lambda place: abs(glances[place].at_s - moment))]).mean(axis=(1, 2, 3)))
    found: list[Fraction] = []
    while len(found) < _UNLIKE and float(apart.max()) >= _OTHER:
        place = int(apart.argmax())
        found.append(glances[place].at_s)
        apart = np.minimum(apart, np.abs(tinies - tinies[place]).mean(axis=(1, 2, 3)))
    return found


def _still(path: Path) -> tuple[dict[str, Any], list[Shot], list[list[Moment]]]:
    try:
        with Image.open(path, formats=DECODERS) as image:
            size = image.size
            image.draft("RGB", (2 * _PREVIEW_PX, 2 * _PREVIEW_PX))
            picture = eight_bit(ImageOps.exif_transpose(image)).convert("RGB")
            picture.thumbnail((_LONG_PX, _LONG_PX))
    except Image.DecompressionBombError as cause:
        raise LibraryError(f"{shown(path)} has more than the {WIDEST // 10**6} million pixels that are read here. Bring a smaller copy of it.") from cause
    except (OSError, ValueError, SyntaxError) as cause:
        raise LibraryError(f"{shown(path)} is no picture that can be read ({str(cause)[:100]}). Copy it again from where it came, or leave it out.") from cause
    wide, high = (max(size), min(size)) if picture.width >= picture.height else (min(size), max(size))
    info = {"kind": "still", "width": wide, "height": high, "rate": None, "length_s": "0", "sound": 0, "slow": False}
    shot = Shot(in_s=Fraction(0), out_s=Fraction(0))
    moment = Moment(at_s=Fraction(0), picture=np.asarray(picture, np.uint8))
    return info, [shot], [[moment]]


def _shot(shot: Shot, looks: list[Moment], info: dict[str, Any], named: Sequence[str], clip: meaning.Clip | None, passes: frozenset[str], told: hearing.Heard | None) -> NewShot:
    middle = looks[len(looks) // 2] if looks else None
    tinies = [one.tiny for one in shot.glances] or [_tiny(one.picture) for one in looks]
    if not tinies:
        raise LibraryError("not one frame of it decodes. Copy it again from where it came.")
    shares, light, yellow, chroma = facts.colour_facts(tinies)
    motion = next((one.motion for one in looks if one.motion is not None), None)
    moved = next((one.moved for one in looks if one.moved is not None), None)
    words = facts.picture_words(shares, light, yellow, chroma) + facts.motion_words(motion, moved) + facts.shape_words(info["width"], info["height"])
    words += ["still picture"] if info["kind"] == "still" else ["clip", "sound" if info["sound"] else "no sound"]
    words += ["slow motion"] if info["slow"] else []
    known: dict[str, Any] = {"colours": shares, "light": round(light, 1), "yellow": round(yellow, 1), "chroma": round(chroma, 1), "named": list(named)}
    if motion is not None and moved is not None:
        known |= {"motion_codes": round(motion, 2), "moved_share_s": round(moved, 3)}
    named = list(named)
    if told is not None:
        words += ["speech"] if told.speaks else []
        known |= {"voice_s": told.voice_s} | ({"said": told.text} if told.text else {})
        named += [told.text] if told.text else []
    if middle is not None and "lettering" in passes and (read_there := _lettering(middle.picture)):
        known["lettering"] = read_there
        named += [read_there]
    vectors: dict[str, NDArray[np.float32]] = {"look": facts.look(tinies)}
    if looks and "faces" in passes:
        people = [faces.faces(one.picture) for one in looks]
        tallest = max((face.height for group in people for face in group), default=0.0)
        words += facts.face_words([len(group) for group in people], tallest)
        known |= {"faces": max(map(len, people)), "face_height": round(tallest, 3)}
    things: list[tuple[str, float]] = []
    seen: list[tagging.Seen] = []
    if looks and _THINGS in passes:
        seen = tagging.seen([one.picture for one in looks])
        things = tagging.named(seen, count=_TOP, least=_LEAST)
        vectors["things"] = _turned(np.mean([one.features for one in seen], axis=0))
        known["things"] = [[name, round(share, 2)] for name, share in things]
    spelt = list(named)
    if _WORDS in passes:
        vectors["words"] = _meant(seen, named)
    else:  # nothing to compare by: then by the names alone
        spelt += [name for name, _ in things]
    if looks and clip is not None and f"clip:{clip.folder}" in passes:
        vectors["clip"] = np.mean([clip.picture(one.picture) for one in looks], axis=0)
    return NewShot(
        in_s=shot.in_s, out_s=shot.out_s, key_s=middle.at_s if middle is not None else shot.in_s, facts=known, bits=facts.bits(words),
        says=" ".join(spelt), preview=_jpeg(middle.picture) if middle is not None else None, vectors=vectors,
    )  # fmt: skip


def picture_vectors(path: Path, clip: meaning.Clip | None = None, *, at_s: Fraction | None = None) -> dict[str, NDArray[np.float32]]:
    """The vectors of a picture, or of a clip at a moment (its middle where none is given), that others are to be like.

    Raises: MediaError, LibraryError: it cannot be read.
    """
    if path.suffix.casefold() in STILLS:
        picture = _still(path)[2][0][0].picture
    else:
        about = probe(path)
        if about.video is None:
            raise LibraryError(f"{shown(path)} has no picture.")
        seen = moments(path, [about.video.duration_s / 2 if at_s is None else at_s], rotation_deg=about.video.rotation_deg)
        if not seen:
            raise LibraryError(f"{shown(path)}: not one frame of it decodes.")
        picture = seen[0].picture
    found = {"look": facts.look([_tiny(picture)])}
    if tagging.installed():
        found["things"] = _turned(tagging.seen([picture])[0].features)
    if clip is not None:
        found["clip"] = clip.picture(picture)
    return found


def _lettering(picture: NDArray[np.uint8]) -> str:
    """Words on screen, as far as the reader is sure of them."""
    light = np.asarray(Image.fromarray(picture).convert("L"), np.uint8)
    return " ".join(says for says, _, score in ocr.text(light) if score >= _SURE)


def _meant(seen: Sequence[tagging.Seen], named: Sequence[str]) -> NDArray[np.float32]:
    """What a shot is about: what it is like, and what people wrote, the one as much as the other."""
    found = np.zeros(KINDS["words"], np.float32)
    if seen:
        found += tagging.about(seen)
    if named:
        found += meaning.embedded([" ".join(named)])[0]
    return found


def _turned(features: NDArray[np.float32]) -> NDArray[np.float32]:
    turn = np.random.default_rng(_TURN_SEED).standard_normal((tagging.FEATURES, KINDS["things"])).astype(np.float32)
    return np.asarray((features - features.mean()) @ turn, np.float32)


def _tiny(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = Image.fromarray(picture)
    image.thumbnail((48, 48), Image.Resampling.BOX)
    return np.asarray(image, np.uint8)


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    image = Image.fromarray(picture)
    image.thumbnail((_PREVIEW_PX, _PREVIEW_PX))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
