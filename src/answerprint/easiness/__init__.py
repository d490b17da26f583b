"""The easy-choice report of a version: how far its palette, its rhythm and its music bed stand from what would be there if nobody had decided.

It measures the cut as it is graded now, beside its uncorrected rushes, the machine's correction and rough cuts, the director's own reel and a folder of
the category's films, each only where it is there. The first thought is read only once its author has opened it. There is no total.
"""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.book import Person
from answerprint.desk import Desk
from answerprint.easiness import people, reel
from answerprint.easiness.gathering import Gathered, Watch, gather, outside
from answerprint.easiness.reel import ReelError
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.delivery.easy.records import Group, Measured, Offered, Plate, Report, Standing
    from answerprint.film import Cut

__all__ = ["CATEGORY", "EasinessError", "ReelError", "looked", "missing", "own", "plain", "reel", "report", "saw", "seen", "thing"]

CATEGORY = "category"  #: a folder in the production whose films are the category's, where no other is named
_SHOWN = (Judgment.GRADE, Judgment.MIX, Judgment.MUSIC_BED)  #: what decides how a cut looks and sounds in its report
_CHECK = "easy-choice report"
_CHOICE = ("file", "gain_db", "grade", "mix", "bed", "from", "to")  #: what of a choice decides how a film looks and sounds


class EasinessError(AnswerprintError):
    """A report that cannot be made."""


def report(desk: Desk, version: str, *, category: Path | None = None, person: str | None = None, watch: Watch | None = None) -> Report:
    """The three plates of a version.

    Args:   category: a folder of the category's films; the production's own folder "category" where not given, if it has one.
            person: whose reel stands beside it, by their id; nobody's where not given.  watch: called with (what, share done).
    Raises: EasinessError: it has no cut.  ReelError: the folder has no film in it.  FilmError: there is no such version.
    """
    from answerprint.delivery.easy import plates
    from answerprint.delivery.easy.records import Report

    name = desk.family[version].name
    if name not in desk.cuts:
        raise EasinessError(desk.cut_problems.get(name) or f"{name} has no cut yet. Choose one with `answerprint choose film cuts/FILE`.")
    found = gather(desk, name, watch=watch)
    beside: dict[Group, list[tuple[str, Measured]]] = {"untouched": found.untouched}
    folder = category if category is not None else desk.path / CATEGORY
    if category is not None or folder.is_dir():
        _outside(desk, found, beside, "category", reel.films_of(folder), watch)
    if person is not None and (mine := reel.listed(person)):
        _outside(desk, found, beside, "reel", mine, watch)

    def told(plate: str) -> plates.Told:
        return people.told(desk, name, plate, tuple(found.missing.get(plate, ())), away=plate in found.away)

    silent = "Somebody decided that there is no music bed." if (bed := people.decided(desk, name, str(Judgment.MUSIC_BED))) is not None and bed.choice.get("bed") == "none" else ""
    return Report(
        title=str(desk.production.settings["title"]), version=name, cut=desk.cuts[name].file, seal=desk.cuts[name].seal, film=found.film, offered=_offered(desk, name),
        plates=(plates.palette(found.film, beside, told("palette")), plates.rhythm(found.film, beside, told("rhythm"), _moments(desk, name, found)),
                plates.music_bed(found.film, beside, told("music bed"), silent=silent)),
        beside=tuple(found.untouched),
    )  # fmt: skip


def _outside(desk: Desk, found: Gathered, beside: dict[Group, list[tuple[str, Measured]]], group: Group, files: tuple[Path, ...], watch: Watch | None) -> None:
    beside[group], problems = outside(desk, files, watch=watch)
    for plate in people.JUDGED:
        for says in problems:
            found.lacks(plate, says)


def _moments(desk: Desk, version: str, found: Gathered) -> Any:
    from answerprint.delivery.easy.plates import Moments
    from answerprint.sharing import shared

    lost = bool(desk.lost_roughs())
    share = None if lost else shared(desk, version).share
    kept = sum(one.machine for one in share.picture.points) if share is not None else None
    bed = found.film.bed
    return Moments(
        beats_s=bed.music.beats_s if bed is not None else (), word_ends_s=[end for _, end in found.words], kept=kept, points=len(share.picture.points) if share is not None else 0, lost=lost,
    )  # fmt: skip


def _offered(desk: Desk, version: str) -> tuple[Offered, ...]:
    """The bed that was chosen and those that lay beside it, in the order of their names, as far as they are still there."""
    from answerprint.delivery.easy.records import Offered

    said = people.decided(desk, version, str(Judgment.MUSIC_BED))
    if said is None or not said.choice.get("file"):
        return ()
    names = {Path(one).name: one for one in sorted({said.choice["file"], *said.over}) if (desk.path / one).is_file()}
    there, _ = outside(desk, [desk.path / one for one in names.values()])
    found = []
    for name, one in there:
        tempo = one.bed.music.tempo if one.bed is not None else None
        says = " or ".join(f"{pace:.0f}" for pace in (tempo.per_minute, *tempo.others[:1])) + " a minute" if tempo is not None else "no tempo is told"
        found.append(Offered(name=Path(name).stem, file=names[name], chosen=Path(said.choice["file"]).name == name, says=says, **({"envelope": one.bed.envelope} if one.bed is not None else {})))
    return tuple(found)


# ---- for other programs


def plain(one: Report) -> dict[str, Any]:
    """A report without its arrays: words, figures, distances in each plate's own unit."""
    return {
        "title": one.title, "version": one.version, "cut": one.cut, "seal": one.seal, "length_s": round(one.film.length_s, 3), "plates": [_plain_plate(plate) for plate in one.plates],
        "measured": _figures(one.film), "beside": {name: _figures(found) for name, found in one.beside},
        "offered": [{"name": bed.name, "file": bed.file, "chosen": bed.chosen, "says": bed.says} for bed in one.offered],
    }  # fmt: skip


def _plain_plate(plate: Plate) -> dict[str, Any]:
    return {
        "plate": plate.name, "verdict": plate.verdict, "near": plate.near, "asked": plate.asked, "says": list(plate.says), "facts": dict(plate.facts), "missing": list(plate.missing),
        "thought": {"words": plate.thought, "by": plate.thought_by} if plate.thought else None, "standings": [_standing(standing) for standing in plate.standings],
        "chose": [{**vars(chose)} for chose in plate.chose],
    }  # fmt: skip


def _standing(one: Standing) -> dict[str, Any]:
    distances = [{"from": distance.name, "distance": round(distance.value, 4)} for distance in one.distances]
    return {"group": one.group, "near": one.near, "nearest": one.nearest, "usual": round(one.usual, 4) if one.usual is not None else None, "distances": distances, "says": one.says}


def _figures(one: Measured) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if (seen := one.palette) is not None:
        found["palette"] = {"orange": _round(seen.orange), "azure": _round(seen.azure), "contrast": _round(seen.over_all(seen.contrast)), "saturation": _round(seen.over_all(seen.saturation)), "lightness": _round(seen.over_all(seen.lightness))}
    if (cut := one.rhythm) is not None:
        found["rhythm"] = {
            "lengths_s": [_round(length) for length in cut.lengths_s], "mean_s": _round(cut.mean_s), "median_s": _round(cut.median_s), "variation": _round(cut.variation),
            "follows": _round(cut.follows), "longest": cut.longest + 1,
        }  # fmt: skip
    if (bed := one.bed) is not None:
        music = bed.music
        found["music bed"] = {
            "tempo": _round(music.tempo.per_minute) if music.tempo else None, "may_be_heard_as": [_round(other) for other in music.tempo.others] if music.tempo else [],
            "key": music.key.name if music.key else None, "loop_s": _round(music.loop_s), "range_db": _round(music.range_db), "enters_s": _round(bed.enters_s), "without_s": _round(bed.without_s),
            "under_speech_db": _round(bed.under_speech_db), "whole_sound": bed.whole,
        }  # fmt: skip
    return found


def _round(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)


# ---- on the signer's screen


def own(desk: Desk, version: str) -> bool:
    """Whether a version has a report of its own: one that takes its edit over from another is in that one's."""
    return version in desk.cuts and _told_in(desk, version) == version


def _told_in(desk: Desk, version: str) -> str:
    """The version in whose report a cut stands: that whose edit it takes over; its own where that one has no cut."""
    edit = desk.family.edit_from(version, desk.cuts)
    return edit if edit in desk.cuts else version


def thing(desk: Desk, version: str, *, signed_first: bool = False) -> str:
    """The report of a version as a thing that is looked at: of exactly this cut, this grade, this mix and this bed, and of no later ones.

    Args: signed_first: of what is signed where something newer lies there as a draft; a report itself shows the draft.
    """
    said = [people.choice(desk, version, str(judgment), signed_first=signed_first) for judgment in _SHOWN]
    rests = [(*(one.get(name, "") for name in _CHOICE), desk.now.get(f"file:{one.get('file', '')}", "")) if one is not None else () for one in said]
    mark = hashlib.sha256(repr((desk.cuts[version].seal, rests)).encode()).hexdigest()
    return f"report:{version}@sha256:{mark}"


def saw(desk: Desk, version: str, person: str) -> None:
    """Keep that a person had the report of a version as it is now on their screen. person: their id.

    Raises: WatchedError: there is no record yet, or the disk refuses.
    """
    from answerprint import watched

    watched.mark(desk.production, person, thing(desk, version), "looked")


def seen(desk: Desk, version: str, person: Person | None) -> bool:
    """Whether the report of a version as it would leave was on this person's screen here; and where they signed this very cut, with what is decided about
    it, after a release that asks for it, that signature says so for others."""
    return person is not None and (_signed(desk, desk.cuts[version], person) or looked(desk, version, person.id, signed_first=True))


def looked(desk: Desk, version: str, person: str, *, signed_first: bool = False) -> bool:
    """Whether the report of a version, as it shows what lies there now, was on this person's screen here. person: their id."""
    from answerprint import watched

    return watched.seen(desk.production, person, thing(desk, version, signed_first=signed_first), "looked")


def _signed(desk: Desk, cut: Cut, person: Person) -> bool:
    """Whether their sign-off names this very cut, and nothing that the report shows was decided since."""
    from answerprint.model.judgments import SignOff

    lines = [line for line in desk.book.of(SignOff) if line.by.id == person.id and not line.struck and _CHECK not in line.content.not_checked] if desk.book else []
    said = max((line.n for line in lines if any((one.version, one.seal) == (cut.version, cut.seal) for one in line.content.cuts)), default=0)
    return said > 0 and all(people.entry(desk, cut.version, str(one)) <= said for one in _SHOWN)


def missing(desk: Desk, cut: Cut) -> tuple[str, ...]:
    """What the gate misses, in a sentence, until the report of exactly this cut was on the screen of who holds the sign-off; nothing for a version that
    takes its edit over, once that is so of the edit's own report."""
    holder, version = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None, _told_in(desk, cut.version)
    if seen(desk, version, holder) or (holder is not None and version != cut.version and _signed(desk, cut, holder)):
        return ()
    if holder is not None and looked(desk, version, holder.id):
        return (f"{version}: the easy-choice report that {holder.name} looked at shows a draft that is not signed. Sign it, or drop it and look again.",)
    which = "" if version == desk.family.first.name else f" --version {version}"
    whose = f" --who {shlex.quote(holder.name)}" if holder else ""
    return (f"{version}: nobody who signs has looked at its easy-choice report as it is cut, graded and mixed now. The room shows it under Report. At a terminal: answerprint easy FOLDER{which}{whose}",)
