"""A person's grade that is no picture: a CDL or a LUT laid over the shots of a cut, over all of them or each with its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from answerprint.delivery import DeliveryError
from answerprint.delivery.plan import Plan
from answerprint.media import cube, digests
from answerprint.media.container import shown
from answerprint.media.look import Look
from answerprint.model.records import canonical
from answerprint.timeline.edit import stem

__all__ = ["carried", "cut_cdls", "laid_over"]

_NUMBER = re.compile(r"(?:event|shot|ev|cc)?[ ._-]*0*(\d+)", re.IGNORECASE)  #: how a list of corrections counts its events
_NAMED = 5  #: shots in one sentence


def laid_over(plan: Plan, file: Path) -> Plan:
    """The same film, its shots seen through a grade. Stills and what the cut draws itself are left as they are.

    Args:   file: a .cube or .3dl, or a .cdl or .cc, for every shot; a .ccc or .cdl of several corrections for those that it names, by clip,
            file or reel, or numbers, one for each shot in the order of the film; a .ccc of one for the shots that it names, if it names any.
    Returns: the film, with a warning that names shots for which there is none.
    Raises: DeliveryError: none of its corrections is for a shot of this cut, or two are for one; MediaError: it is gone or no such file.
    """
    if file.suffix.lower() in (".cdl", ".ccc"):
        found = cube.corrections(file)
        if len(found) > 1 or (file.suffix.lower() == ".ccc" and _by_name(plan, file, found)):
            return _each(plan, file, found)
    step = cube.read(file)
    look = Look(steps=(step,), names=(shown(file),), whence=("the grade",), digests=(digests.read(file, also=()).blake3,))
    return replace(plan, grades=dict.fromkeys(range(1, len(plan.shots) + 1), look))


def cut_cdls(plan: Plan) -> Plan:
    """The same film, each shot seen through the CDL that the cut itself carries for it; as it is where it carries none."""
    grades = {number: _look(shot.cdl, "CDL of the cut", "the cut names it") for number, shot in enumerate(plan.shots, 1) if shot.cdl is not None}
    if not grades:
        return plan
    says = f"the cut carries a CDL for {len(grades)} of its {len(plan.shots)} shots; they are seen through it."
    return replace(plan, grades=grades, warnings=(*plan.warnings, says))


def _each(plan: Plan, file: Path, found: Sequence[tuple[tuple[str, ...], cube.Cdl]]) -> Plan:
    of = _by_number(plan, found) or _by_name(plan, file, found)
    names = tuple(name for ids, _ in found for name in ids)
    if not of:
        raise DeliveryError(
            f"{shown(file)} has no correction for a shot of this cut: it names {_some(names)}; the shots are {_some([one.names[0] for one in plan.shots])}. "
            "Export it with the clips' names."
        )  # fmt: skip
    grades = {number: _look(one, f"{shown(file)}, {plan.shots[number - 1].names[0]}", "the grade") for number, one in of.items()}
    bare = [shot.names[0] for number, shot in enumerate(plan.shots, 1) if number not in of]
    says = (f"{shown(file)} has no correction for {_some(bare)}: seen as without a grade.",) if bare else ()
    return replace(plan, grades=grades, warnings=(*plan.warnings, *says))


def _by_name(plan: Plan, file: Path, found: Sequence[tuple[tuple[str, ...], cube.Cdl]]) -> Mapping[int, cube.Cdl]:
    of: dict[int, cube.Cdl] = {}
    for number, shot in enumerate(plan.shots, 1):
        known = {stem(name) for name in shot.names}
        fits = [one for ids, one in found if known & {stem(name) for name in ids}]
        if any(one != fits[0] for one in fits):
            raise DeliveryError(f"{shown(file)} has {len(fits)} corrections for {shot.names[0]}, and they differ. Keep the one that counts.")
        if fits:
            of[number] = fits[0]
    return of


def _by_number(plan: Plan, found: Sequence[tuple[tuple[str, ...], cube.Cdl]]) -> Mapping[int, cube.Cdl]:
    """Corrections that are counted from one, as many as there are shots; else none."""
    numbers = [int(match[1]) if len(ids) == 1 and (match := _NUMBER.fullmatch(ids[0])) else 0 for ids, _ in found]
    if sorted(numbers) != list(range(1, len(plan.shots) + 1)):
        return {}
    return {number: one for number, (_, one) in zip(numbers, found, strict=True)}


def _look(one: cube.Cdl, name: str, whence: str) -> Look:
    values = [[repr(value) for value in values] for values in (one.slope, one.offset, one.power, (one.saturation,))]
    return Look(steps=(one,), names=(name,), whence=(whence,), digests=(f"sha256:{hashlib.sha256(canonical(values)).hexdigest()}",))


def _some(names: Sequence[str]) -> str:
    once = list(dict.fromkeys(names))
    return ", ".join(once[:_NAMED]) + (f" and {len(once) - _NAMED} more" if len(once) > _NAMED else "")


def carried(said: object) -> cube.Cdl | None:
    """The CDL that an event of a cut carries, as edit lists are read: {"asc_sop": {"slope": [...], "offset": [...], "power": [...]}, "asc_sat": 0.9}.

    None where it carries none. Raises: MediaError: it is something else.
    """
    if not isinstance(said, Mapping):
        return None
    sop, saturation = said.get("asc_sop"), said.get("asc_sat")
    groups = [sop.get(part) for part in ("slope", "offset", "power")] if isinstance(sop, Mapping) else [(1, 1, 1), (0, 0, 0), (1, 1, 1)]
    text = "".join(f"({' '.join(str(value) for value in group)})" for group in groups if isinstance(group, Iterable))
    return cube.sop(text, str(saturation) if saturation is not None else None)
