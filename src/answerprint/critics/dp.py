"""The DP: sizes, headroom, looking room and eye lines against what this film set up; textbook frames where something less ordinary was shot.

Every measure is a share of the picture: a face's height, the room over a head, where the eyes lie from the top. What leads back to what the film set
up is never more than half of what is said; the rest leads away from what is usually done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from statistics import median

from answerprint.critics.cutting import Cutting
from answerprint.model.extend import Critic
from answerprint.model.ideas import Case, Idea, Offer, Shot, Tried
from answerprint.model.time import floor_frames
from answerprint.timeline.framing import CLOSEST, SHAPES, Framing, Key, written

#: Two faces within 15 % of each other's height are one size: between a medium close-up and a close-up lies a factor of about 1.5.
SAME_SIZE = 1.15
RUN = 3  #: two shots alike are a pair; the third makes it a habit
AGREE, DISAGREE = 0.04, 0.07  #: of the picture's height: what a set-up is repeated within by hand; what is seen as another frame from one cut to the next
TURNED = 0.15  #: how far the nose stands off the middle of the eyes; 0 is straight into the lens, 0.5 profile
AHEAD, CLOSED = 0.55, 0.42  #: room in front of a face that looks to a side, as a share of the width: open, and shut
EYES_APART = 0.08
LEVEL = 1.0  #: degrees: as near as a tripod head is levelled by its bubble, and as edges tell it
HANGS, MEANT = 2.0, 8.0  #: degrees: from the one it is seen beside a shot that stands, from the other it is a turned frame
CENTRE = 0.05  #: of the middle: nearer than any frame is set by eye
ELSEWHERE = 0.15  #: of the middle: plainly not in it
OTHER_SIZE = 1.6
EYES_HIGH = (0.28, 0.42)  #: a third from the top, as every book has it
CROP = 1.6  #: from 4K it leaves 2400 lines' width, from HD 1200: under it a new frame is only a trim
NUDGE = 1.25
THIRD = 4 / 3  #: the least crop in which what was in the middle can stand a third in


def run(case: Case) -> Iterable[Idea]:
    """Ideas about frames, in the order of the film. Empty where no face and no hero shot was seen."""
    away = [*_repeated(case), *_short_side(case), *_hero(case), *_less_ordinary(case)]
    back = [*_headroom(case), *_shut(case), *_eye_line(case), *_horizon(case)][: len(away)]
    return sorted([*away, *back], key=lambda idea: int(idea.on.partition(":")[2]))


def _idea(case: Case, shot: Shot, text: str, facts: Iterable[str], *, offer: Offer | None, gives_up: str, away: bool) -> Iterator[Idea]:
    cited = case.cite([f"cut:{shot.number} uses", *facts])
    if cited is not None:
        yield Idea(critic="dp", on=f"cut:{shot.number}", text=text, facts=cited, offer=offer, gives_up=gives_up, away=away)


def _of(case: Case, shot: Shot, what: str) -> float | None:
    return case.number(f"cut:{shot.number} {what}")


def _faced(case: Case, *what: str) -> list[tuple[Shot, tuple[float, ...]]]:
    """Shots of which all of these were measured."""
    rows = [(shot, [_of(case, shot, one) for one in what]) for shot in case.shots]
    return [(shot, tuple(one for one in row if one is not None)) for shot, row in rows if None not in row]


# ---- what this film set up


def _headroom(case: Case) -> Iterator[Idea]:
    """One head that stands otherwise under the frame line than all others of its size, which agree."""
    rows = _faced(case, "face height", "headroom")
    for shot, (size, room) in rows:
        peers = [(one, other) for one, (height, other) in rows if one is not shot and max(height, size) <= SAME_SIZE * min(height, size)]
        rooms = [other for _, other in peers]
        if len(peers) < 2 or max(rooms) - min(rooms) > AGREE or abs(room - median(rooms)) < DISAGREE:
            continue
        usual = median(rooms)
        how = "more" if room > usual else "less"
        text = f"{_shots([one for one, _ in peers])} keep {usual:.0%} of the picture over the head; shot {shot.number}, of the same size, has {room:.0%}. The film set up the first; {how} of it reads as another camera."
        facts = [f"cut:{one.number} {what}" for one, _ in (*peers, (shot, room)) for what in ("face height", "headroom")]
        yield from _idea(case, shot, text, facts, offer=_headed(case, shot, room, usual), gives_up="A little of the picture's edge.", away=False)


def _horizon(case: Case) -> Iterator[Idea]:
    """One shot of a set-up that hangs, where all its others stand alike."""
    rows = [(shot, tilt) for shot in case.shots if shot.setup is not None and (tilt := _of(case, shot, "tilt")) is not None]
    for shot, tilt in rows:
        peers = [(one, other) for one, other in rows if one is not shot and one.setup == shot.setup]
        tilts = [other for _, other in peers]
        if len(peers) < 2 or max(tilts) - min(tilts) > LEVEL or not HANGS <= abs(tilt - median(tilts)) < MEANT:
            continue
        more = tilt - median(tilts)
        text = (
            f"{_shots([one for one, _ in peers])} and {shot.number} are one set-up. The others stand alike, and shot {shot.number} hangs {abs(more):.1f} degrees to the "
            f"{'right' if more > 0 else 'left'}. Stand it up, or turn it so far that everybody sees it was meant."
        )  # fmt: skip
        facts = [f"cut:{one.number} {what}" for one, _ in (*peers, (shot, tilt)) for what in ("tilt", "setup")]
        yield from _idea(case, shot, text, facts, offer=None, gives_up="The picture's corners: a frame that is turned has to be cut in.", away=False)


def _headed(case: Case, shot: Shot, room: float, wanted: float) -> Offer | None:
    """A frame with that much over the head: a crop can take room away, and cannot add any."""
    closer = (1 - wanted) / max(1e-3, 1 - room) if room > wanted else 99.0
    if closer > NUDGE:
        return None
    middle = _of(case, shot, "face middle")
    return _framed(case, shot, closer, across=0.5 if middle is None else middle, top=room - wanted / closer, name="headroom")


def _shut(case: Case) -> Iterator[Idea]:
    """One look that runs into the edge where the film's others have room before them."""
    rows = _turned(case)
    for shot, ahead in rows:
        others = [one for one, room in rows if one is not shot and room >= AHEAD]
        if ahead >= CLOSED or len(others) < 2 or len(others) < len(rows) - 1:
            continue
        text = f"Whoever looks aside in this film has room to look into ({_shots(others).casefold()}); in shot {shot.number} the look runs into the edge, with {ahead:.0%} of the width before it."
        facts = [f"cut:{one.number} {what}" for one in (*others, shot) for what in ("face looks", "face middle")]
        yield from _idea(case, shot, text, facts, offer=_aside(case, shot, 0.62), gives_up="What stands behind the head.", away=False)


def _turned(case: Case) -> list[tuple[Shot, float]]:
    """Shots whose face looks to a side, and the room before it."""
    return [(shot, 1 - middle if looks > 0 else middle) for shot, (looks, middle) in _faced(case, "face looks", "face middle") if abs(looks) >= TURNED]


def _eye_line(case: Case) -> Iterator[Idea]:
    """Two who face each other across a cut, of one size, and whose eyes do not lie on one height."""
    for shot in case.shots:
        before, _ = case.near(shot)
        if before is None or shot.scene is None or before.scene != shot.scene:
            continue
        rows = [[_of(case, one, what) for what in ("face looks", "face eyes", "face height")] for one in (before, shot)]
        (looks, eyes, size), (looks_back, eyes_back, size_back) = rows
        if None in rows[0] or None in rows[1]:
            continue
        assert looks is not None and looks_back is not None and eyes is not None and eyes_back is not None and size is not None and size_back is not None  # noqa: PT018
        facing = looks * looks_back < 0 and min(abs(looks), abs(looks_back)) >= TURNED
        if not facing or abs(eyes - eyes_back) < EYES_APART or max(size, size_back) > NUDGE * min(size, size_back):
            continue
        text = f"They look at each other across the cut from shot {before.number} to shot {shot.number}, and their eyes lie at {eyes:.0%} and {eyes_back:.0%} of the height: one of them talks to the other's {'chin' if eyes_back > eyes else 'forehead'}."
        facts = [f"cut:{one.number} {what}" for one in (before, shot) for what in ("face looks", "face eyes", "face height", "scene")]
        yield from _idea(case, shot, text, facts, offer=None, gives_up="Nothing but the time to look again at both set-ups.", away=False)


# ---- away from what is usually done


def _repeated(case: Case) -> Iterator[Idea]:
    """A run of touching shots with faces of one size; said once, at its third shot."""
    run_: list[tuple[Shot, float]] = []
    for shot in (*case.shots, None):
        size = _of(case, shot, "face height") if shot is not None else None
        goes_on = shot is not None and size is not None and bool(run_) and run_[-1][0].film[1] == shot.film[0]
        if goes_on and size is not None and shot is not None:
            sizes = [size, *(one for _, one in run_)]
            if max(sizes) <= SAME_SIZE * min(sizes):
                run_.append((shot, size))
                continue
        if len(run_) >= RUN:
            third, own = run_[2]
            offer = _closer(case, third) if own * CROP <= 0.8 else None
            text = f"{_shots([one for one, _ in run_])} are one size, a face {own:.0%} of the picture high, one after the other. Break it on shot {third.number}: come closer than is polite, or go so wide that the room says it."
            facts = [f"cut:{one.number} face height" for one, _ in run_]
            yield from _idea(case, third, text, facts, offer=offer, gives_up="The calm of three frames that match.", away=True)
        run_ = [(shot, size)] if shot is not None and size is not None else []


def _short_side(case: Case) -> Iterator[Idea]:
    """Every look in the film has its room in front: put the last of them against the edge."""
    rows = _turned(case)
    if len(rows) < RUN or any(ahead <= 0.5 for _, ahead in rows):
        return
    shot = rows[-1][0]
    text = f"Every look has its room in front of it ({_shots([one for one, _ in rows]).casefold()}), as the book says. Short-side shot {shot.number}: the face near the edge it looks at, the room at its back."
    facts = [f"cut:{one.number} {what}" for one, _ in rows for what in ("face looks", "face middle")]
    yield from _idea(case, shot, text, facts, offer=_aside(case, shot, 0.34), gives_up="Ease: it will look like a mistake unless the scene means it.", away=True)


def _hero(case: Case) -> Iterator[Idea]:
    """A hero shot whose subject sits in the very middle, where every reframe that goes by the centre would put it anyway; said once of each hero."""
    told: set[str] = set()
    for shot, (across,) in _faced(case, "subject across"):
        if shot.hero is None or shot.hero in told or abs(across - 0.5) > CENTRE:
            continue
        told.add(shot.hero)
        text = f"The hero shot sits in the middle of the frame ({across:.0%} of the width), where every reframe by the centre would put it. Set it off: a third in, and let what is beside it count."
        facts = [f"cut:{shot.number} hero", f"cut:{shot.number} subject across", f"cut:{shot.number} subject down"]
        yield from _idea(case, shot, text, facts, offer=_third(case, shot, across), gives_up="Symmetry, and the quickest read of the product.", away=True)


def _less_ordinary(case: Case) -> Iterator[Idea]:
    """The frame in the cut is the textbook one, and the rushes hold the same item in a less ordinary one that the film does not show."""
    used = {shot.attempt for shot in case.shots}
    for shot in case.shots:
        textbook = _textbook(case, shot)
        if shot.item is None or not textbook:
            continue
        there = [(one, says) for one in case.tries_at(shot.item) if one.name not in used and one.complete for says in [_unusual(case, shot, one)] if says]
        if not there:
            continue
        tried, (says, names) = there[0]
        text = f"Shot {shot.number} is the textbook frame: {textbook[0]}. The rushes hold item {shot.item} otherwise: in {tried.slate} {says}. Look at that one beside it."
        facts = [f"cut:{shot.number} item", *textbook[1], *names, f"try:{tried.name}@{shot.item} lies"]
        yield from _idea(case, shot, text, facts, offer=_instead(case, shot, tried), gives_up="The frame that everybody reads at once.", away=True)


def _textbook(case: Case, shot: Shot) -> tuple[str, list[str]] | None:
    eyes, across, down = (_of(case, shot, what) for what in ("face eyes", "subject across", "subject down"))
    if eyes is not None:
        return ("the eyes on the upper third", [f"cut:{shot.number} face eyes", f"cut:{shot.number} face height"]) if EYES_HIGH[0] <= eyes <= EYES_HIGH[1] else None
    if across is not None and down is not None and abs(across - 0.5) <= CENTRE:
        return "what there is to see in the middle", [f"cut:{shot.number} subject across", f"cut:{shot.number} subject down"]
    return None


def _unusual(case: Case, shot: Shot, tried: Tried) -> tuple[str, list[str]] | None:
    """What is less ordinary about another attempt, in words and by what."""
    key, own = f"try:{tried.name}@{shot.item}", _of(case, shot, "face height")
    size, eyes, across = (case.number(f"{key} {what}") for what in ("face height", "face eyes", "subject across"))
    if own is not None and size is not None and max(own, size) >= OTHER_SIZE * min(own, size):
        return f"the face is {size / own:.1f} times as high", [f"{key} face height"]
    if own is not None and eyes is not None and eyes >= 0.5:
        return f"the eyes lie at {eyes:.0%} of the height, in the lower half", [f"{key} face eyes"]
    if own is not None and size is None and case.fact(f"{key} faces") == 0:
        return "no face is seen at all", [f"{key} faces"]
    if own is None and across is not None and abs(across - 0.5) >= ELSEWHERE:
        return f"it sits at {across:.0%} of the width", [f"{key} subject across"]
    return None


# ---- offers


def _third(case: Case, shot: Shot, across: float) -> Offer | None:
    """A frame with what was in the middle a third in, whole from head to foot; None where no such crop holds it."""
    down, head, foot = (_of(case, shot, f"subject {what}") for what in ("down", "head", "foot"))
    room = 1 / THIRD
    if down is None or head is None or foot is None or foot - head > room:
        return None
    return _framed(case, shot, THIRD, across=across + 1 / 8, top=min(max(down * (1 - room), foot - room), head), name="hero")


def _closer(case: Case, shot: Shot) -> Offer | None:
    middle, eyes = _of(case, shot, "face middle"), _of(case, shot, "face eyes")
    if middle is None or eyes is None:
        return None
    return _framed(case, shot, CROP, across=middle, top=eyes - 0.36 / CROP, name="closer")


def _aside(case: Case, shot: Shot, ahead: float) -> Offer | None:
    """A frame with that share of its width before the look; None where no crop gives it."""
    looks, middle, eyes = (_of(case, shot, what) for what in ("face looks", "face middle", "face eyes"))
    if looks is None or middle is None or eyes is None:
        return None
    place = 1 - ahead if looks > 0 else ahead  # of the face in the new frame
    for closer in (NUDGE, 1.5, CROP, 2.0):
        left = middle - place / closer
        if 0 <= left <= 1 - 1 / closer:
            return _framed(case, shot, closer, across=left + 0.5 / closer, top=eyes - eyes / closer, name="looking room")
    return None


def _framed(case: Case, shot: Shot, closer: float, *, across: float, top: float, name: str) -> Offer | None:
    """A frame of the picture's own shape, so much closer, its middle at `across` of the width and its upper edge at `top` of the height."""
    shape = next((one for one, ratio in SHAPES.items() if abs(ratio / Fraction(*shot.size) - 1) < Fraction(1, 100)), None)
    if shape is None or not 1 < closer <= CLOSEST:
        return None
    half = 0.5 / closer
    key = Key(frame=_frame(shot), x=round(min(max(across, half), 1 - half), 4), y=round(min(max(top + half, half), 1 - half), 4), scale=round(closer, 4))
    end = max(_frame(shot) + 1, -floor_frames(-shot.out_s, shot.rate))
    made = Framing(version=case.version, file=shot.file, start=key.frame, end=end, rate=(shot.rate.numerator, shot.rate.denominator), size=shot.size, paths={shape: (key,)})
    return Offer(kind="framing", name=f"{case.version} shot {shot.number} {name}", text=written(made).decode())


def _frame(shot: Shot) -> int:
    return max(0, floor_frames(shot.in_s, shot.rate))


def _instead(case: Case, shot: Shot, tried: Tried) -> Offer | None:
    """The cut with the other attempt in that shot's place, over the same sound."""
    cutting = Cutting(case, f"{case.version} shot {shot.number}")
    length = Fraction(shot.film[1] - shot.film[0]) / case.rate
    if not cutting.knows(shot) or tried.media is None or tried.out_s - tried.in_s < length:
        return None
    cutting.show(shot, tried, min(max(tried.first_s, tried.in_s), tried.out_s - length))
    return cutting.offer(f"{case.version} shot {shot.number} {tried.slate}")


def _shots(shots: Iterable[Shot]) -> str:
    numbers = [str(one.number) for one in shots]
    return f"Shot {numbers[0]}" if len(numbers) == 1 else f"Shots {', '.join(numbers[:-1])} and {numbers[-1]}"


critic = Critic(name="dp", version=3, run=run, seat="DP", says="size, headroom, looking room, eye lines, tilt, and frames from the book")
