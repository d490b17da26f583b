"""The disclosure that a production asks for: whether every version has it in its language, legible, long enough and inside the picture, in every
raster that the version is delivered in. Where nobody asks for one, there is nothing to say.

It is a super like any other: whoever draws it, and by whichever template, its words have to be the ones that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint import finishing
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
    covered: str = ""  #: the medium that lies over it; "" where none does
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
    shown = [one for one in _shown(desk, cut) if any(_plain(words) in _plain(str(value)) for value in _values(one).values())]
    language = desk.family[cut.version].language
    which = f"{cut.version}{f' ({language})' if language else ''}"
    if not shown:
        how = f"a row for {cut.version} in the table of markets, then answerprint supers FOLDER"
        return (f"{which}: it does not show the disclosure “{words}” that answerprint.toml asks for. Lay it in: {how}",)
    every = [tuple(_faults(desk, cut, one, asked)) for one in shown]
    if not all(every):
        return ()  # one of them is proved everywhere
    return tuple(f"{which}: the disclosure in {shown[0].file} {says}" for says in dict.fromkeys(every[0]))


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
        hidden = next((other for other in over if other.media is not None and other.media.digest not in known and (other.media.file or other.media.name) not in cut.replaceable), None)
        yield _Shown(
            file=use.media.file or use.media.name, drawn=drawn, of=of, first=round_half_up(use.start_s * rate), end=round_half_up((use.start_s + use.length_s) * rate),
            covered=(hidden.media.file or hidden.media.name) if hidden is not None and hidden.media is not None else "", as_drawn=use.speed == 1,
        )  # fmt: skip


def _faults(desk: Desk, cut: Cut, one: _Shown, asked: Asked) -> Iterator[str]:
    """What is wrong with a disclosure in any raster that its version is delivered in."""
    if one.covered:
        yield f"lies under {one.covered}. Lay it on top in {cut.file}."
    if not one.as_drawn:
        yield f"is played at another speed. Lay it in at its own in {cut.file}."
    try:
        yield from _proof(desk, cut, one, asked)
    except AnswerprintError as error:
        yield f"cannot be proved: {error}"


def _proof(desk: Desk, cut: Cut, one: _Shown, asked: Asked) -> Iterator[str]:
    from answerprint.delivery import supers
    from answerprint.delivery.fitting import placed
    from answerprint.delivery.specs import spec
    from answerprint.previews import size
    from answerprint.supering import stage_of, template_of
    from answerprint.timeline.cut import cut_info

    rate, own = cut_info(desk.timeline(cut.version)).rate, tuple(one.of["size"])
    template = template_of(str(one.drawn["named"]), desk.path)
    language = str(one.of.get("language", ""))
    if language and desk.family[cut.version].language and not _same(language, desk.family[cut.version].language):
        yield f"was drawn for {language}. Draw it for this language."
    rasters: dict[tuple[int, int], list[str]] = {}
    for name in asked.needed(desk, cut.version):
        wanted = spec(name, desk.path)
        if not wanted.textless:
            rasters.setdefault(size(wanted, desk, cut.version), []).append(name)
    for raster, names in (rasters or {own: []}).items():
        where = f"for {', '.join(names)} ({raster[0]} x {raster[1]})" if names else f"at {raster[0]} x {raster[1]}"
        _, _, wide, high = placed((own[0], own[1]), raster)
        if Fraction(*raster) != Fraction(own[0], own[1]):
            yield f"was drawn for {own[0]} x {own[1]} and would be {wide} x {high} {where}. Give that shape a version of its own."
            continue
        stage = stage_of(desk, raster, language)
        for fault in supers.disclosed(template, _values(one), stage, row=cut.version, duration_s=(one.end - one.first) / rate):
            yield f"does not hold {where}: {fault.says}"


def _values(one: _Shown) -> dict[str, str]:
    return {str(name): str(value) for name, value in one.drawn.get("values", ())}


def _same(one: str, other: str) -> bool:
    """Whether two tags name one language: "de" and "de-AT" do."""
    return one.casefold().split("-")[0] == other.casefold().split("-")[0]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .")
