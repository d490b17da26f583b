"""Accidents as people get them: the whole list, up to three a minute of it, and one reel of five minutes; what a cut or a clean-up leaves out.

Everything is in shooting order. Where there is no room for all, the list says how many are not in it, and by which rule.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from answerprint.model.accidents import KINDS, Accident
from answerprint.model.records import AnswerprintError, Digest, from_plain

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.production import Production

__all__ = [
    "A_MINUTE", "HEARD", "REEL_S", "AccidentsError", "Excerpt", "Laid", "budgeted", "excerpts", "found", "heard_in", "inside", "left_by", "left_out", "named", "plain", "reel",
    "searched_s", "seen_in", "touched", "unseen", "view", "waiting",
]  # fmt: skip

A_MINUTE = 3
REEL_S = 300.0
_DAY_S = 7200.0  #: a reel of five minutes is for two hours; a shorter day has a shorter one
_EXCERPT_S = (2.0, 6.0)  #: an accident in the reel is shown no shorter and no longer
_LEAD_S = 0.3
HEARD = frozenset(KINDS[: KINDS.index("wind seen")])  #: kinds that are of the sound; the others are of the picture
RULE = "each kind in turn, of each the one that lies furthest from the other attempts; then in shooting order"


class AccidentsError(AnswerprintError):
    """Accidents that cannot be listed or shown yet."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A view of what was found: `shown` in shooting order, and how many there are beside them."""

    shown: tuple[Accident, ...]
    left: int
    looked_s: float  #: of attempts that were searched
    rule: str = RULE


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """An accident as the reel shows it: seconds of its clip."""

    accident: Accident
    in_s: float
    out_s: float


def found(desk: Desk) -> tuple[Accident, ...]:
    """Everything that was found, in shooting order; a sound that several cameras heard is named once, with the first of them. Empty before prep."""
    facts = desk.shoot.facts(None).get("accidents")
    rows = [from_plain(Accident, one) for one in facts.value("accidents", [])] if facts else []
    order = {(one.clip, one.attempt): number for number, one in enumerate(desk.tries)}
    known = {unit.digest: unit.original.digest for unit in desk.shoot.units if unit.original}
    names = desk.names
    rows = [replace(one, clip=known.get(one.clip, one.clip), file=names.get(known.get(one.clip, one.clip), one.file)) for one in rows]
    rows.sort(key=lambda one: (order.get((one.clip, one.attempt), len(order)), one.in_s))
    return tuple(_once(rows, desk))


def _once(rows: Sequence[Accident], desk: Desk) -> list[Accident]:
    """Without what another camera on the same take heard as well."""
    together: dict[tuple[str, int], int] = {}
    for number, pairs in enumerate(desk.table.angles()):
        for unit, attempt in pairs:
            together[(unit.original or unit).digest, attempt.number] = number
    out: list[Accident] = []
    said: set[tuple[Any, ...]] = set()
    for one in rows:
        take = together.get((one.clip, one.attempt))
        heard = take is not None and one.kind in HEARD
        what = (take, one.kind, one.evidence)
        if heard and what in said:
            continue
        said.add(what)
        out.append(one)
    return out


def unseen(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Clips whose picture could not be looked at, and why."""
    facts = desk.shoot.facts(None).get("accidents")
    return tuple((str(file), str(why)) for file, why in facts.value("accidents.unseen", [])) if facts else ()


def waiting(desk: Desk) -> bool:
    """Whether nobody has looked yet: nothing may be said of accidents until then."""
    return desk.shoot.facts(None).get("accidents") is None


def searched_s(desk: Desk) -> float:
    """How many seconds of attempts were searched."""
    return sum(max(0.0, float(one.out_s) - float(one.in_s)) for one in desk.tries)


# ---- what there is room for


def in_turn(rows: Iterable[Accident]) -> list[Accident]:
    """Each kind in turn, of each the furthest from the other attempts first: the order in which room is given, which nobody is shown."""
    by_kind: dict[str, list[Accident]] = {}
    for one in rows:
        by_kind.setdefault(one.kind, []).append(one)
    for kept in by_kind.values():
        kept.sort(key=lambda one: (-one.apart, one.file, one.in_s))
    out: list[Accident] = []
    kinds = [kind for kind in KINDS if kind in by_kind] + sorted(set(by_kind) - set(KINDS))
    for round_ in range(max(map(len, by_kind.values()), default=0)):
        out += [by_kind[kind][round_] for kind in kinds if round_ < len(by_kind[kind])]
    return out


def budgeted(rows: Sequence[Accident], looked_s: float) -> Laid:
    """Up to three a minute of what was searched, and no fewer than one of what there is."""
    room = max(1, round(A_MINUTE * looked_s / 60)) if rows else 0
    chosen = {id(one) for one in in_turn(rows)[:room]}
    return Laid(shown=tuple(one for one in rows if id(one) in chosen), left=max(0, len(rows) - room), looked_s=looked_s)


def view(desk: Desk) -> Laid:
    """The list as a page shows it: up to three a minute."""
    return budgeted(found(desk), searched_s(desk))


def excerpts(rows: Sequence[Accident], looked_s: float) -> tuple[tuple[Excerpt, ...], int]:
    """What goes into the reel, in shooting order, and how many do not: five minutes for two hours, and for a shorter day as much less, one minute at least.

    Each is shown from just before it begins, for two to six seconds: as long as there is room.
    """
    if not rows:
        return (), 0
    whole_s = min(REEL_S, max(60.0, REEL_S * looked_s / _DAY_S))
    each_s = min(_EXCERPT_S[1], max(_EXCERPT_S[0], whole_s / len(rows)))
    place = {id(one): number for number, one in enumerate(rows)}
    chosen: list[Excerpt] = []
    used_s = 0.0
    for one in in_turn(rows):
        in_s = max(0.0, one.in_s - _LEAD_S)
        out_s = min(max(one.out_s + _LEAD_S, in_s + 1.0), in_s + each_s)
        if used_s + out_s - in_s > whole_s:
            continue
        used_s += out_s - in_s
        chosen.append(Excerpt(accident=one, in_s=in_s, out_s=out_s))
    chosen.sort(key=lambda one: place[id(one.accident)])
    return tuple(chosen), len(rows) - len(chosen)


def plain(one: Accident) -> dict[str, Any]:
    """As `--json` and a page get it."""
    return {
        "file": one.file, "kind": one.kind, "in_s": one.in_s, "out_s": one.out_s, "evidence": one.evidence, "against": one.against, "attempt": one.attempt,
        "setup": one.setup, "where": one.where, "clip": one.clip,
    }  # fmt: skip


# ---- what is left out elsewhere


def touched(production: Production) -> Desk | None:
    """A desk to ask what lies in what a clean-up or a correction touches; None where nobody has looked for accidents."""
    from answerprint.desk import Desk

    desk = Desk(production)
    return None if waiting(desk) else desk


def inside(desk: Desk, file: str, in_s: float, out_s: float) -> tuple[Accident, ...]:
    """What was found in a stretch of a clip: whatever takes that stretch away has to name it. In shooting order."""
    return tuple(one for one in found(desk) if file in (one.file, one.clip) and one.in_s < out_s and one.out_s > in_s)


def heard_in(desk: Desk, sound: Digest) -> tuple[Accident, ...]:
    """What was found to be heard in a whole sound: in a clip's own; in a recorder's, by the clips that it is synced to. In shooting order."""
    unit = next((one for one in desk.shoot.units if one.digest == sound), None)
    if unit is None:
        return ()
    length_s, spans = float(unit.info.duration_s), [((unit.original or unit).digest, 0.0)]
    for clip in desk.shoot.clips:
        rows = [row for row in desk.shoot.certificates.get(clip.digest, []) if row["sound"] == sound and row["abstained"] is None]
        spans += [((clip.original or clip).digest, float(row["offset_s"])) for row in rows]
    lying = {(one.clip, one.kind, one.in_s) for digest, offset_s in spans for one in inside(desk, digest, -offset_s, length_s - offset_s) if one.kind in HEARD}
    return tuple(one for one in found(desk) if (one.clip, one.kind, one.in_s) in lying)


def seen_in(desk: Desk, file: str) -> tuple[Accident, ...]:
    """What was found to be seen in a whole clip. In shooting order."""
    return tuple(one for one in inside(desk, file, 0.0, float("inf")) if one.kind not in HEARD)


def named(one: Accident) -> str:
    """As a list of what was touched or left names it: "laughter at 0:12.4 in A003: bursts as even as laughter"."""
    return f"{one.kind} at {int(one.in_s) // 60}:{one.in_s % 60:04.1f} in {PurePosixPath(one.file).stem}: {one.evidence}"


def left_out(desk: Desk, used: Mapping[str, Sequence[tuple[float, float]]]) -> tuple[Accident, ...]:
    """What was found and is in none of the stretches that a cut uses.

    Args: used: by digest of the clip, (in_s, out_s) of it. An accident counts as used where half of it is.
    """
    out = []
    for one in found(desk):
        kept = sum(max(0.0, min(one.out_s, last) - max(one.in_s, first)) for first, last in used.get(one.clip, ()))
        if kept * 2 < one.out_s - one.in_s:
            out.append(one)
    return tuple(out)


def left_by(desk: Desk, cut: Path) -> tuple[Accident, ...]:
    """What was found and a cut shows and plays nothing of: the file of the cut, as it was written or came.

    Raises: TurnoverError, TimelineError, DeskError: the cut cannot be read, or is no single one.
    """
    if not found(desk):
        return ()
    read = desk.read(desk.cut_file(str(cut.absolute())), "").cut
    used: dict[str, list[tuple[float, float]]] = {}
    clips = {file: digest for digest, file in desk.names.items()}
    for name in {*read.picture, *read.heard}:
        if name in clips:
            spans = (*read.picture.get(name, ()), *(read.heard.get(name, ()) if name not in read.picture else ()))
            used[clips[name]] = [(float(span.start_s), float(span.end_s)) for span in spans]
    return left_out(desk, used)


# ---- the reel


def reel(production: Production, *, watch: Callable[[str, float], None] | None = None) -> tuple[Path, tuple[Excerpt, ...], int]:
    """Make the reel as a watermarked movie, cuts/accidents.mp4: what it is and where it lies is burnt in. How many are not in it comes last.

    Raises: AccidentsError: nothing was found, or nothing was prepared yet.
    """
    from answerprint.desk import Desk
    from answerprint.media.reel import reel as movie

    desk = Desk(production)
    rows = found(desk)
    if not rows:
        raise AccidentsError("there is no accident to show. Run `answerprint prep` first; a shoot in which nothing stands apart has no reel.")
    chosen, left = excerpts(rows, searched_s(desk))
    strung = {(str(one.clip.digest), one.attempt.number): one for one in desk.table.strung()}
    shots = []
    for one in chosen:
        held = strung.get((one.accident.clip, one.accident.attempt))
        if held is None:
            continue
        shot = desk.table.shot(held)
        says = f"{one.accident.kind}: {one.accident.evidence}"
        shots.append(replace(shot, in_s=Fraction(str(round(one.in_s, 3))), out_s=Fraction(str(round(one.out_s, 3))), burn=(*shot.burn[:1], says), timecode=None))
    path = production.path / "cuts" / "accidents.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = functools.partial(watch, "accidents") if watch else lambda done: None
    movie(shots, path, rate=production.settings.rate, mark="ACCIDENTS - NOT A CUT", progress=told)
    return path, chosen, left
