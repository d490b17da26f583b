"""What a writer's capitals say: who speaks and from where, what is lettering, what is sound, how near the camera is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Cue", "cue", "is_card", "is_page_matter", "is_shot", "note_of_ours", "seconds", "shot_size", "sound_only"]

_VOICE = re.compile(r"^(?:V\.? ?O\.?|VO|VOICE[ -]?OVER|AVO|MVO|FVO|NARRATION|NARRATOR|NARR\.?|ANNCR\.?|ANNC\.?|VOICE OFF|VOIX OFF|OFF)$", re.IGNORECASE)
_OFF = re.compile(r"^(?:O\.? ?S\.?|OFF[ -]?(?:SCREEN|CAMERA|STAGE)?|O\.? ?C\.?)$", re.IGNORECASE)
_OC = re.compile(r"^O[./]? ?C\.?$", re.IGNORECASE)
_CONTINUED = re.compile(r"^(?:CONT[’'.]?D?\.?|CONTINUED|CONTINUING|MORE|DUAL)$", re.IGNORECASE)
_CARDS = (
    r"SUPERS?|SUPERIMPOSE|TITLES?|(?:END |TITLE |OPENING |CLOSING )?CARD|END ?CARD|END ?FRAME|END TITLE|LOGO|GFX|GRAPHICS?|CHYRON|"
    r"LOWER[ -]THIRD|LEGAL(?: LINE)?|DISCLAIMER|ON[ -]SCREEN TEXT|TEXT(?: ON SCREEN)?|CAPTION|TAG ?LINE|CTA|MORTICE"
)
_CARD = re.compile(rf"^\s*(?:(?:{_CARDS})\s*(?:\([^)\n]*\)\s*)?[:“\"«]|(?-i:(?:SUPER|END ?CARD|TITLE CARD|END FRAME)\b))", re.IGNORECASE)
_SOUND = re.compile(
    r"^(?:SFX|FX|S/FX|SOUND(?: EFFECTS?| FX| DESIGN)?|MUSIC|MUS\.?|MX|SONG|SCORE|TRACK|JINGLE|AMBI?|AMBIENCE|AMBIENT|ATMOS|NAT(?:URAL)?[ .]?S(?:OUND|OT)|NATS|"
    r"SILENCE|SILENT|NO (?:SOUND|DIALOGUE|AUDIO)|MOS|NONE|N/?A|[-–—]+)\b",
    re.IGNORECASE,
)
_PAGE_MATTER = re.compile(
    r"^\W*(?:(?:SLOW |QUICK )?FADE (?:IN|OUT|UP|DOWN|TO \w+|FROM \w+)|(?:(?:SMASH |HARD |JUMP |MATCH )?CUT|SMASH) TO(?: \w+)?|DISSOLVE(?: TO)?|"
    r"(?:THE )?END(?: (?:OF )?(?:TEASER|ACT)(?: \w+)?)?|ACT \w+|FIN|OMITTED|\(?CONTINUED\)?)\W*$",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"^\s*(?:(?P<size>(?-i:X?ECU|X?BCU|XCU|MCU|CU|MS|MLS|MWS|WS|EWS|VWS|ELS|LS|FS|OTS)(?=\s*[:.,/–—-]|\s)|"
    r"(?:(?:EXTREME|MEDIUM|BIG|TIGHT) )?CLOSE[ -]?UPS?\b|CLOSE (?:ON|OF)\b|TIGHT ON\b|"
    r"(?:EXTREME |VERY |MEDIUM )?(?:WIDE|LONG|FULL|MEDIUM)[ -](?:SHOT|ON)\b|WIDE(?= ?[:.–—-])|MACRO(?: SHOT\b)?(?= ?[:.–—-]))|"
    r"ANGLE ON\b|INSERT(?= ?[:–—-])|CUTAWAY\b|TOP[ -]SHOT\b|OVERHEAD(?: SHOT\b)?(?= ?[:.–—-])|(?-i:POV|TABLETOP|AERIAL)(?= ?[:.–—-])|"
    r"(?:PACK|PRODUCT|BEAUTY|HERO|DETAIL|DRONE|AERIAL|TRACKING|POV)[ -]?SHOT\b)",
    re.IGNORECASE,
)
_OURS = re.compile(r"^\s*(HERO|STOCK|ALT)\s*(?::\s*(.*?)\s*)?$", re.IGNORECASE | re.DOTALL)
_BRACKET = re.compile(r"\s*\(([^()]*)\)\s*$")
_CLOCK = re.compile(r"^(?:(\d+):)?(\d*):(\d{1,2}(?:\.\d+)?)$")
_PLAIN = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(?:s|sec|secs|second|seconds|''|\"|″|”)?\.?$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A name over a speech."""

    name: str
    extensions: tuple[str, ...]
    voice_over: bool
    off_camera: bool


def cue(text: str, *, on_camera_oc: bool = False) -> Cue:
    """Who speaks, and whether the script has them out of sight.

    on_camera_oc: "(OC)" means *on camera*, as in a commercial's two columns; in a screenplay "(O.C.)" is *off* camera.
    """
    rest, found = text.strip().removesuffix("^").strip(), []
    while match := _BRACKET.search(rest):
        found.append(" ".join(match[1].split()))
        rest = rest[: match.start()]
    told = [extension for extension in reversed(found) if not _CONTINUED.match(extension)]
    name = " ".join(rest.split())
    parts = [part.strip() for extension in told for part in re.split(r"[,;]| AND | & ", extension) if part.strip()]
    if head := re.match(r"^(.+?)[ ,-]+(V\.? ?O\.?|VO|O\.S\.)$", name):  # "NOAH VO", "NOAH - V.O."
        name = head[1].rstrip(" ,-")
        parts.append(head[2])
    voice = bool(_VOICE.match(name)) or any(_VOICE.match(part) for part in parts)
    off = any(_OFF.match(part) and not (on_camera_oc and _OC.match(part)) for part in parts)
    return Cue(name=name, extensions=tuple(told), voice_over=voice, off_camera=voice or off)


def is_card(text: str) -> bool:
    """Lettering: "SUPER: ...", "End card: ...", "TITLE: ...", SUPER "..."."""
    return bool(_CARD.match(text))


def is_page_matter(text: str) -> bool:
    """A cut, a fade or an end: on the page, and nothing to be shot."""
    return len(text) < 60 and bool(_PAGE_MATTER.match(text))


def sound_only(text: str) -> bool:
    """A sound effect, music or silence: nothing that anybody says."""
    return bool(_SOUND.match(text.strip().lstrip("[(").strip()))


def shot_size(text: str) -> str | None:
    """The shot size a paragraph begins with, as written; None where it names none."""
    match = _SIZE.match(text)
    return match["size"].strip() if match and match["size"] else None


def is_shot(text: str) -> bool:
    """A paragraph that says how it is shot: a size, an angle, an insert, a pack shot."""
    return bool(_SIZE.match(text))


def note_of_ours(text: str) -> tuple[str, str] | None:
    """("HERO" | "STOCK" | "ALT", what it says) of a note in double brackets; None for anybody else's note."""
    match = _OURS.match(text)
    return (match[1].upper(), " ".join((match[2] or "").split())) if match else None


def seconds(text: str) -> Fraction | None:
    """A scripted length: "4", "4s", "4.5 sec", ":04", "0:04", "00:00:04", or a range ":03-:07" (its length). None where it is none."""
    value = text.strip().lower().removesuffix(" total").strip()
    ends = re.split(r"\s*(?:-|–|—|to|→)\s*", value)
    if len(ends) == 2 and all(ends):
        first, last = _clock(ends[0]), _clock(ends[1])
        return last - first if first is not None and last is not None and last >= first else None
    return _clock(value)


def _clock(value: str) -> Fraction | None:
    if len(value) > 20 or (not value.isascii() and not value.rstrip("″”").isascii()):
        return None
    if match := _CLOCK.match(value):
        return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + Fraction(match[3])
    if match := _PLAIN.match(value):
        return Fraction(match[1].replace(",", "."))
    return None
