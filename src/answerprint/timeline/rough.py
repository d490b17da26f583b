"""The rough cut: a placeholder made by a stated rule, when somebody asks for it. It recommends nothing.

The rule, per item of the script: what a person decided; else the take that a person circled (the last of several); else the last attempt
that reaches the end, whatever its words; else the last attempt at all. Of several cameras on one take the first in shooting order is
shown. Speech is cut outside words. Pictures last the scripted seconds; without any, they hold as long as the guide reads beside them,
else from the first frame of the attempt to its last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.attempts import Covered, Heard
from answerprint.model.records import Digest
from answerprint.model.time import Span, floor_frames, round_half_up
from answerprint.timeline.beside import Beside
from answerprint.timeline.cut import range_of, start_and_length
from answerprint.timeline.laying import Layout, mark, stretch
from answerprint.timeline.rule import Choice, Pick, alone, guide_time, pick
from answerprint.timeline.slates import Strung, Wanted, about, exact, lasts, slate_name
from answerprint.timeline.trim import HEAD_FRAMES, TAIL_FRAMES, Room, Trimmed, trim

__all__ = ["COLOUR", "PREFIX", "Choice", "Event", "RoughCut", "rough"]

COLOUR = "PINK"  #: of every marker of a rough cut
PREFIX = "ROUGH: "
PLACEHOLDER = "A placeholder by rule, not a recommendation."
READ_CPS = 17  #: characters a second that subtitlers give a grown-up to read
_LEAST_SLUG_S = Fraction(5, 6)  #: the shortest subtitle

@dataclass(frozen=True, kw_only=True)
class Event:
    """One event of a rough cut, and why it stands there."""

    item: int
    track: str  #: "V1", or "VO" for a sound beside the picture
    start: int  #: frames from the timeline's first
    frames: int
    name: str
    says: str


@dataclass(frozen=True, kw_only=True)
class RoughCut:
    """A rough cut. `reasons` are in the order of the cut, one per event."""

    timeline: Any
    reasons: tuple[Event, ...]


def rough(
    items: Sequence[Wanted], strung: Sequence[Strung], *, rate: Fraction, decisions: Mapping[int, Choice] | None = None, slugs: bool = False,
    guide: Strung | None = None, words: Mapping[Digest, Sequence[Heard]] | None = None, title: str = "rough cut",
    start: str = "01:00:00:00", raster: tuple[int, int] | None = None, sound: Mapping[Digest, Sequence[Span]] | None = None,
) -> RoughCut:  # fmt: skip
    """Put a rough cut together.

    Args:    items: of the script, in its order.  strung: every attempt, in shooting order.  decisions: by item number.
             slugs: leave what nobody decided as a slug that counts the attempts.
             guide: a reading of the voice-over that pictures without scripted seconds are cut to.
             words: every word heard in a clip, by the clip's digest, in seconds from its first frame, whoever said it.
             sound: for a clip by its digest, the stretches in which anything sounds, so that no cut stands in one.
    Returns: the timeline and one sentence per event. V1 and its sound as in a string; voice-over on a track of its own, "VO".
    Raises:  TimelineError for a clip without a whole frame, and for sync with a file that has no sound.
    """
    known = {digest: tuple(heard) for digest, heard in (words or {}).items()}
    table = _Table(rate, known, sound or {}, Layout(rate, max((len(one.clip.sounds) for one in strung), default=0)))
    picks = [(item, pick(item, strung, (decisions or {}).get(item.number), slugs, guide)) for item in items]
    for place, (item, picked) in enumerate(picks):
        if item.kind == "voice-over":
            table.voice(item, picked, alone=alone(place, items))
        elif item.kind == "line":
            table.line(item, picked, picks[place + 1] if place + 1 < len(picks) else None)
        else:
            table.picture(item, picked, guide_time(place, items, guide))
    size = raster or next((one.clip.media.video.display_size for one in strung if one.clip.media.video is not None), None)
    table.finish()
    made = table.sheet.timeline(title, start=start, kind="cut", size=size)
    if table.beside.items:
        made.tracks.append(table.beside.track(table.sheet.length_s))
    return RoughCut(timeline=made, reasons=tuple(sorted(table.events, key=lambda event: (event.start, event.track != "V1"))))


# ---- the cut


@dataclass
class _Table:
    """A rough cut while it is being laid."""

    rate: Fraction
    words: Mapping[Digest, Sequence[Heard]]
    sound: Mapping[Digest, Sequence[Span]]
    sheet: Layout
    events: list[Event] = field(default_factory=list)
    carried: tuple[Strung, Fraction] | None = None  #: an attempt that plays on into the next item, and where in the clip

    def __post_init__(self) -> None:
        self.beside = Beside(self.rate)
        self.picture_from = Fraction(0)  # where the picture began that a voice-over would lie beside

    def picture(self, item: Wanted, pick: Pick, guide_s: Fraction | None) -> None:
        """A picture or a board frame, from the item's first frame on."""
        self.picture_from = self.sheet.length_s
        wanted = item.seconds if item.seconds is not None else guide_s
        if pick.strung is None or not pick.strung.clip.picture:
            self.slug(item, pick, wanted)
            return
        one, whole = pick.strung, lasts(pick.strung, self.rate)
        covered = pick.covered
        used = stretch(one.clip, exact(covered.in_s), exact(covered.out_s), self.rate) if covered is not None else whole
        frames = round_half_up(wanted * self.rate) if wanted is not None else None
        why = pick.says
        missing = 0
        if frames is not None and frames > 0:
            has = floor_frames(max(whole.end_s, used.end_s) - used.start_s, self.rate)
            used = Span(start_s=used.start_s, end_s=used.start_s + min(frames, has) / self.rate)
            missing = max(0, frames - has)
            by = "the scripted seconds" if item.seconds is not None else "the guide's reading"
            why += f" From its first frame, as long as {by}."
        spoken = [word for word in self._spoken(one) if word.overlap(used)]
        if spoken:
            why += " Somebody speaks under it, so its sound is switched off."
        self._lay(item, one, used, why, silent=bool(spoken))
        if missing:
            self.slug(item, Pick(None, None, f"The attempt is {missing} frames shorter than that.", f"{slate_name(one)}: {missing} frames short"), missing / self.rate)

    def line(self, item: Wanted, pick: Pick, following: tuple[Wanted, Pick] | None) -> None:
        """A line with its picture; where the next item is the same attempt going on, it plays through."""
        self._hold_for_voice(item)
        if pick.strung is None:
            self.slug(item, pick, item.seconds)
            return
        if not pick.strung.clip.picture:
            self.voice(item, pick, alone=True)
            return
        one = pick.strung
        speech = self._speech(one, pick.covered)
        cut = self._trim(one, speech)
        used, why = cut.used, pick.says + _handles(cut)
        if self.carried is not None and self.carried[0] is one and self.carried[1] < used.end_s:
            used = Span(start_s=self.carried[1], end_s=used.end_s)
            why = f"{pick.says} It plays on from the line before."
        self.carried = None
        joint = self._joint(one, speech, used, following)
        if joint is not None:
            used = Span(start_s=used.start_s, end_s=joint)
            self.carried = (one, joint)
            why += " It plays on into the next line; the pause is the actor's."
        self._lay(item, one, used, why)
        self.picture_from = self.sheet.length_s

    def _joint(self, one: Strung, speech: Span, used: Span, following: tuple[Wanted, Pick] | None) -> Fraction | None:
        """Where the same attempt goes on with the next line: a frame between them; None where it does not, or somebody else speaks between."""
        if following is None or following[0].kind != "line" or following[1].strung is not one:
            return None
        after = self._speech(one, following[1].covered)
        if after.start_s < speech.end_s:
            return None
        between = Span(start_s=speech.end_s, end_s=after.start_s)
        if any(word.overlap(between) for word in self._spoken(one)):
            return None
        joint = self._trim(one, after).used.start_s
        return joint if joint >= speech.end_s and ((joint - used.start_s) * self.rate).denominator == 1 else None

    def voice(self, item: Wanted, pick: Pick, *, alone: bool) -> None:
        """A voice without a picture of its own: beside the picture before it, never over another voice. `alone`: there is no such picture."""
        if pick.strung is None:
            self._unvoiced(item, pick, alone)
            return
        one = pick.strung
        cut = self._trim(one, self._speech(one, pick.covered))
        if alone:
            self._hold_for_voice(item)
        at = max(self.sheet.length_s if alone else self.picture_from, self.beside.end_s)
        says = f"{pick.says}{_handles(cut)}"
        laid = self.sheet.sound_of(one.clip, cut.used, about(one), name=slate_name(one))
        for placed in laid:
            if isinstance(placed, otio.schema.Clip):
                mark(placed, range_of(placed).start_s, self.rate, name=PREFIX + slate_name(one), says=f"{says} {PLACEHOLDER}", colour=COLOUR)
        self.beside.lay(laid, at, cut.used.duration_s)
        self._event(item, "VO", at, cut.used.duration_s, slate_name(one), says)
        if alone:
            self.slug(item, Pick(None, None, "Nothing was scripted to be seen with it.", f"{item.kind}, no picture: {item.flat}"), cut.used.duration_s)

    def _unvoiced(self, item: Wanted, pick: Pick, alone: bool) -> None:
        """A voice-over that is not there: a marker on the picture it would lie beside; without one, a slug."""
        if alone:
            self._hold_for_voice(item)
            self.slug(item, pick, item.seconds)
            return
        beside = next(one for one, at in zip(reversed(self.sheet.picture), self._starts_back(), strict=True) if at == self.picture_from)
        generator = isinstance(beside.media_reference, otio.schema.GeneratorReference)
        at = Fraction(0) if generator else range_of(beside).start_s
        mark(beside, at, self.rate, name=PREFIX + pick.label, says=f"{pick.says} {PLACEHOLDER}", colour=COLOUR)
        self._event(item, "VO", self.picture_from, Fraction(0), pick.label, pick.says)

    def _starts_back(self) -> Iterator[Fraction]:
        """Where each item of V1 starts, from the last to the first."""
        at = self.sheet.length_s
        for item in reversed(self.sheet.picture):
            at -= range_of(item).duration_s
            yield at

    def slug(self, item: Wanted, pick: Pick, length_s: Fraction | None) -> None:
        """A labelled card: the scripted length, else as long as its label takes to read."""
        label = pick.label
        reads = max(_LEAST_SLUG_S, Fraction(len(label), READ_CPS))
        frames = max(1, round_half_up((length_s if length_s else reads) * self.rate))
        at = self.sheet.length_s
        made = self.sheet.slug(label, frames)
        mark(made, Fraction(0), self.rate, name=PREFIX + label, says=f"{pick.says} {PLACEHOLDER}", colour=COLOUR)
        self._event(item, "V1", at, frames / self.rate, label, pick.says)
        self.carried = None

    def finish(self) -> None:
        """The picture is as long as the sound beside it."""
        left = self.beside.end_s - self.sheet.length_s
        if left > 0:
            self._black(left)

    # ---- parts

    def _hold_for_voice(self, item: Wanted) -> None:
        """A line waits until the voice-over before it is over: two voices are never heard at once."""
        left = self.beside.end_s - self.sheet.length_s
        if left > 0:
            self.slug(item, Pick(None, None, "The voice-over runs on longer than its pictures.", "voice-over runs on"), left)

    def _black(self, length_s: Fraction) -> None:
        for track in self.sheet.tracks:
            track.append(self.sheet.gap(length_s))
        self.sheet.length_s += length_s

    def _lay(self, item: Wanted, one: Strung, used: Span, says: str, *, silent: bool = False) -> None:
        at = self.sheet.length_s
        made = self.sheet.add(one.clip, used, about(one), name=slate_name(one), silent=silent)
        self._mark(made, one, used, says)
        self._event(item, "V1", at, used.duration_s, slate_name(one), says)

    def _mark(self, made: Any, one: Strung, used: Span, says: str) -> None:
        own = one.clip.media.video.rate if one.clip.media.video is not None else self.rate
        start = start_and_length(one.clip.media).start_s + used.start_s
        mark(made, start, own, name=PREFIX + slate_name(one), says=f"{says} {PLACEHOLDER}", colour=COLOUR)

    def _event(self, item: Wanted, track: str, at: Fraction, length: Fraction, name: str, says: str) -> None:
        self.events.append(
            Event(item=item.number, track=track, start=round_half_up(at * self.rate), frames=round_half_up(length * self.rate), name=name, says=f"{says} {PLACEHOLDER}")
        )  # fmt: skip

    def _spoken(self, one: Strung) -> list[Span]:
        """Every word that is known of a clip."""
        heard = self.words.get(one.clip.digest or "", ())
        found = [Span(start_s=exact(word.in_s), end_s=exact(word.out_s)) for word in heard if word.in_s < word.out_s]
        said = (word for covered in one.covered for word in covered.words)
        found += [Span(start_s=exact(w.in_s), end_s=exact(w.out_s)) for w in said if w.in_s is not None and w.out_s is not None and w.in_s < w.out_s]
        return sorted(set(found))

    def _speech(self, one: Strung, covered: Covered | None) -> Span:
        """What must be heard: the item's words; of a decision about an attempt that does not hold them, the whole attempt."""
        first, last = (covered.in_s, covered.out_s) if covered is not None else (one.attempt.in_s, one.attempt.out_s)
        return Span(start_s=exact(first), end_s=max(exact(first), exact(last)))

    def _trim(self, one: Strung, speech: Span) -> Trimmed:
        has = start_and_length(one.clip.media).duration_s
        words = self._spoken(one)
        attempt = Span(start_s=exact(one.attempt.in_s), end_s=max(exact(one.attempt.in_s), exact(one.attempt.out_s)))
        grid = one.clip.media.video.rate if one.clip.media.video is not None else self.rate
        room = Room(words=words, length_s=has, grid=grid, rate=self.rate, within=attempt, sound=self.sound.get(one.clip.digest or ""))
        return trim(speech, room)


def _handles(cut: Trimmed) -> str:
    """How the cut stands to the words, in a sentence."""
    if cut.taken_along:
        words = "a word of a neighbour is" if cut.taken_along == 1 else f"{cut.taken_along} words of neighbours are"
        return f" There was no room to cut between, so {words} heard too."
    if cut.head_short or cut.tail_short:
        where = "before and after" if cut.head_short and cut.tail_short else "before" if cut.head_short else "after"
        return f" The handle {where} it is short."
    return f" Cut {HEAD_FRAMES} frames before its first sound and {TAIL_FRAMES} after its last."
