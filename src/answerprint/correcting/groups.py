"""Set-ups and what the camera was set to in them: which clips share a correction, which differ, and what is left to the weather."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from answerprint.correcting.clips import Clip, CorrectingError
from answerprint.correcting.solving import LEAST_STOPS, Solved, cdl_of, look_at, solve, wanders
from answerprint.media import MediaError
from answerprint.media.settings import COLOUR, differ
from answerprint.signal.colour import STEP_STOPS

if TYPE_CHECKING:
    from answerprint.correcting import _Work as Work
    from answerprint.media.cube import Cdl

__all__ = ["settle"]

_CLIPPED = 0.01  #: of a picture: less is a lamp or a glint, that nobody looks for detail in


def settle(works: Sequence[Work], *, references: Sequence[Clip], charts: Sequence[Clip], watch: Callable[[str, float], None]) -> None:
    """Work every clip through: what it is matched to, its CDL, and what is said about it.

    Raises: CorrectingError: a chart is named and not found.
    """
    for number, work in enumerate(works):
        watch(f"measuring {work.clip.name}", number / len(works))
        _look(work)
    by_chart = _charts(works, charts)
    for setup, camera in dict.fromkeys((work.clip.setup, work.clip.camera) for work in works):
        group = [work for work in works if (work.clip.setup, work.clip.camera) == (setup, camera)]
        if setup is None:
            for work in group:
                _charted(work, by_chart)
                if work.cdl is None:
                    work.says.append("no slate names its set-up, so there is no take it could be matched to.")
            continue
        _setup(group, references, by_chart)


def _look(work: Work) -> None:
    if work.clip.asks is not None:
        work.asks.append(f"{work.clip.file}: {work.clip.asks}")
        work.says.append("it is log and nobody said how it is seen, so its colour is not measured.")
        return
    try:
        work.seen = look_at(work.clip)
    except (MediaError, CorrectingError) as error:
        work.says.append(str(error))
        return
    changes = wanders(work.seen)
    if changes >= STEP_STOPS:
        work.says.append(f"the light changes by {changes:.1f} stops within the take: that was there, and is left as it was shot.")


# ---- charts


def _charts(works: Sequence[Work], charts: Sequence[Clip]) -> list[tuple[Clip, Cdl, Solved]]:
    """The correction that each chart asks for."""
    from answerprint.correcting.charting import by_chart

    return [(clip, *by_chart(next(work.seen for work in works if work.clip.file == clip.file), clip)) for clip in charts]


def _charted(work: Work, charts: Sequence[tuple[Clip, Cdl, Solved]]) -> bool:
    """Correct a clip by a chart of its camera at its settings; a chart of its own set-up goes before one without a set-up."""
    fits = [
        one
        for one in charts
        if one[0].camera == work.clip.camera and not differ(one[0].settings, work.clip.settings) and one[0].setup in (work.clip.setup, None)
    ]
    fits.sort(key=lambda one: one[0].setup is None)
    if not fits or work.seen is None:
        return False
    work.chart, work.cdl, work.solved = fits[0]
    work.by = "chart"
    return True


# ---- a set-up


def _setup(group: Sequence[Work], references: Sequence[Clip], charts: Sequence[tuple[Clip, Cdl, Solved]]) -> None:
    """One set-up of one camera."""
    for work in group:
        _charted(work, charts)
    able = [work for work in group if work.seen is not None]
    if not able:
        return
    named = next((work for clip in references for work in able if work.clip.file == clip.file), None)
    first = named or able[0]
    if named is not None:
        first.says.append("named as the reference of its set-up.")
    alike: dict[tuple[tuple[str, str], ...], list[Work]] = {}
    for work in able:
        work.reference = first.clip if work is not first else None
        work.differs = differ(first.clip.settings, work.clip.settings)
        alike.setdefault(tuple(sorted((name, work.clip.settings[name]) for name in work.differs if name in work.clip.settings)), []).append(work)
    if not any(work.clip.settings for work in able) and len(able) > 1:
        first.says.append("no file of this set-up says what the camera was set to (ISO, shutter, iris, white balance), so all of them share one correction.")
    for members in alike.values():
        others = [work for work in members if work is not first and work.by != "chart"]
        if not others or first.seen is None:
            continue
        solved = solve(first.seen, [work.seen for work in others if work.seen is not None], target=first.cdl, colour_too=_colour_too(others[0].differs))
        if others[0].differs:
            _differing(others, solved, first, named is not None)
        else:
            _same(others, solved, first)


def _colour_too(differs: Sequence[str]) -> bool:
    """Three gains where white balance differs, where a person only says that something did, and where nothing is known to; else one."""
    return not differs or "changed" in differs or any(name in COLOUR for name in differs)


def _same(others: Sequence[Work], solved: Sequence[Solved | None], first: Work) -> None:
    """The camera was set alike: the same numbers as the reference's, whatever the world did."""
    for work, one in zip(others, solved, strict=True):
        if first.cdl is not None and work.seen is not None and first.chart is not None:
            work.cdl, work.by, work.chart, work.solved = first.cdl, "chart", first.chart, first.solved
        if one is None:
            continue
        stops = float(np.median(one.stops))
        if abs(stops) >= STEP_STOPS:
            known = "though its camera was set alike" if work.clip.settings else "and nothing says what its camera was set to"
            work.says.append(f"it is {abs(stops):.1f} stops {'darker' if stops > 0 else 'brighter'} than {first.clip.name}, {known}: left as it was shot.")
            work.asks.append(
                f"{work.clip.file} is {abs(stops):.1f} stops {'darker' if stops > 0 else 'brighter'} than {first.clip.name}. Was it the light, or was the camera changed? "
                f"If the camera: answerprint correct FOLDER --changed {work.clip.name} --by NAME"
            )  # fmt: skip
        elif (tint := max(one.stops) - min(one.stops)) >= STEP_STOPS:
            work.says.append(f"its colours lie {tint:.1f} stops apart from those of {first.clip.name} and its camera was set alike: left as it was shot.")


def _differing(others: Sequence[Work], solved: Sequence[Solved | None], first: Work, named: bool) -> None:
    """The camera was set differently: one gain for all of these clips, the middle of what they say."""
    told = [(work, one) for work, one in zip(others, solved, strict=True) if one is not None]
    for work, one in zip(others, solved, strict=True):
        if one is None:
            work.says.append(f"too little of it shows what {first.clip.name} shows: how far its settings set it apart cannot be measured.")
    if not told:
        return
    stops = np.median([one.stops for _, one in told], axis=0)
    gain = (float(stops[0]), float(stops[1]), float(stops[2]))
    own = {id(work): one for work, one in told}
    what = " and ".join("what a person says was changed" if name == "changed" else f"{name} {_value(first, name)} to {_value(others[0], name)}" for name in others[0].differs)
    if max(abs(stop) for stop in gain) < LEAST_STOPS:
        for work in others:
            work.says.append(f"its camera was set differently ({what}), and no difference is seen: nothing to correct.")
        return
    for work in others:
        if work.seen is None:
            continue
        one = own.get(id(work))
        if one is not None and one.after >= one.before:
            work.says.append(f"its camera was set differently ({what}), and no gain brings it nearer: left as it was shot.")
            continue
        work.cdl, worst = cdl_of(gain, work.seen)
        work.by = "take"
        work.solved = Solved(stops=gain, how=one.how if one else "levels", worst=worst, before=one.before if one else 0.0, after=one.after if one else 0.0)
        work.says.insert(0, f"{_says(gain)} to match {first.clip.name}: {what}.")
        work.named = named
        if one is not None and abs(float(np.median(one.stops)) - float(np.median(stops))) >= STEP_STOPS:
            work.asks.append(f"{work.clip.file} stands {float(np.median(one.stops)) - float(np.median(stops)):+.1f} stops off the other clips with its settings. Was it the light, or the camera?")
        if stops.min() < 0 and work.seen.clipped >= _CLIPPED:
            work.says.append(f"{work.seen.clipped:.0%} of its picture is clipped and stays so: what is white there comes out grey or tinted.")
        if worst > 0.02:
            work.says.append(f"slope and power miss the exact gain by {worst * 1023:.0f} of 1023 at most.")


def _value(work: Work, name: str) -> str:
    return str(work.clip.settings.get(name, "not said"))


def _says(stops: tuple[float, float, float]) -> str:
    """A gain in a crew's words."""
    middle = float(np.median(stops))
    said = [f"{middle:+.2f} stops"] if abs(middle) >= 0.05 else []
    red, blue = stops[0] - stops[1], stops[2] - stops[1]
    if max(abs(red), abs(blue)) >= 0.05:
        said.append(f"red {red:+.2f} and blue {blue:+.2f} stops against green")
    return ", ".join(said) or "no gain"
