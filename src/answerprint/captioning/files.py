"""Caption files of a version: where they lie, what they are held to, read as people left them, written in each format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.captioning.keeping import keep_written, written_before
from answerprint.captioning.papers import CaptionError
from answerprint.desk import Desk
from answerprint.keep import write_whole
from answerprint.plan import digest_of, small_digest

if TYPE_CHECKING:
    from answerprint.delivery.captioning import Caption, Fault, Rules
    from answerprint.finishing import Made
    from answerprint.production import Production

__all__ = ["FORMATS", "RULES", "Place", "edited", "faults_of", "kinds_of", "last_made", "place", "read", "rendered", "rules_of", "timecode", "write"]

FORMATS = ("srt", "vtt", "ttml")  #: written where nobody says which; scc with --608
RULES = ("standard", "teletext", "608")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where captions of one version in one language lie, and the film under them."""

    folder: Path
    version: str
    language: str
    rate: Fraction
    drop: bool
    frames: int

    @property
    def about(self) -> str:
        return f"{self.version}.{self.language}"

    def path(self, kind: str) -> Path:
        return self.folder / f"{self.about}.{kind}"

    def name(self, kind: str) -> str:
        return f"cuts/captions/{self.about}.{kind}"


def place(desk: Desk, version: str | None, language: str) -> Place:
    """Where captions lie.

    Raises: CaptionError: the version has no cut; DeliveryError: no such language; FilmError: no such version.
    """
    from answerprint.delivery.captioning.languages import tag
    from answerprint.delivery.captions import MADE
    from answerprint.model.time import round_half_up
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of

    code = tag(language)
    name = desk.family[version].name if version else desk.family.first.name
    timeline = desk.timeline(name)
    if timeline is None:
        raise CaptionError(desk.cut_problems.get(name) or f"{name} has no cut yet. Choose one with `answerprint choose film cuts/FILE`.")
    cut = cut_info(timeline)
    frames = round_half_up(edit_of(timeline).length_s * cut.rate)
    return Place(folder=desk.path.joinpath(*MADE), version=name, language=code, rate=cut.rate, drop=cut.drop, frames=frames)


def rules_of(name: str) -> Rules:
    """What captions of that name are held to; one of RULES."""
    from answerprint.delivery.captioning import LINE_21, STANDARD, TELETEXT

    return {"standard": STANDARD, "teletext": TELETEXT, "608": LINE_21}[name]


def faults_of(captions: Sequence[Caption], rules: str, where: Place) -> tuple[Fault, ...]:
    """What is wrong with them by those rules."""
    from answerprint.delivery.captioning import faults

    return faults(captions, rules_of(rules), where.rate, where.frames, drop=where.drop)


def kinds_of(formats: Sequence[str], rules: str) -> tuple[str, ...]:
    """The formats that are written, .srt first.

    Raises: CaptionError: there is no such format, or these rules do not fit it.
    """
    from answerprint.delivery.captions import KINDS

    kinds = tuple(dict.fromkeys(["srt", *(formats or (*FORMATS, *(("scc",) if rules == "608" else ())))]))
    for kind in kinds:
        if kind not in KINDS:
            raise CaptionError(f"{kind[:20]!r} is no format of captions here. There are: {', '.join(KINDS)}.")
    if "scc" in kinds and rules != "608":
        raise CaptionError("SCC holds 32 characters a line: make these captions with --608.")
    return kinds


def read(path: Path, where: Place) -> tuple[Caption, ...]:
    """The captions in a file that people edit, in frames of the film.

    Raises: CaptionError: it cannot be read; which part is said.
    """
    from answerprint.delivery.captions import text_of

    return _parsed(text_of(path), where, where.name("srt"))


def _parsed(text: str, where: Place, name: str) -> tuple[Caption, ...]:
    from answerprint.delivery import captions
    from answerprint.delivery.captioning import Caption
    from answerprint.model.time import round_half_up

    cues, wrong = captions.read(text, "srt")
    if wrong:
        raise CaptionError(f"{name}: {'; '.join(wrong[:4])}. Mend it, or move it away to have it made anew.")
    return tuple(Caption(first=round_half_up(cue.start_s * where.rate), end=round_half_up(cue.end_s * where.rate), text=cue.text) for cue in cues if cue.text)


def last_made(production: Production, where: Place, made: Made) -> tuple[Caption, ...]:
    """The captions as the machine wrote them last, whatever became of the file."""
    return _parsed(production.keep.get(made.files[where.name("srt")]).decode(), where, where.name("srt"))


def write(production: Production, where: Place, captions: Sequence[Caption], kinds: Sequence[str], rules: Rules) -> tuple[tuple[Path, ...], list[str]]:
    """Write captions in each format; a file beside the .srt that somebody changed is left alone. Returns the files, and sentences."""
    state = written_before(production)
    out: list[Path] = []
    says: list[str] = []
    texts = {kind: rendered(captions, kind, where, rules) for kind in kinds}  # all of them before one is written
    for kind, (text, late) in texts.items():
        path, name = where.path(kind), where.name(kind)
        if kind != "srt" and path.exists() and small_digest(path) not in state.get(name, ()):
            says.append(f"{name} was changed by hand and is left as it is. Change the .srt, from which it is made, and take this one away.")
            continue
        says += [f"caption {number} comes {frames} frames late in the .scc: line 21 carries two characters a frame, and the one before stands too short a time." for number, frames in late]
        there = small_digest(path)  # written down before the file is: whoever is stopped in between leaves the one or the other
        state[name] = [*([there] if there in state.get(name, ()) else []), digest_of(text.encode())]
        out.append(path)
    keep_written(production, state)
    for path in out:
        write_whole(path, texts[path.suffix.lstrip(".")][0].encode())
    return tuple(out), says


def rendered(captions: Sequence[Caption], kind: str, where: Place, rules: Rules) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Captions as a file of a kind, and those that come late in it."""
    from answerprint.delivery.captioning import ebutt, line21
    from answerprint.delivery.captioning.rules import seconds_of
    from answerprint.delivery.captions import Cue, written
    from answerprint.model.time import round_half_up

    if kind == "scc":
        frames = [(round_half_up(one.first / where.rate * line21.RATE), round_half_up(one.end / where.rate * line21.RATE), one.text) for one in captions]
        drop = where.drop or where.rate.denominator == 1  # at 23.976 and 29.97 the label is the film's own
        return line21.written([line21.Shown(first=first, end=end, text=text) for first, end, text in frames], drop=drop)
    times = [(seconds_of(one.first, where.rate), seconds_of(one.end, where.rate), one.text) for one in captions]
    if kind == "ttml":
        return ebutt.written(times, where.language, rules), ()
    return written([Cue(start_s=start, end_s=end, text=text) for start, end, text in times], kind, where.language), ()


def timecode(at_s: Fraction, where: Place) -> str:
    """A time of the film, counted from nought, as it is written there."""
    from answerprint.model.time import Timecode

    return str(Timecode.from_seconds(at_s, rate=where.rate, drop=where.drop))


def edited(production: Production, where: Place, captions: Sequence[Caption]) -> dict[int, Caption | None]:
    """Which captions, counted from 1, are not as the machine wrote them last, each with what it wrote there; None for one of a person's own."""
    made = finishing.made(production, "captions").get(where.about)
    if made is None:
        return {}
    base = last_made(production, where, made)
    known = {(one.first, one.end, one.text) for one in base}
    out: dict[int, Caption | None] = {}
    for number, one in enumerate(captions, 1):
        if (one.first, one.end, one.text) not in known:
            near = [each for each in base if each.first < one.end and one.first < each.end]
            out[number] = replace(near[0]) if near else None
    return out
