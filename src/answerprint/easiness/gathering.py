"""What a report measures, each thing once: the cut as it is graded, its uncorrected rushes, the machine's correction and rough cuts, films from outside.

Everything is kept in the production's cache under the digests of what it was made from: stopped and begun again, nothing is measured twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.easiness.people import decided
from answerprint.keep import KeepError, write_whole
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.delivery.easy.records import Bed, Measured
    from answerprint.delivery.plan import Plan
    from answerprint.desk import Desk
    from answerprint.media.look import Look

__all__ = ["CORRECTED", "UNCORRECTED", "Gathered", "Watch", "gather", "outside"]

Watch = Callable[[str, float], None]  #: what is being done, and how much of it
UNCORRECTED, CORRECTED = "the uncorrected rushes", "the machine's correction"


@dataclass(kw_only=True)
class Gathered:
    """One version, measured, and what lies beside it in the production."""

    film: Measured
    untouched: list[tuple[str, Measured]] = field(default_factory=list)
    away: set[str] = field(default_factory=set)  #: plates that something stood in the way of measuring
    missing: dict[str, list[str]] = field(default_factory=dict)  #: plate -> why something of it could not be measured, in sentences
    words: tuple[tuple[float, float], ...] = ()  #: when each word is said

    def lacks(self, plate: str, says: str, *, away: bool = False) -> None:
        self.missing.setdefault(plate, []).append(says)
        self.away |= {plate} if away else set()


def gather(desk: Desk, version: str, *, watch: Watch | None = None) -> Gathered:
    """Measure a version's cut and what the machine made of it.

    Raises: FilmError, TimelineError: the cut cannot be read. Media that are away are said in the report.
    """
    from answerprint.delivery.easy.records import Measured
    from answerprint.timeline.edit import edit_of

    told = watch or (lambda what, share: None)
    timeline = desk.timeline(version)
    length_s = float(edit_of(timeline).length_s)
    found = Gathered(film=Measured(name="this cut", length_s=length_s, rhythm=shots(timeline)))
    found.words = _words(desk, timeline, found)
    told("looking at the cut", 0.0)
    _cut(desk, version, found, told)
    _roughs(desk, found, told)
    told("laying them beside each other", 0.95)
    return found


def shots(timeline: Any) -> Any:
    """The rhythm of a timeline's shots, counted as the machine's share counts them; None where it has no picture."""
    from answerprint.signal.rhythm import held
    from answerprint.timeline import lanes
    from answerprint.timeline.cut import cut_info

    rate = cut_info(timeline).rate
    found = lanes.shots(timeline)
    return held([(float(one.start / rate), float(one.end / rate)) for one in found]) if found else None


def outside(desk: Desk, files: Sequence[Path], *, watch: Watch | None = None) -> tuple[list[tuple[str, Measured]], list[str]]:
    """Finished films that belong to nobody here, measured by themselves.

    Returns: those that could be read, by their names, and a sentence for each of the others.
    """
    from answerprint.delivery.easy import reading
    from answerprint.media import digests

    found, missing = [], []
    for number, path in enumerate(files):
        (watch or (lambda what, share: None))(path.name, number / len(files))
        try:
            digest = digests.read(path, also=()).blake3
            found.append((path.name, _kept(desk, ("film", digest), lambda path=path: reading.film(path, path.name))))  # type: ignore[misc]
        except (AnswerprintError, OSError) as error:
            missing.append(f"{path.name} could not be measured: {error}")
    return found, missing


# ---- the cut


def _cut(desk: Desk, version: str, found: Gathered, told: Watch) -> None:
    from answerprint.delivery.easy import reading
    from answerprint.films import chosen

    choices = chosen(desk, version, drafts_first=True)
    try:
        plan, looks = _planned(desk, version, [one for one in choices if one.judgment != Judgment.MIX])
    except AnswerprintError as error:
        for plate in ("palette", "music bed"):
            found.lacks(plate, f"The cut itself could not be looked at and listened to: {error}", away=True)
        return
    corrections = _corrections(desk, plan)
    key = _key(plan, looks, corrections)
    if desk.cuts[version].picture:
        try:
            film, rushes, corrected = _kept(desk, ("palettes", key), lambda: reading.palettes(plan, looks, corrections, lambda share: told("looking at the cut, its rushes and their correction", 0.5 * share)))
            _kept(desk, ("rough", _key(replace(plan, grades={}), looks, None)), lambda: rushes)  # a rough cut that was left as it was made is the same pictures: looked at once
            found.film = replace(found.film, palette=film)
            found.untouched.append((UNCORRECTED, _only(found.film, UNCORRECTED, rushes)))
            if corrected is not None:
                found.untouched.append((CORRECTED, _only(found.film, CORRECTED, corrected)))
            else:
                found.lacks("palette", "The machine made no correction for these shots, so there is none to stand beside.")
        except AnswerprintError as error:
            found.lacks("palette", f"The picture could not be looked at: {error}", away=True)
    told("listening to the cut", 0.5)
    try:
        found.film = replace(found.film, bed=_bed(desk, version, plan, key, found))
    except AnswerprintError as error:
        found.lacks("music bed", f"The sound could not be listened to: {error}", away=True)


def _only(film: Measured, name: str, seen: Any) -> Measured:
    from answerprint.delivery.easy.records import Measured

    return Measured(name=name, length_s=film.length_s, palette=seen)


def _planned(desk: Desk, version: str, choices: Sequence[Any]) -> tuple[Plan, dict[str, Look]]:
    from answerprint.model.delivery import PictureSpec, Spec
    from answerprint.previews import planned

    spec = Spec(name="report", title="The report", source="this program", dated="", container="mkv", picture=PictureSpec(codec="ffv1"))
    plan, looks, _ = planned(desk, version, spec, choices)
    return plan, looks


def _corrections(desk: Desk, plan: Plan) -> Mapping[int, Look] | None:
    """The machine's correction of each shot that has one, by its number in the plan; None where no shot has."""
    from answerprint.media.cube import sop
    from answerprint.media.look import Look
    from answerprint.timeline.edit import stem

    made = finishing.made(desk.production, "correction")
    refused = finishing.refused(desk.production, "correction")
    by_stem = {stem(about): one for about, one in made.items() if about not in refused}
    found: dict[int, Look] = {}
    for number, shot in enumerate(plan.shots, 1):
        one = next((by_stem[name] for name in map(stem, shot.names) if name in by_stem), None)
        if one is not None:
            cdl = sop("".join(f"({one.values[part]})" for part in ("slope", "offset", "power")), str(one.values["saturation"]))
            found[number] = Look(steps=(cdl,), names=("correction",), whence=("the machine's correction",), digests=(f"cdl:{cdl!r}",))
    return found or None


def _bed(desk: Desk, version: str, plan: Plan, key: str, found: Gathered) -> Bed | None:
    """The bed as it lies in the cut; else the file that was chosen for it; else the whole sound."""
    from answerprint.delivery.easy import reading

    said = decided(desk, version, str(Judgment.MUSIC_BED))
    choice = said.choice if said is not None else {}
    if choice.get("bed") == "none":
        return None
    file = choice.get("file", "")
    beds = [medium.key for medium in plan.media.values() if file and medium.path == desk.path / file]
    bed = _kept(desk, ("bed", key, repr(beds), repr(found.words)), lambda: reading.bed(plan, beds, found.words))
    if bed is not None:
        return bed  # type: ignore[no-any-return]
    if file and (desk.path / file).is_file():
        there, missing = outside(desk, [desk.path / file])
        for says in missing:
            found.lacks("music bed", says)
        for _, measured in there:
            if measured.bed is not None:
                found.lacks("music bed", "No track of the cut has the chosen bed in it: what is told is told of its file, and where it enters is not known.")
                return replace(measured.bed, whole=False)
    return _kept(desk, ("sound", key), lambda: reading.whole_sound(plan))  # type: ignore[no-any-return]


def _words(desk: Desk, timeline: Any, found: Gathered) -> tuple[tuple[float, float], ...]:
    from answerprint.captioning.speech import speech

    try:
        return tuple((float(one.in_s), float(one.out_s)) for one in speech(desk, timeline).words)
    except AnswerprintError as error:
        found.lacks("rhythm", f"What is said in the cut is not known: {error}")
        return ()


# ---- the machine's rough cuts


def _roughs(desk: Desk, found: Gathered, told: Watch) -> None:
    from answerprint.delivery.easy.records import Measured

    roughs, lost = desk.roughs(), desk.lost_roughs()
    for says in lost:
        found.lacks("rhythm", says)
    if not roughs and not lost:
        found.lacks("rhythm", "No rough cut was made by the machine, so there is none to stand beside.")
    for number, (n, (_, timeline)) in enumerate(roughs.items()):
        name = "the machine's rough cut" if len(roughs) == 1 else f"the machine's rough cut of entry {n}"
        rhythm = shots(timeline)
        if rhythm is None:
            continue
        seen = None
        try:
            seen = _rough_palette(desk, timeline, lambda share, number=number: told("looking at the machine's rough cut", 0.6 + 0.35 * (number + share) / len(roughs)))  # type: ignore[misc]
        except AnswerprintError as error:
            found.lacks("palette", f"{name} could not be looked at: {error}")
        found.untouched.append((name, Measured(name=name, length_s=rhythm.end_s, rhythm=rhythm, palette=seen)))


def _rough_palette(desk: Desk, timeline: Any, watch: Callable[[float], None]) -> Any:
    """A rough cut as its rushes are seen, without anybody's grade."""
    from answerprint.delivery.conform import conform
    from answerprint.delivery.easy import reading
    from answerprint.media import look
    from answerprint.timeline.cut import cut_info

    media: dict[str, Path] = {}
    looks: dict[str, Look] = {}
    given = desk.production.looks()
    for unit in desk.shoot.units:
        if unit.path is not None:
            for name in (unit.digest, unit.file, unit.file.rsplit("/", 1)[-1]):
                media.setdefault(name, unit.path)
            if unit.is_clip and (seen := look.find(unit.path, unit.info, given).look) is not None:
                looks[unit.digest] = seen
    plan = conform(timeline, media, rate=cut_info(timeline).rate, size=(1920, 1080))
    return _kept(desk, ("rough", _key(plan, looks, None)), lambda: reading.palettes(plan, looks, watch=watch)[1])


# ---- keeping


def _key(plan: Plan, looks: Mapping[str, Look], corrections: Mapping[int, Look] | None) -> str:
    """Everything that decides what a plan looks and sounds like, in one word."""
    grades = {number: one.digests for number, one in (*plan.grades.items(), *((-number, one) for number, one in (corrections or {}).items()))}
    seen = {name: one.digests for name, one in looks.items() if name in plan.media}
    media = {name: (one.digest, one.stamp) for name, one in plan.media.items()}
    return repr((plan.edit, plan.size, hashlib.sha256(repr(plan.frames).encode()).hexdigest(), sorted(grades.items()), sorted(seen.items()), sorted(media.items()), plan.pieces))


def _kept(desk: Desk, what: tuple[str, ...], make: Callable[[], Any]) -> Any:
    """What was measured before, if exactly that was; else measured now, and kept. A disk that refuses to keep it stops nothing."""
    from answerprint.delivery import DeliveryError
    from answerprint.delivery.easy import keeping

    name = hashlib.sha256(repr((keeping.FORM, *what)).encode()).hexdigest()
    path = desk.production.inside / "cache" / "easy" / f"{name}.npz"
    if path.is_file():
        try:
            return keeping.unpacked(path.read_bytes())
        except (DeliveryError, OSError):
            path.unlink(missing_ok=True)
    made = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, keeping.packed(made))
    except (OSError, KeepError):
        return made
    return made
