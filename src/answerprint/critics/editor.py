"""The editor: the cuts that you did not see. Each keeps the length and every word, and says what it gives up; they stand in no order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from answerprint.critics.cutting import LEAST_S, Cutting, apart
from answerprint.model.extend import Critic
from answerprint.model.ideas import Case, Idea, Shot, Tried
from answerprint.model.time import floor_frames

HOLD_S = Fraction(3, 5)  #: an attempt that goes on for less after the cut point holds nothing to stay for
ON_THE_WORD_S = Fraction(1, 2)  #: a shot that leaves later than this after its last word is held already: a pause between sentences is 0.3 to 0.6 s
FACE = 0.12  #: of the picture's height: of a person who stands whole in the frame, seven and a half heads high, it is a tenth, and there is no look to be read
LONGEST_S = Fraction(2)  #: a hold that pushes the next shot further than this is another film's rhythm, and the next line's first words are off camera
MOST = 4  #: cuts that somebody looks at in one sitting
LEAST_APART = Fraction(1, 50)  #: of the running time: half a second of a 30 s film is under a frame a shot


@dataclass(frozen=True)
class _Way:
    """One other cut: what it does, the facts behind it, what it costs."""

    name: str
    cutting: Cutting
    text: str
    facts: tuple[str, ...]
    gives_up: str


def run(case: Case) -> Iterable[Idea]:
    """Up to four other cuts, those that differ most from the present one and from each other, in the order of the film. Empty for a cut that
    holds nothing else."""
    ways = [way for make in (_held, _breath, _reaction, _order, _others, _accident) if (way := make(case)) is not None]
    kept = sorted(_farthest(case, ways), key=lambda way: way.cutting.first())
    for way in kept:
        facts = case.cite(way.facts)
        if facts is not None:
            yield Idea(
                critic="editor", on=f"cut:{way.cutting.first()}", text=way.text, facts=facts, offer=way.cutting.offer(f"{case.version} {way.name}"),
                gives_up=way.gives_up, away=True,
            )  # fmt: skip


def _farthest(case: Case, ways: list[_Way]) -> list[_Way]:
    """Those that stand farthest apart, beginning from the present cut: each next one has the most to the nearest of those before it."""
    kept: list[_Way] = []
    left, last = list(ways), Cutting(case, case.version).timeline
    near = [Fraction(1)] * len(left)
    while left and len(kept) < MOST:
        near = [min(known, apart(way.cutting.timeline, last)) for known, way in zip(near, left, strict=True)]
        place = near.index(max(near))
        if near.pop(place) < LEAST_APART:
            break
        kept.append(left.pop(place))
        last = kept[-1].cutting.timeline
    return kept


# ---- cut points


def _held(case: Case) -> _Way | None:
    """Stay on a face for as long as the attempt gives something; the sound goes on as it is cut. A shot that stays after its last word stays already."""
    cutting, facts, shots = Cutting(case, f"{case.version} held"), [], []
    for shot in case.shots:
        _, after = case.near(shot)
        runs_on = case.number(f"cut:{shot.number} runs on s")
        words = case.fact(f"cut:{shot.number} words")
        stays = words is not None and shot.out_s - Fraction(str(words[3])) > ON_THE_WORD_S
        if runs_on is None or after is None or stays or (case.number(f"cut:{shot.number} face height") or 0.0) < FACE or not cutting.knows(shot, after):
            continue
        room = min(Fraction(str(runs_on)), LONGEST_S, cutting.length(after) - LEAST_S)
        if room < HOLD_S or shot.number in cutting.touched:
            continue
        cutting.roll(shot, after, floor_frames(room, case.rate))
        facts += [f"cut:{shot.number} uses", f"cut:{shot.number} runs on s", f"cut:{shot.number} face height", f"cut:{after.number} uses"]
        shots.append(shot)
    if not shots:
        return None
    longest = max(shots, key=lambda one: case.number(f"cut:{one.number} runs on s") or 0.0)
    text = (
        f"Stay on the face. {_shots(shots)} {'leaves' if len(shots) == 1 else 'leave'} while the attempt still runs, {f'shot {longest.number} ' if shots[1:] else ''}{_s(case.number(f'cut:{longest.number} runs on s'))} early. "
        "Hold the picture over the next words and see what is left in it when nothing is asked any more."
    )  # fmt: skip
    return _Way("held", cutting, text, tuple(facts), "The next picture comes late, and what is heard of it is heard before it is seen.")


def _breath(case: Case) -> _Way | None:
    """Come in on the breath before the first word, where one is heard and the cut begins after it."""
    cutting, facts, shots = Cutting(case, f"{case.version} breath"), [], []
    for shot in case.shots:
        before, _ = case.near(shot)
        at_s = case.number(f"cut:{shot.number} breath at s")
        if at_s is None or before is None or not cutting.knows(before, shot):
            continue
        early = shot.in_s - Fraction(str(at_s))
        frames = -floor_frames(-early, case.rate)
        if frames < 1 or cutting.length(before) - Fraction(frames) / case.rate < LEAST_S or _spoken_late(case, before, early) or shot.number in cutting.touched:
            continue
        cutting.roll(before, shot, -frames, sound=True)
        facts += [f"cut:{shot.number} uses", f"cut:{shot.number} breath at s", f"cut:{shot.number} words", f"cut:{before.number} uses"]
        shots.append(shot)
    if not shots:
        return None
    one = shots[0]
    early_s = float(one.in_s) - (case.number(f"cut:{one.number} breath at s") or 0.0)
    text = f"Come in on the breath. Something is heard {_s(early_s)} before shot {one.number} begins, and the cut is made after it" + (f"; so in {_shots(shots[1:]).casefold()}." if shots[1:] else ".")
    return _Way("on the breath", cutting, text, tuple(facts), f"The end of {_shots([case.near(shots[0])[0] or shots[0]]).casefold()} goes earlier than it was meant to.")


def _spoken_late(case: Case, shot: Shot, early: Fraction) -> bool:
    """Whether a word of that shot would be cut by leaving it so much earlier."""
    words = case.fact(f"cut:{shot.number} words")
    return words is not None and Fraction(str(words[3])) > shot.out_s - early


# ---- pictures


def _reaction(case: Case) -> _Way | None:
    """Show who listens where a camera has them."""

    def other(shot: Shot) -> Tried | None:
        return next((one for one in case.tries_at(shot.item) if one.off and one.complete and one.name != shot.attempt), None) if _speaks(case, shot) else None

    found = _shown(case, "listening", other)
    if found is None:
        return None
    cutting, facts, shots = found
    text = f"Do not show who speaks. The rushes hold the other side of {_shots(shots).casefold()}, with the whole line said off camera: see it land instead of seeing it said."
    return _Way("listening", cutting, text, facts, "Lips: the line is not seen to be said, and another camera's reading has its own timing.")


def _others(case: Case) -> _Way | None:
    """Every picture without a line from the attempt that lies farthest from the one in the cut, by shooting order."""
    found = _shown(case, "other attempts", lambda shot: _far(case, shot))
    if found is None:
        return None
    cutting, facts, shots = found
    text = f"You know {'these pictures' if shots[1:] else 'this picture'} by heart. {_shots(shots)} {'was' if len(shots) == 1 else 'were'} shot more than once; this is the film from the other end of the day."
    return _Way("other attempts", cutting, text, facts, "The attempts that were chosen, and whatever was seen in them.")


def _far(case: Case, shot: Shot) -> Tried | None:
    if _speaks(case, shot):
        return None
    there = case.tries_at(shot.item)
    own = next((number for number, one in enumerate(there) if one.name == shot.attempt), None)
    beside = {one.attempt for one in case.near(shot) if one is not None}  # a neighbour shows that one already: it would be one shot then
    able = [(abs(number - own), one) for number, one in enumerate(there) if own is not None and number != own and one.complete and not one.spoken and one.name not in beside]
    return max(able, key=lambda pair: pair[0])[1] if able else None


def _shown(case: Case, name: str, other: Callable[[Shot], Tried | None]) -> tuple[Cutting, tuple[str, ...], list[Shot]] | None:
    cutting, facts, shots = Cutting(case, f"{case.version} {name}"), [], []
    for shot in case.shots:
        tried = other(shot)
        length = Fraction(shot.film[1] - shot.film[0]) / case.rate
        if tried is None or tried.media is None or not cutting.knows(shot) or tried.out_s - tried.in_s < length:
            continue
        cutting.show(shot, tried, _from(case, shot, tried, length))
        facts += [f"cut:{shot.number} uses", f"cut:{shot.number} item", f"try:{tried.name}@{shot.item} lies"]
        shots.append(shot)
    return (cutting, tuple(facts), shots) if shots else None


def _from(case: Case, shot: Shot, tried: Tried, length: Fraction) -> Fraction:
    """The same place of the item in the other attempt, inside it."""
    own = next((one for one in case.tries_at(shot.item) if one.name == shot.attempt), None)
    wanted = tried.first_s + (shot.in_s - own.first_s if own is not None else 0)
    return min(max(wanted, tried.in_s), tried.out_s - length)


# ---- order


def _order(case: Case) -> _Way | None:
    """The pictures that carry no line, the other way round: what is said stays where it is."""
    cutting = Cutting(case, f"{case.version} turned round")
    able = [one for one in case.shots if one.item is not None and not _speaks(case, one) and cutting.knows(one) and case.fact(f"cut:{one.number} item") is not None]
    places = list(zip(able, reversed(able), strict=True))
    moved: list[Shot] = []
    facts: list[str] = []
    for place, shown in places:
        own = next((one for one in case.tries_at(shown.item) if one.name == shown.attempt), None)
        length = Fraction(place.film[1] - place.film[0]) / case.rate
        if own is None or own.media is None or own.out_s - own.in_s < length:
            return None
        if place is not shown:
            cutting.show(place, own, min(max(shown.in_s, own.in_s), own.out_s - length))
            moved.append(place)
            facts += [f"cut:{place.number} uses", f"cut:{place.number} item"]
    items = [one.item for one in able if one.item is not None]
    if len(moved) < 2 or items != sorted(items) or len(set(items)) < 2:
        return None
    first, last = able[0], able[-1]
    text = (
        f"The pictures follow the script from item {first.item} to item {last.item}, one after the other. Turn them round: open on what shot {last.number} shows "
        f"and end where shot {first.number} began; what is said stays where it is."
    )  # fmt: skip
    return _Way("turned round", cutting, text, tuple(facts), f"That nobody has seen item {last.item} before the end.")


# ---- accidents


def _accident(case: Case) -> _Way | None:
    """What nobody planned, in the place of the same item."""
    cutting, facts, told = Cutting(case, f"{case.version} accidents"), [], []
    for name in (one.name for one in case.known.facts if one.name.startswith("accident:")):
        row = case.fact(name)
        shot = next((one for one in case.shots if one.item == row["item"] and one.number not in cutting.touched and cutting.knows(one)), None)
        tried = next((one for one in case.tries_at(row["item"]) if one.name == row["attempt"]), None)
        if shot is None or tried is None or tried.media is None or (_speaks(case, shot) and tried.name != shot.attempt):
            continue
        length = Fraction(shot.film[1] - shot.film[0]) / case.rate
        in_s, out_s = Fraction(row["in_s"]), Fraction(row["out_s"])
        seen = in_s < shot.out_s and shot.in_s < out_s and tried.name == shot.attempt
        if seen or _speaks(case, shot) or tried.out_s - tried.in_s < length:
            continue
        cutting.show(shot, tried, min(max((in_s + out_s - length) / 2, tried.in_s), tried.out_s - length))
        facts += [name, f"cut:{shot.number} uses", f"try:{tried.name}@{tried.item} lies"]
        told.append((shot, tried, row))
    if not told:
        return None
    shot, tried, row = told[0]
    rest = f" So in {_shots([one for one, _, _ in told[1:]]).casefold()}." if told[1:] else ""
    text = f"{tried.slate} holds something nobody planned ({row['kind']}: {row['evidence']}), and shot {shot.number} goes past it. Give it the place.{rest}"
    return _Way("accidents", cutting, text, tuple(facts), "The frame that was planned there.")


# ---- words


def _speaks(case: Case, shot: Shot) -> bool:
    """Whether somebody is seen to say a line of the script in it."""
    return case.fact(f"cut:{shot.number} words") is not None


def _shots(shots: Iterable[Shot]) -> str:
    numbers = [str(one.number) for one in shots]
    return f"Shot {numbers[0]}" if len(numbers) == 1 else f"Shots {', '.join(numbers[:-1])} and {numbers[-1]}"


def _s(value: float | None) -> str:
    return f"{value or 0.0:.1f} s"


critic = Critic(name="editor", version=2, run=run, seat="editor", says="the cuts that you did not see")
