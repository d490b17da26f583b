"""A moment of a medium as the list counts: media of another rate or counting are told in the list's own frames where that is exact, else said."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from answerprint.model.time import Timecode, TimecodeError, floor_frames, rate_name
from answerprint.timeline.cut import CutInfo, Media

__all__ = ["InList", "frame_in_list"]


@dataclass(frozen=True)
class InList:
    """A source label of a list, and a sentence where it is not exact."""

    label: Timecode
    wrong: str = ""


def frame_in_list(moment_s: Fraction, media: Media, cut: CutInfo) -> InList:
    """The label on a medium at a moment of its own clock, at the list's rate.

    The hours, minutes and seconds are the medium's own, because that is what is burnt in and what a conform looks for; the frames
    are counted anew where the list counts another number in a second.
    """
    own = media.rate
    if own is None:
        exact = moment_s * cut.rate
        label = Timecode(frames=floor_frames(moment_s, cut.rate), rate=cut.rate, drop=cut.drop)
        apart = exact - exact.numerator // exact.denominator
        wrong = f"it begins {float(apart / cut.rate) * 1000:.1f} ms after the frame that the list names." if apart else ""
        return InList(label, wrong)
    frames = floor_frames(moment_s, own)
    between = (moment_s * own).denominator != 1
    nominal, counts = -(-cut.rate.numerator // cut.rate.denominator), -(-own.numerator // own.denominator)
    drop = media.drop and nominal % 30 == 0
    if nominal == counts and drop == media.drop:
        wrong = "it begins between two frames of its file; the list names the earlier." if between else ""
        if own != cut.rate and not wrong:
            wrong = f"its file runs at {rate_name(own)} and the list at {rate_name(cut.rate)}; the labels are the file's own."
        return InList(Timecode(frames=frames, rate=cut.rate, drop=drop), wrong)
    written = str(Timecode(frames=frames, rate=own, drop=media.drop))
    head, last = written[:8], int(written[9:])
    told = last * nominal // counts
    try:
        found = Timecode.parse(f"{head}{';' if drop else ':'}{told:02d}", rate=cut.rate)
    except TimecodeError:
        found = Timecode(frames=floor_frames(moment_s, cut.rate), rate=cut.rate, drop=drop)
    if not between and last * nominal % counts == 0 and (own / cut.rate).denominator == 1:
        return InList(found)
    return InList(found, f"its file counts {rate_name(own)} frames a second and the list {rate_name(cut.rate)}: {written} of the file stands as {found}.")
