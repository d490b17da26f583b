"""Captions beside the file: there, readable, and inside the film's time. Of STL only that they are there."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from answerprint.delivery import DeliveryError
from answerprint.delivery.captions import read, text_of
from answerprint.delivery.qc.records import Pass
from answerprint.media.container import shown
from answerprint.model.delivery import Finding

__all__ = ["beside", "check"]

KINDS = ("srt", "vtt", "ttml", "itt", "scc", "stl")
_READ = {"srt": "srt", "vtt": "vtt", "ttml": "ttml", "itt": "ttml", "scc": "scc"}  #: iTunes Timed Text is a kind of TTML


def beside(path: Path) -> dict[str, list[Path]]:
    """The caption files of a film by kind: NAME.srt, NAME.en.srt, NAME_en.vtt."""
    found: dict[str, list[Path]] = {}
    for one in sorted(path.parent.iterdir()):
        kind = one.suffix.lower().lstrip(".")
        if kind in KINDS and re.fullmatch(re.escape(path.stem) + r"([._-][A-Za-z]{2,3}([-_][A-Za-z]{2,4})?)?", one.stem) and one.is_file():
            found.setdefault(kind, []).append(one)
    return found


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
        text = text_of(path)
    except DeliveryError as fault:
        return [Finding(check="captions", weight="FAIL", says=str(fault).rstrip("."))]
    cues, wrong = read(text, _READ[path.suffix.lower().lstrip(".")])
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
