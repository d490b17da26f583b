"""Captions of a film: read, laid behind head and clock, written beside the file. SubRip (.srt), WebVTT (.vtt), TTML (.ttml) and Scenarist's line 21 (.scc).

A file that stays of its kind keeps everything but its times: places, styles and notes of whoever made it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree  # type: ignore[import-untyped]

from answerprint.delivery import DeliveryError, parts
from answerprint.delivery.captioning import LINE_21, STANDARD, ebutt, line21
from answerprint.delivery.captioning.breaking import wrapped
from answerprint.delivery.captioning.languages import right_to_left
from answerprint.delivery.encoding import durable, on_disk
from answerprint.media.container import shown
from answerprint.model.time import round_half_up

__all__ = ["BIG", "KINDS", "MADE", "Cue", "beside", "given", "read", "text_of", "written"]

KINDS = ("srt", "vtt", "ttml", "scc")
MADE = ("cuts", "captions")  #: the folder of what is made here, in the production
BIG = 4 * 2**20  #: bytes; the captions of a feature film are under 200 kB
_ARROW = re.compile(r"^([ \t]*)((?:\d{1,6}:)?\d{1,2}:\d{2}[,.]\d{3})([ \t]*-->[ \t]*)((?:\d{1,6}:)?\d{1,2}:\d{2}[,.]\d{3})", re.MULTILINE)
_TTML = "http://www.w3.org/ns/ttml"
_PARAMETER, _STYLE = f"{{{_TTML}#parameter}}", f"{{{_TTML}#styling}}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_TAGS = re.compile(r"</?[^<>]*>|\{\\[^{}]*\}")
_KEPT = re.compile(r"</?[ibu]>", re.IGNORECASE)  #: what SubRip and WebVTT both have
_WRONG = 4  #: faults in one sentence


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One caption: when it stands, in seconds of the file, and its text, with a line break where it has one."""

    start_s: Fraction
    end_s: Fraction
    text: str


def text_of(path: Path) -> str:
    """What is in a captions file.

    Raises: DeliveryError: it is not there, larger than captions are, or not UTF-8.
    """
    try:
        if path.stat().st_size > BIG:
            raise DeliveryError(f"{shown(path)} is larger than captions are ({BIG >> 20} MiB).")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise DeliveryError(f"{shown(path)} cannot be read: it is not UTF-8; accents will be wrong. Save it as UTF-8.") from cause
    except OSError as cause:
        raise DeliveryError(f"{shown(path)} cannot be read: {cause.strerror}.") from cause


def read(text: str, kind: str = "srt") -> tuple[list[Cue], list[str]]:
    """The cues of a captions file in order, and what is wrong with those that cannot be read."""
    if kind == "scc":
        on_screen, wrong = line21.read(text)
        return [Cue(start_s=one.first / line21.RATE, end_s=one.end / line21.RATE, text=one.text) for one in on_screen], wrong
    cues, wrong = _ttml(text) if kind == "ttml" else _blocks(text)
    return [replace(cue, text=_unmarked(cue.text)) for cue in cues], wrong


def given(assets: Path, version: str, refused: Collection[str] = ()) -> tuple[tuple[Path, str], ...]:
    """The captions of a version, each with its language: "master.srt", "master.en.srt", "15 French_fr.ttml". Empty where there are none.

    Args:   assets: where people bring theirs; what was made here lies in the same production's cuts/captions/. In a language that
            somebody brought, nothing else counts.
            refused: what was made here and is not wanted, as "VERSION.LANGUAGE".
    """
    brought = _named(assets, version)
    languages = {language.casefold() for _, language in brought}
    against = {one.casefold() for one in refused}
    made = [(path, language) for path, language in _named(assets.parent.joinpath(*MADE), version) if language.casefold() not in languages and f"{version}.{language}".casefold() not in against]
    return (*brought, *made)


def _named(folder: Path, version: str) -> list[tuple[Path, str]]:
    named = re.compile(rf"{re.escape(version)}(?:[._-](?P<language>[a-z]{{2,3}}(?:-[a-z0-9]{{2,8}})*))?", re.IGNORECASE)
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower().lstrip(".") in KINDS and path.is_file())
    except FileNotFoundError:
        return []
    return [(path, match["language"] or "") for path in files if (match := named.fullmatch(path.stem))]


def written(cues: Sequence[Cue], kind: str, language: str = "") -> str:
    """Captions as a file of a kind. Times are taken as they are, whole thousandths of a second; `line21.written` knows frames."""
    return _WRITERS[kind](cues, language)


def beside(film: Path, source: Path, kind: str, *, head_s: Fraction, language: str = "") -> Path:
    """Write a film's captions beside it: NAME.srt, or NAME.en.srt.

    Args:   source: captions whose time zero is the film's first frame.  head_s: what stands before the film in its file, in seconds.
            kind: as a spec asks for them: "srt", "vtt", "ttml" or "scc".  language: of the captions, as BCP 47 writes it; may be empty.
    Returns: the new file. What is wrong with the captions' times, technical QC says.
    Raises: DeliveryError: one of the two kinds is not known here, it cannot be read, has no caption, or the disk is full.
    """
    own = source.suffix.lower().lstrip(".")
    for one in (own, kind):
        if one not in KINDS:
            raise DeliveryError(f"{shown(source)}: captions are read and written as {', '.join(KINDS)}; {one or 'this file'!r} is none of them. Have it converted.")
    text = text_of(source)
    cues, wrong = read(text, own)
    if wrong or not cues:
        raise DeliveryError(f"{shown(source)}: {'; '.join(wrong[:_WRONG]) or 'it has no caption in it'}. Export it again.")
    if kind == own == "scc":
        moved = line21.moved(text, round_half_up(head_s * line21.RATE))
    elif kind == own:
        moved = _moved_ttml(text, head_s) if kind == "ttml" else _ARROW.sub(lambda at: _moved(at, head_s, kind), text)
    else:
        moved = _WRITERS[kind]([replace(cue, start_s=cue.start_s + head_s, end_s=cue.end_s + head_s, text=_plain(cue.text, own)) for cue in cues], language)
    out = film.with_name(f"{film.stem}{'.' + language if language else ''}.{kind}")
    with on_disk(film.parent, "The film is kept."):
        part = parts.beside(out)
        try:
            part.write_text(moved, encoding="utf-8", newline="")
            os.chmod(part, 0o644)
            durable(part, out)
        finally:
            part.unlink(missing_ok=True)
    return out


# ---- SubRip and WebVTT


def _blocks(text: str) -> tuple[list[Cue], list[str]]:
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
        cues.append(Cue(start_s=_seconds(match[2]), end_s=_seconds(match[4]), text="\n".join(lines[at + 1 :]).strip()))
    return cues, wrong


def _seconds(clock: str) -> Fraction:
    *above, seconds, thousandths = (int(part) for part in re.split("[:,.]", clock))
    minutes = sum(part * 60**power for power, part in enumerate(reversed(above)))
    return Fraction((minutes * 60 + seconds) * 1000 + thousandths, 1000)


def _clock(at_s: Fraction, point: str = ".") -> str:
    thousandths = round_half_up(at_s * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"


def _moved(at: re.Match[str], by_s: Fraction, kind: str) -> str:
    point = "," if kind == "srt" else "."
    start, end = (_clock(_seconds(at[n]) + by_s, point) for n in (2, 4))
    return f"{at[1]}{start}{at[3]}{end}"


def _plain(text: str, kind: str) -> str:
    """A caption without what only its own kind understands; slanted, bold and underlined words stay marked."""
    found = _TAGS.sub(lambda tag: tag[0].lower() if _KEPT.fullmatch(tag[0]) else "", text)
    return found.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&") if kind == "vtt" else found


def _srt(cues: Sequence[Cue], language: str) -> str:
    return "\n".join(f"{n}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n{_sided(cue.text, language)}\n" for n, cue in enumerate(cues, 1))


_RLM = "\u200f"  #: right-to-left mark


def _sided(text: str, language: str) -> str:
    """SubRip has no word for direction, and players take the left: a mark at both ends of a line keeps its full stop on the right side."""
    return "\n".join(f"{_RLM}{line}{_RLM}" if line else line for line in text.split("\n")) if right_to_left(language) else text


def _unmarked(text: str) -> str:
    """The lines of a caption without our marks of direction at their ends."""
    return "\n".join(line.strip(_RLM) for line in text.split("\n"))


def _vtt(cues: Sequence[Cue], _: str) -> str:
    return "WEBVTT\n\n" + "\n".join(f"{_clock(cue.start_s)} --> {_clock(cue.end_s)}\n{_safe(cue.text)}\n" for cue in cues)


def _safe(text: str) -> str:
    """Text as markup may hold it; i, b and u stay."""
    return re.sub(r"&lt;(/?[ibu])&gt;", r"<\1>", escape(text))


# ---- TTML (W3C Timed Text Markup Language 2; EBU-TT-D and IMSC are kinds of it)


def _ttml(text: str) -> tuple[list[Cue], list[str]]:
    try:
        root = _tree(text)
    except ValueError as cause:
        return [], [str(cause)]
    cues: list[Cue] = []
    wrong: list[str] = []
    _walk(root, Fraction(0), None, _Times(root), cues, wrong)
    return sorted(cues, key=lambda cue: cue.start_s), wrong


def _tree(text: str) -> Any:
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as cause:
        raise ValueError(f"it is not whole XML ({cause})") from cause
    if root.tag != f"{{{_TTML}}}tt":
        raise ValueError("it is XML, but no TTML")
    if root.get(f"{_PARAMETER}timeBase", "media") != "media":
        raise ValueError(f"its times are counted as {root.get(f'{_PARAMETER}timeBase')}; ask for media time")
    return root


class _Times:
    """Time expressions of one document, by its own frames and ticks."""

    def __init__(self, root: Any) -> None:
        times, by = (int(part) for part in root.get(f"{_PARAMETER}frameRateMultiplier", "1 1").split())
        self._frame = Fraction(by, int(root.get(f"{_PARAMETER}frameRate", "30")) * times)
        self._tick = Fraction(1, int(root.get(f"{_PARAMETER}tickRate", "0")) or 1 / self._frame)

    def seconds(self, said: str) -> Fraction:
        """Raises: ValueError: it is no time."""
        if match := re.fullmatch(r"(\d{2,}):(\d\d):(\d\d)(\.\d+)?(?::(\d{2,}))?", said.strip()):
            whole = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
            return whole + Fraction(match[4] or 0) + int(match[5] or 0) * self._frame
        if match := re.fullmatch(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)", said.strip()):
            units = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000), "f": self._frame, "t": self._tick}
            return Fraction(match[1]) * units[match[2]]
        raise ValueError(f"{said[:20]!r} is no time")


def _walk(node: Any, zero_s: Fraction, end_s: Fraction | None, times: _Times, cues: list[Cue], wrong: list[str]) -> None:
    """Every paragraph with its times; those of what lies inside count from where that begins."""
    try:
        start_s = zero_s + (times.seconds(node.get("begin")) if node.get("begin") else 0)
        if node.get("end"):
            end_s = zero_s + times.seconds(node.get("end"))
        elif node.get("dur"):
            end_s = start_s + times.seconds(node.get("dur"))
    except ValueError as cause:
        wrong.append(f"{_name(node)} {len(cues) + len(wrong) + 1}: {cause}")
        return
    if _name(node) == "p":
        timed = [child for child in node if _name(child) == "span" and child.get("begin")]
        if timed and not node.get("begin"):
            for child in timed:
                _walk_span(child, start_s, times, cues, wrong)
        elif end_s is None:
            wrong.append(f"p {len(cues) + len(wrong) + 1} has no end")
        else:
            cues.append(Cue(start_s=start_s, end_s=end_s, text=_words(node)))
        return
    for child in node:
        _walk(child, start_s, end_s, times, cues, wrong)


def _walk_span(node: Any, zero_s: Fraction, times: _Times, cues: list[Cue], wrong: list[str]) -> None:
    try:
        start_s = zero_s + times.seconds(node.get("begin"))
        end_s = zero_s + times.seconds(node.get("end")) if node.get("end") else start_s + times.seconds(node.get("dur") or "")
    except ValueError as cause:
        wrong.append(f"span {len(cues) + len(wrong) + 1}: {cause}")
        return
    cues.append(Cue(start_s=start_s, end_s=end_s, text=_words(node)))


def _name(node: Any) -> str:
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def _words(node: Any) -> str:
    """The text of a paragraph: white space is one space, a `br` breaks the line, slanted spans are marked."""
    named = {one.get(f"{_XML}id") for one in node.getroottree().iter(f"{{{_TTML}}}style") if one.get(f"{_STYLE}fontStyle") == "italic"}

    def inside(one: Any) -> Iterable[str]:
        yield re.sub(r"\s+", " ", one.text or "")
        for child in one:
            if _name(child) == "br":
                yield "\n"
            elif _name(child):
                slanted = child.get(f"{_STYLE}fontStyle") == "italic" or not named.isdisjoint((child.get("style") or "").split())
                yield from ("<i>" if slanted else "", *inside(child), "</i>" if slanted else "")
            yield re.sub(r"\s+", " ", child.tail or "")

    return "\n".join(line.strip() for line in "".join(inside(node)).split("\n")).strip()


def _moved_ttml(text: str, by_s: Fraction) -> str:
    root = _tree(text)
    times = _Times(root)

    def move(node: Any) -> None:
        if node.get("begin") or node.get("end"):
            for name in ("begin", "end"):
                if node.get(name):
                    node.set(name, _clock(times.seconds(node.get(name)) + by_s))
            return  # what lies inside counts from here
        for child in node:
            move(child)

    move(root)
    return str(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8").decode())


def _tt(cues: Sequence[Cue], language: str) -> str:
    return ebutt.written([(_whole(cue.start_s), _whole(cue.end_s), cue.text) for cue in cues], language, STANDARD)


def _whole(at_s: Fraction) -> Fraction:
    return Fraction(round_half_up(at_s * 1000), 1000)


# ---- line 21


def _scc(cues: Sequence[Cue], language: str) -> str:
    """Their lines broken anew where they are longer than line 21 holds.

    Raises: DeliveryError: a character or a length that it does not have.
    """
    on_screen = [line21.Shown(first=round_half_up(cue.start_s * line21.RATE), end=round_half_up(cue.end_s * line21.RATE), text=wrapped(cue.text, LINE_21, language)) for cue in cues]
    return line21.written(on_screen, drop=True)[0]


_WRITERS: dict[str, Callable[[Sequence[Cue], str], str]] = {"srt": _srt, "vtt": _vtt, "ttml": _tt, "scc": _scc}
