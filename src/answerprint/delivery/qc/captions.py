"""Captions beside the file: there, readable, and inside the film's time. SubRip (.srt) and WebVTT (.vtt) are read; of others only that they are there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from answerprint.delivery.qc.records import Pass
from answerprint.media.container import shown
from answerprint.model.delivery import Finding

__all__ = ["Cue", "beside", "check", "read"]

KINDS = ("srt", "vtt", "ttml", "itt", "scc", "stl")
_READ = ("srt", "vtt")
_ARROW = re.compile(r"^\s*(?:(\d+):)?(\d{1,2}):(\d{2})[,.](\d{3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[,.](\d{3})")
_BIG = 4 * 2**20  #: bytes; the captions of a feature film are under 200 kB


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One caption: when it stands, in seconds of the file, and its text."""

    start_s: Fraction
    end_s: Fraction
    text: str


def beside(path: Path) -> dict[str, list[Path]]:
    """The caption files of a film by kind: NAME.srt, NAME.en.srt, NAME_en.vtt."""
    found: dict[str, list[Path]] = {}
    for one in sorted(path.parent.iterdir()):
        kind = one.suffix.lower().lstrip(".")
        if kind in KINDS and re.fullmatch(re.escape(path.stem) + r"([._-][A-Za-z]{2,3}([-_][A-Za-z]{2,4})?)?", one.stem) and one.is_file():
            found.setdefault(kind, []).append(one)
    return found


def read(text: str) -> tuple[list[Cue], list[str]]:
    """The cues of a SubRip or WebVTT file in order, and a sentence for each that cannot be read."""
    cues, wrong = [], []
    for number, block in enumerate(re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").strip()), 1):
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines) if "-->" in line), None)
        if at is None:
            if lines[0].strip() and not lines[0].startswith(("WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP")):
                wrong.append(f"part {number} has no times")
            continue
        match = _ARROW.match(lines[at])
        if match is None:
            wrong.append(f"the times of part {number} cannot be read")
            continue
        start, end = (_seconds(match.groups()[n : n + 4]) for n in (0, 4))
        cues.append(Cue(start_s=start, end_s=end, text="\n".join(lines[at + 1 :]).strip()))
    return cues, wrong


def _seconds(parts: tuple[str | None, ...]) -> Fraction:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return Fraction(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths, 1000)


def check(passed: Pass) -> list[Finding]:
    """Captions that a spec asks for, and every one that lies beside the file."""
    found, there = [], beside(passed.path)
    for kind in passed.spec.captions if passed.spec else ():
        if kind.lower() not in there:
            found.append(Finding(check="captions", weight="FAIL", says=f"captions are asked for and {shown(passed.path.with_suffix('.' + kind.lower()))} is not there", allowed=kind))
    for kind, paths in there.items():
        for path in paths:
            found += _timed(passed, path) if kind in _READ else []
    return found


def _timed(passed: Pass, path: Path) -> list[Finding]:
    name = shown(path)
    try:
        if path.stat().st_size > _BIG:
            return [Finding(check="captions", weight="FAIL", says=f"{name} is larger than captions are")]
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        why = "it is not UTF-8; accents will be wrong" if isinstance(cause, UnicodeDecodeError) else cause.strerror
        return [Finding(check="captions", weight="FAIL", says=f"{name} cannot be read: {why}")]
    cues, wrong = read(text)
    if path.suffix.lower() == ".vtt" and not text.lstrip("\ufeff").startswith("WEBVTT"):
        wrong.insert(0, "it does not begin with WEBVTT")
    if wrong:
        return [Finding(check="captions", weight="FAIL", says=f"{name}: {'; '.join(wrong[:4])}")]
    if not cues:
        return [Finding(check="captions", weight="FAIL", says=f"{name} has no caption in it")]
    found = []
    length_s, frame_s = Fraction(passed.length_s), 1 / passed.rate
    backward = [one for one in cues if one.end_s <= one.start_s]
    outside = [one for one in cues if one.end_s > length_s + frame_s or one.start_s >= length_s]
    over = [later for one, later in pairwise(cues) if later.start_s < one.end_s]
    empty = [one for one in cues if not one.text]
    for which, gravity, says in (
        (backward, "FAIL", "end before they begin"), (outside, "FAIL", f"stand beyond the film's end ({float(length_s):.2f} s)"),
        (over, "WARN", "begin before the one before has gone"), (empty, "WARN", "are empty"),
    ):  # fmt: skip
        if which:
            count = len(which)
            first = which[0]
            where = (passed.where(float(first.start_s), float(max(first.end_s, first.start_s))),)
            text = says if count > 1 else {"end": "ends", "sta": "stands", "beg": "begins", "are": "is"}[says[:3]] + says[says.index(" ") :]
            text = text.replace("they begin", "it begins") if count == 1 else text
            measured = f"{float(first.start_s):.3f} to {float(first.end_s):.3f} s"
            found.append(Finding(check="captions", weight="FAIL" if gravity == "FAIL" else "WARN", says=f"{name}: {count} caption{'s' if count > 1 else ''} {text}", where=where, measured=measured))
    return found
