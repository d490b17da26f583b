"""The disclosure that a production asks for: whether every version has it in its language, legible, long enough and inside the picture, in every
raster that the version is delivered in. Where nobody asks for one, there is nothing to say.

It is a super like any other: whoever draws it, and by whichever template, its words have to be the ones that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint import deliverables, finishing
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError, Digest
from answerprint.model.time import round_half_up

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.film import Cut
    from answerprint.films import Asked

__all__ = ["absent", "missing", "wanted"]


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """A super as a cut shows it."""

    file: str
    drawn: Mapping[str, Any]  #: as its entry says it
    of: Mapping[str, Any]  #: what the entry says of the version that it was drawn for
    first: int  #: frames of the film, half-open
    end: int
    digest: Digest = ""
    covered: str = ""  #: the medium that lies over it; "" where none does
    above: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = ()  #: other supers over it, as their entries say them
    as_drawn: bool = True  #: at its own speed


def wanted(desk: Desk, version: str) -> tuple[str, str]:
    """The words that a version has to show, and why they cannot be told, in a sentence; both empty where the production asks for none."""
    asked = desk.production.settings["disclosure"]
    if not asked:
        return "", ""
    own, first = desk.family[version].language, desk.family.first.language
    if isinstance(asked, str):
        if own.casefold() != first.casefold() and own:
            table = f'disclosure = {{ {first or "en"} = "...", {own} = "..." }}'
            return "", f"{version} is in {own}, and answerprint.toml gives the disclosure in one language only. Say it in each: {table}"
        return asked, ""
    if not own and len(asked) == 1:
        return str(next(iter(asked.values()))), ""
    found = next((words for language, words in asked.items() if own and _same(language, own)), None)
    if found is None:
        why = f"answerprint.toml has no disclosure in {own}" if own else "versions.csv does not say in which language it is, so which disclosure it has to show is not known"
        return "", f"{version}: {why}. There is one in: {', '.join(asked)}."
    return str(found), ""


def absent(desk: Desk, cut: Cut, asked: Asked | None = None) -> str:
    """Why there is nothing to disclose in a film, in a sentence; "" where the production asks for it."""
    return "" if desk.production.settings["disclosure"] else "disclosure: answerprint.toml asks for none"


def missing(desk: Desk, cut: Cut, asked: Asked) -> tuple[str, ...]:
    """What a version lacks of the disclosure, in sentences: none in its language, not legible, too short, outside the picture, or hidden.

    Args: asked: for which specs its films are asked for.
    """
    words, unknown = wanted(desk, cut.version)
    if unknown or not words:
        return (unknown,) if unknown else ()
    shown = [one for one in _shown(desk, cut) if any(f" {_plain(words)} " in f" {_plain(text)} " for text in _texts(desk, one))]
    language = desk.family[cut.version].language
    which = f"{cut.version}{f' ({language})' if language else ''}"
    if not shown:
        how = f"a row for {cut.version} in the table of markets, then answerprint supers FOLDER"
        return (f"{which}: it does not show the disclosure “{words}” that answerprint.toml asks for. Lay it in: {how}",)
    every = [tuple(_faults(desk, cut, one, asked)) for one in shown]
    if not all(every):
        return ()  # one of them is proved everywhere
    return tuple(f"{which}: the disclosure in {shown[0].file} {says}" for says in dict.fromkeys(every[0]))


def _texts(desk: Desk, one: _Shown) -> tuple[str, ...]:
    """What a super says where its template has the disclosure; all that its row says, where the template has no place for one or is gone."""
    from answerprint.delivery import supers
    from answerprint.supering import template_of

    try:
        found = supers.disclosures(template_of(str(one.drawn["named"]), desk.path), _values(one.drawn))
    except (AnswerprintError, OSError, UnicodeDecodeError):
        found = ()
    return found or tuple(_values(one.drawn).values())


def _shown(desk: Desk, cut: Cut) -> Iterator[_Shown]:
    """Every super that was drawn here and that a cut shows, in the order of the film."""
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of

    known: dict[Digest, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for one in finishing.history(desk.production):
        if one.what == "supers":
            known |= {drawn["digest"]: (drawn, one.values) for drawn in one.values.get("supers", ())}
    timeline = desk.timeline(cut.version)
    rate, picture = cut_info(timeline).rate, edit_of(timeline).picture
    for use in picture:
        if use.media is None or use.media.digest not in known:
            continue
        drawn, of = known[use.media.digest]
        over = [other for other in picture if other.layer > use.layer and other.start_s < use.start_s + use.length_s and use.start_s < other.start_s + other.length_s]
        hidden = next((other for other in over if (other.media is not None and other.media.digest not in known) or (other.media is None and not other.lettering)), None)
        yield _Shown(
            file=use.media.file or use.media.name, drawn=drawn, of=of, first=round_half_up(use.start_s * rate), end=round_half_up((use.start_s + use.length_s) * rate),
            covered="" if hidden is None else hidden.medium if hidden.media is None else hidden.media.file or hidden.media.name, as_drawn=use.speed == 1, digest=use.media.digest,
            above=tuple(known[other.media.digest] for other in over if other.media is not None and other.media.digest in known),
        )  # fmt: skip


def _faults(desk: Desk, cut: Cut, one: _Shown, asked: Asked) -> Iterator[str]:
    """What is wrong with a disclosure in any raster that its version is delivered in."""
    if one.covered:
        yield f"lies under {one.covered}. Lay it on top in {cut.file}."
    if not one.as_drawn:
        yield f"is played at another speed. Lay it in at its own in {cut.file}."
    if master := _mastered(desk, cut, one):
        yield f"is in the cut for which {master} is the graded master, and nobody can tell whether it is in that picture. Choose the grade for the version that it comes from."
    try:
        yield from _proof(desk, cut, one, asked)
    except (AnswerprintError, OSError, UnicodeDecodeError) as error:
        yield f"cannot be proved: {error}"


def _mastered(desk: Desk, cut: Cut, one: _Shown) -> str:
    """The graded master whose picture is taken in place of this super; "" where the super itself is laid in."""
    from pathlib import Path

    from answerprint import films
    from answerprint.film import supers_of
    from answerprint.previews import LOOKS

    for chosen in films.chosen(desk, cut.version):
        file, graded = chosen.choice.get("file", ""), chosen.about.partition(":")[2]
        if chosen.judgment == Judgment.GRADE and file and Path(file).suffix.lower() not in LOOKS and graded in desk.cuts and one.digest in supers_of(desk.cuts[graded]):
            return file
    return ""


def _proof(desk: Desk, cut: Cut, one: _Shown, asked: Asked) -> Iterator[str]:
    from answerprint.delivery import supers
    from answerprint.delivery.fitting import placed
    from answerprint.delivery.specs import spec
    from answerprint.supering import stage_of, template_digest, template_of
    from answerprint.timeline.cut import cut_info

    rate, own = cut_info(desk.timeline(cut.version)).rate, tuple(one.of["size"])
    template = template_of(str(one.drawn["named"]), desk.path)
    language = str(one.of.get("language", ""))
    if template_digest(str(one.drawn["named"]), desk.path) != one.drawn.get("template digest"):
        yield f"was drawn with another template {one.drawn['named']} than the one that is there now. Draw it again."
    if language and desk.family[cut.version].language and not _same(language, desk.family[cut.version].language):
        yield f"was drawn for {language}. Draw it for this language."
    rasters: dict[tuple[int, int], list[str]] = {}
    there = (film.spec for film in (*asked.standing(desk, cut.version), *asked.beside(desk, cut.version)))
    for name in dict.fromkeys((*asked.needed(desk, cut.version), *there)):
        wanted = spec(name, desk.path)
        if not wanted.textless:
            rasters.setdefault(deliverables.raster(wanted, desk, cut.version), []).append(name)
    for raster, names in (rasters or {own: []}).items():
        where = f"for {', '.join(names)} ({raster[0]} x {raster[1]})" if names else f"at {raster[0]} x {raster[1]}"
        _, _, wide, high = placed((own[0], own[1]), raster)
        if Fraction(*raster) != Fraction(own[0], own[1]):
            yield f"was drawn for {own[0]} x {own[1]} and would be {wide} x {high} {where}. Give that shape a version of its own."
            continue
        stage = stage_of(desk, raster, language)
        burnt = {top for name in names if (language_in := spec(name, desk.path).burn) for top in [_captions_top(desk, cut, one, language_in, raster)] if top is not None}
        box = supers.stands(template, _values(one.drawn), stage) if burnt else None
        if box is not None and burnt and box[3] > min(burnt):
            yield f"stands where captions are drawn over it {where}. Place it higher in the template, or take burn out of the spec."
        for drawn, of in one.above:
            other = stage_of(desk, raster, str(of.get("language", "")))
            alike = Fraction(*of["size"]) == Fraction(*raster) and template_digest(str(drawn["named"]), desk.path) == drawn.get("template digest")
            if not alike or supers.hides(template_of(str(drawn["named"]), desk.path), _values(drawn), other, under=(template, _values(one.drawn), stage)):
                yield f"lies under {drawn.get('file')} {where}, which covers it. Lay it on top in {cut.file}, or at another time."
        for fault in supers.disclosed(template, _values(one.drawn), stage, row=cut.version, duration_s=(one.end - one.first) / rate):
            yield f"does not hold {where}: {fault.says}"


def _captions_top(desk: Desk, cut: Cut, one: _Shown, language: str, raster: tuple[int, int]) -> int | None:
    """The highest line that captions in the picture may reach while a super stands; None where none do, or there are none."""
    from answerprint.delivery import captions
    from answerprint.delivery.captioning import burning
    from answerprint.timeline.cut import cut_info

    rate = cut_info(desk.timeline(cut.version)).rate
    path = burning.source(desk.path / "assets", cut.version, language, finishing.refused(desk.production, "captions"))
    cues = captions.read(captions.text_of(path), path.suffix.lower().lstrip("."))[0]
    lines = [cue.text.count("\n") + 1 for cue in cues if cue.start_s * rate < one.end and one.first < cue.end_s * rate]
    return burning.top(raster, max(lines)) if lines else None


def _values(drawn: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in drawn.get("values", ())}


def _same(one: str, other: str) -> bool:
    """Whether two tags name one language: "de" and "de-AT" do."""
    return one.casefold().split("-")[0] == other.casefold().split("-")[0]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .")
