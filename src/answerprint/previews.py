"""A version rendered from its originals with NOT SIGNED over every frame: to be looked at, never to be delivered.

A preview needs no gate, because nobody can take it for the film.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import films, finishing, reframing
from answerprint.deliverables import raster
from answerprint.desk import Desk
from answerprint.film import supers_of
from answerprint.films import Chosen
from answerprint.keep import disk_sentence
from answerprint.model.charter import Judgment
from answerprint.model.delivery import Finding, Rendered, Spec
from answerprint.model.records import AnswerprintError
from answerprint.turnover import safe_name

if TYPE_CHECKING:
    from answerprint.delivery.plan import Plan
    from answerprint.media.look import Look
    from answerprint.production import Production

__all__ = ["LOOKS", "MARK", "Preview", "PreviewError", "misfit", "planned", "preview", "shape"]

MARK = "NOT SIGNED"
_LOOKS = frozenset({".cube", ".3dl", ".cdl", ".cc", ".ccc"})  #: grades that are laid over the shots
_LOOKED_AT = frozenset({".drx", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})  #: grades that show what is meant
LOOKS = _LOOKS | _LOOKED_AT  #: every grade that does not take the place of the picture
Watch = Callable[[str, float], None]


class PreviewError(AnswerprintError):
    """A version that cannot be rendered."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What was made, and what technical QC found about it."""

    path: Path
    rendered: Rendered
    findings: tuple[Finding, ...]
    sentences: tuple[str, ...]  #: what is not in it as it will be


def preview(production: Production, version: str, wanted: Sequence[str], *, watch: Watch | None = None) -> tuple[Preview, ...]:
    """Render a version once for each spec that takes its rate, into out/; the others are said.

    Args:   wanted: names of specs.  watch: called with (what, share done).
    Raises: PreviewError: it has no cut, no spec takes it, or the disk is full; DeliveryError: the spec does not take it, media are missing.
    """
    from answerprint.delivery.qc import check
    from answerprint.delivery.render import render
    from answerprint.delivery.specs import spec

    told = watch or (lambda what, share: None)
    specs = [spec(name, production.path) for name in dict.fromkeys(wanted)]
    desk = Desk(production)
    version = desk.family[version].name
    if version not in desk.cuts:
        raise PreviewError(desk.cut_problems.get(version) or f"{version} has no cut yet. Choose one with `answerprint choose film cuts/FILE`.")
    made = []
    unfit = [says for one in specs if (says := misfit(desk, version, one))]
    if len(unfit) == len(specs):
        raise PreviewError(" ".join(unfit) or "say what it is for: --spec youtube. `answerprint specs` lists what there is.")
    for one in specs:
        if misfit(desk, version, one):
            continue
        plan, looks, sentences = planned(desk, version, one, films.chosen(desk, version, drafts_first=True))
        name = f"{safe_name(production.settings['title'])}_{safe_name(version)}_{one.name}_NOT-SIGNED.{one.container}"
        out, scratch = production.path / "out" / name, production.inside / "cache" / "render"
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            scratch.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise PreviewError(disk_sentence(cause, str(out.parent))) from cause
        rendered = render(
            plan, one, out, scratch=scratch, mark=MARK, look=looks, version=version, slate=(str(production.settings["title"]), version, MARK),
            progress=functools.partial(told, f"rendering {one.name}"),
        )  # fmt: skip
        findings = check(out, one, expected=rendered, progress=functools.partial(told, f"checking {one.name}"))
        _enter(production, rendered)
        made.append(Preview(path=out, rendered=rendered, findings=findings, sentences=(*rendered.warnings, *sentences, *unfit)))
    return tuple(made)


def misfit(desk: Desk, version: str, spec: Spec) -> str:
    """Why a version that has a cut cannot be made for a spec, before anything is rendered; "" where it can."""
    from answerprint.delivery.specs import other_rate
    from answerprint.timeline.cut import cut_info

    why = other_rate(spec, cut_info(desk.timeline(version)).rate)
    heroes = any(item.hero is not None for item in desk.items.values())
    return why or (" ".join(reframing.unframed(desk, version, shape(spec, desk, version))) if heroes else "")


def shape(spec: Spec, desk: Desk, version: str) -> str:
    """The raster of a version for a spec, as a shape is read: "1080x1920"."""
    return "x".join(map(str, raster(spec, desk, version)))


def planned(desk: Desk, version: str, spec: Spec, chosen: Sequence[Chosen]) -> tuple[Plan, dict[str, Look], tuple[str, ...]]:
    """A version worked out for a spec: every frame and sample of it, the look of each medium, and a sentence for what is not in it.

    Args:   chosen: the grade, the mix and the hero framings that it is rendered with.
    Raises: DeliveryError: media are missing, the cut is empty; TimelineError: a framing that cannot be read.
    """
    from answerprint.delivery.captioning.burning import laid_in
    from answerprint.delivery.conform import conform
    from answerprint.timeline import framing
    from answerprint.timeline.cut import cut_info

    timeline = desk.timeline(version)
    media, looks, unread = _media(desk, version)
    framed = [framing.read((desk.path / one.choice["file"]).read_bytes()) for one in chosen if one.judgment == Judgment.HERO_FRAMING and "file" in one.choice]
    without = desk.cuts[version].replaceable if spec.textless else None
    framed += reframing.framings(desk, version, shape(spec, desk, version))  # a person's first: of two for the same frames that one counts
    plan = conform(timeline, media, rate=cut_info(timeline).rate, size=raster(spec, desk, version), framing=framed, without=without)
    plan, sentences = _finished(desk, plan, {one.judgment: one.choice for one in chosen}, _own(desk, version, chosen))
    if spec.burn:
        refused = finishing.refused(desk.production, "captions")
        plan = laid_in(plan, desk.path / "assets", version, spec.burn, desk.production.inside / "cache" / "burnt", refused=refused)
    return plan, looks, (*unread, *sentences, *reframing.bars(desk, version, shape(spec, desk, version)))


def _media(desk: Desk, version: str) -> tuple[dict[str, Path], dict[str, Look], tuple[str, ...]]:
    """Every original that is connected, by its digest and by its name, and what else of the production this cut shows or lets be heard: cards,
    supers, sounds, by their digest; the show LUT or CDL that each clip is seen through; and what of those could not be read, for the clips
    of this picture."""
    from answerprint.media import look
    from answerprint.timeline.cut import media_of

    picture = desk.cuts[version].picture
    media: dict[str, Path] = {}
    looks: dict[str, Look] = {}
    unread: dict[str, None] = {}
    chosen = desk.production.looks()
    for unit in desk.shoot.units:
        if unit.path is None:
            continue
        for name in (unit.digest, unit.file, unit.file.rsplit("/", 1)[-1]):
            media.setdefault(name, unit.path)
        if not unit.is_clip:
            continue
        found = look.find(unit.path, unit.info, chosen)
        looks |= {unit.digest: found.look} if found.look is not None else {}
        if unit.file in picture or (unit.original is not None and unit.original.file in picture):
            unread |= {f"{unit.file}: {note.rstrip('.')}.": None for note in found.notes}
    unread_yet = frozenset(desk.shoot.waiting)  # rushes: they are read by prep before they are in a film
    for brought in map(media_of, desk.timeline(version).find_clips()):
        if brought.digest and brought.file and brought.file not in unread_yet and (place := desk.path / brought.file).is_file():
            media.setdefault(brought.digest, place)
    return media, looks, tuple(unread)


def _own(desk: Desk, version: str, chosen: Sequence[Chosen]) -> frozenset[str]:
    """The supers of a version that are not in the version for which its grade was chosen: no graded master can have them in its picture."""
    graded = next((one.about.partition(":")[2] for one in chosen if one.judgment == Judgment.GRADE), version)
    return supers_of(desk.cuts[version]) - (supers_of(desk.cuts[graded]) if graded in desk.cuts else frozenset())


def _finished(desk: Desk, plan: Plan, choices: Mapping[str, Mapping[str, str]], own: Collection[str] = ()) -> tuple[Plan, tuple[str, ...]]:
    """The plan with the grade and the mix that somebody chose, and a sentence for what is not in it."""
    from answerprint.delivery.conform import graded, mixed
    from answerprint.delivery.grading import cut_cdls, laid_over

    sentences = []
    for judgment in ("grade", "mix"):
        choice = choices.get(judgment)
        file = choice.get("file") if choice is not None else None
        if choice is None:
            plan = cut_cdls(plan) if judgment == "grade" else plan
            sentences.append(f"No {judgment} is chosen: this is {'the rushes through the show LUT' if judgment == 'grade' else 'the sound of the cutting room'}.")
        elif file is None:
            continue  # as shot, as it was cut: chosen, and nothing is laid over it
        elif Path(file).suffix.lower() in _LOOKS:
            plan = laid_over(plan, desk.production.path / file)
        elif Path(file).suffix.lower() in _LOOKED_AT:
            sentences.append(f"The {judgment} {file} is there to be looked at and cannot be laid over the film: it shows the rushes through the show LUT.")
        elif judgment == "mix":
            plan = mixed(plan, desk.production.path / file, gain_db=_gain_db(choice))
        else:
            plan = graded(plan, desk.production.path / file, over=own)
    return plan, tuple(sentences)


def _gain_db(choice: Mapping[str, str]) -> float:
    """The one gain that somebody took over their mix."""
    said = choice.get("gain_db", "+0.00")
    if not re.fullmatch(r"[+-]\d{1,2}\.\d\d", said):
        raise PreviewError(f"the mix says a gain of {said[:40]!r}, which is none in dB. Choose it again: answerprint choose mix FILE --gain -1.5")
    return float(said)


def _enter(production: Production, rendered: Rendered) -> None:
    """What was made for a person to look at stands in the record with its essence."""
    body = {
        "schema": 1,
        "what": "preview",
        "version": rendered.version,
        "spec": rendered.spec,
        "file": Path(rendered.path).name,
        "frames": rendered.frames,
        "edit": rendered.essence.edit,
        "essence": rendered.essence.digest,
    }
    with production.writer() as record:
        record.append("proposal", body)


