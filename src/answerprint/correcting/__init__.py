"""Colour correction: one constant CDL for each camera, set-up and camera setting, so that takes that a camera made differ match again.

It corrects where the camera differed (sensitivity, shutter, iris, filter, white balance) and never where the world did: clips of one set-up get
different numbers only where the camera was set differently, a clip is corrected by one CDL from its first frame to its last, and clouds,
flares and failing lamps are left as they were shot, and said. It is a proposal: it enters a film only when a person chooses it as the grade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import accidents, finishing
from answerprint.correcting.clips import Clip, CorrectingError, called, clips, note_changed
from answerprint.finishing import Made, Refusal
from answerprint.model.charter import Execution
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.correcting.comparing import Compared
    from answerprint.correcting.solving import Seen, Solved
    from answerprint.media.cube import Cdl
    from answerprint.media.look import Look
    from answerprint.production import Production

__all__ = ["FOLDER", "CorrectingError", "Correction", "Corrections", "changed", "compared", "correct", "look_of", "refuse", "take_back"]

FOLDER = "cuts/correction"
Watch = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What was found for one clip."""

    clip: str  #: as cuts and people name it
    setup: str | None
    camera: str
    reference: str | None
    by: str  #: "take", "chart", "": where its numbers come from; "" where nothing is corrected
    differs: tuple[str, ...] = ()  #: the settings in which it differs from its reference
    stops: tuple[float, float, float] = (0.0, 0.0, 0.0)
    before: float | None = None  #: mean CIEDE2000 to its reference
    after: float | None = None
    refused: bool = False
    says: tuple[str, ...] = ()
    over: tuple[str, ...] = ()  #: what nobody planned and is seen in it: corrected with the clip, from its first frame to its last


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """A whole shoot, looked at: every clip in shooting order, what was written, and what a person is asked."""

    clips: tuple[Correction, ...]
    paths: tuple[Path, ...]
    asks: tuple[str, ...] = ()


@dataclass(kw_only=True)
class _Work:
    """One clip while the shoot is worked through."""

    clip: Clip
    reference: Clip | None = None
    chart: Clip | None = None
    seen: Seen | None = None
    cdl: Cdl | None = None  #: None: nothing to correct
    solved: Solved | None = None
    by: str = ""
    named: bool = False  #: a person named its reference
    differs: tuple[str, ...] = ()
    says: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    over: tuple[str, ...] = ()


@timed("correction", Execution.CORRECTION)
def correct(production: Production, *, references: Sequence[str] = (), charts: Sequence[str] = (), watch: Watch | None = None) -> Corrections:
    """Measure a shoot, propose its corrections, and write them as .cc, .ccc, EDL, ALE and a contact sheet.

    Args:   references: clips that others of their set-up and camera are matched to, instead of the first one.
            charts: clips that show a ColorChecker: their camera, with its settings of that moment, is corrected by it.
    Raises: CorrectingError: nothing is prepared, or a clip is not there, or no chart is found in one; MediaError; KeepError.
    """
    from answerprint.correcting.groups import settle
    from answerprint.correcting.sheets import hands_off, write

    hands_off(production)
    known = clips(production)
    before = finishing.made(production, "correction")
    refused = finishing.refused(production, "correction")
    kept = _kept(known, before, "reference", references), _kept(known, before, "chart", charts)
    works = [_Work(clip=one) for one in known]
    settle(works, references=kept[0], charts=kept[1], watch=watch or (lambda _name, _share: None))
    desk = accidents.touched(production)
    for work in works:
        if desk is not None and work.cdl is not None and work.clip.file not in refused:
            work.over = tuple(accidents.named(one) for one in accidents.seen_in(desk, work.clip.file))
        if work.clip.file not in refused and (work.cdl is not None or work.clip.file in before):
            _propose(production, work)
    paths = write(production, works, refused=frozenset(refused))
    return Corrections(
        clips=tuple(_row(work, work.clip.file in refused) for work in works), paths=tuple(paths), asks=tuple(dict.fromkeys(ask for work in works for ask in work.asks)),
    )  # fmt: skip


def _kept(known: Iterable[Clip], before: Mapping[str, Made], what: str, named: Sequence[str]) -> list[Clip]:
    """What a person named now, then what they named before."""
    known = list(known)
    now = [called(known, text) for text in named]
    files = {str(made.values[what]) for made in before.values() if made.values.get(f"{what} named") is True}
    return [*now, *(one for one in known if one.file in files and one not in now)]


def _propose(production: Production, work: _Work) -> None:
    from answerprint.correcting.sheets import cc
    from answerprint.correcting.solving import PLAIN

    cdl, clip = work.cdl or (work.seen.base if work.seen is not None else PLAIN), work.clip
    values: dict[str, Any] = {
        "setup": clip.setup or "", "camera": clip.camera, "settings": dict(clip.settings), "differs": list(work.differs), "by": work.by,
        "slope": _text(cdl.slope), "offset": _text(cdl.offset), "power": _text(cdl.power), "saturation": f"{cdl.saturation:.6f}",
    }  # fmt: skip
    if work.reference is not None:
        values |= {"reference": work.reference.file, "reference named": work.named}
    if work.chart is not None:
        values |= {"chart": work.chart.file, "chart named": True}
    if work.over:
        values |= {"over": list(work.over)}
    if work.solved is not None:
        values |= {"stops": _text(work.solved.stops), "before": f"{work.solved.before:.2f}", "after": f"{work.solved.after:.2f}", "worst": f"{work.solved.worst:.4f}"}
    inputs = list(dict.fromkeys([clip.digest, *(one.digest for one in (work.reference, work.chart) if one is not None)]))
    finishing.propose(production, "correction", clip.file, inputs=inputs, files={f"{FOLDER}/{clip.name}.cc": cc(clip.name, cdl, work.says)}, values=values, says=work.says)


def _text(values: Iterable[float]) -> str:
    return " ".join(f"{value:.6f}" for value in values)


def _row(work: _Work, refused: bool) -> Correction:
    return Correction(
        clip=work.clip.file, setup=work.clip.setup, camera=work.clip.camera, reference=work.reference.file if work.reference is not None else None, by=work.by,
        differs=work.differs, stops=work.solved.stops if work.solved is not None else (0.0, 0.0, 0.0), before=work.solved.before if work.solved is not None else None,
        after=work.solved.after if work.solved is not None else None, refused=refused, says=tuple(work.says), over=work.over,
    )  # fmt: skip


# ---- what people say to it


def refuse(production: Production, clip: str, *, by: str, because: str = "", via: str = "terminal") -> Refusal:
    """Somebody does not want a clip's correction: it leaves the lists, and the machine leaves that clip alone.

    Raises: CorrectingError, FinishingError: there is no such clip or correction, or nobody says it.
    """
    file = _to_be_said(production, clip)
    said = finishing.refuse(production, "correction", file, by=by, because=because, via=via)
    _rewritten(production)
    return said


def take_back(production: Production, clip: str, *, by: str, because: str = "", via: str = "terminal") -> Refusal:
    """A refusal is taken back: the correction stands in the lists again.

    Raises: CorrectingError, FinishingError: there is no such clip, it is not refused, or nobody says it.
    """
    file = _to_be_said(production, clip)
    said = finishing.take_back(production, "correction", file, by=by, because=because, via=via)
    _rewritten(production)
    return said


def changed(production: Production, clip: str, *, by: str) -> Path:
    """The answer to a step that no file explains: the camera was changed for this clip. It stands in camera.csv.

    Raises: CorrectingError: there is no such clip, or nobody says it.
    """
    return note_changed(production, called(clips(production), clip), by)


def _to_be_said(production: Production, clip: str) -> str:
    """The clip that somebody speaks of. Raises: CorrectingError: there is none, or its list is somebody's own now."""
    from answerprint.correcting.sheets import hands_off

    hands_off(production)
    return called(clips(production), clip).file


def _rewritten(production: Production) -> None:
    """The lists again from what stands in the record, without looking at a picture."""
    from answerprint.correcting.sheets import write_lists

    write_lists(production, clips(production), _standing(production), refused=frozenset(finishing.refused(production, "correction")))


def _standing(production: Production) -> dict[str, Cdl]:
    return {file: _cdl(made) for file, made in finishing.made(production, "correction").items()}


def _cdl(made: Made) -> Cdl:
    from answerprint.media.cube import sop

    return sop("".join(f"({made.values[part]})" for part in ("slope", "offset", "power")), str(made.values["saturation"]))


# ---- what a page shows


def look_of(production: Production, clip: str) -> Look | None:
    """What a clip is seen through with its correction, as a film is that has it as its grade; None where nothing lies over it.

    Raises: CorrectingError: there is no such clip.
    """
    from answerprint.correcting.solving import under

    one = called(clips(production), clip)
    look: Look | None = under(one.look, _standing(production).get(one.file))
    return look


def compared(production: Production, clip: str, *, height: int = 540) -> Compared:
    """A clip's frame before and after its correction, and its reference's, as JPEGs of at most that many lines.

    Raises: CorrectingError: there is no such clip, or no correction of it, or its disk is away; MediaError.
    """
    from answerprint.correcting.comparing import compare

    known = clips(production)
    one = called(known, clip)
    made = finishing.made(production, "correction").get(one.file)
    if made is None:
        raise CorrectingError(f"there is no correction of {one.file}. Run `answerprint correct` first.")
    reference = next((other for other in known if other.file == made.values.get("reference")), None)
    return compare(one, reference, _cdl(made), _standing(production).get(reference.file) if reference else None, height=height)

