"""What stands before and after the film: clock or slate, bars, black, a held frame; with tone or silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError
from answerprint.delivery.plan import BLACK, RATE_HZ, Mix, Plan
from answerprint.media.lettering import card, lacking
from answerprint.model.delivery import Card, Spec
from answerprint.model.time import rate_name, round_half_up

__all__ = ["Cards"]

_TONE_HZ = 1000  #: line-up tone
_TONE_DBFS = -18.0  #: alignment level, EBU R 68; specs in dB under another reference say so in their own numbers


class Cards:
    """The cards of a spec, head first. Args: slate: lines of the clock or slate; the title and the running time where there are none."""

    def __init__(self, plan: Plan, spec: Spec, slate: Sequence[str]) -> None:
        self._plan, self._spec = plan, spec
        self.cards: tuple[Card, ...] = (*spec.head, *spec.tail)
        self.head = sum(one.frames for one in spec.head)
        self.tail = sum(one.frames for one in spec.tail)
        seconds = len(plan.frames) / plan.rate
        self._lines = tuple(slate) or (plan.title, f"{float(seconds):.2f} s, {len(plan.frames)} frames at {rate_name(plan.rate)}")
        if any(one.what in ("clock", "slate") for one in self.cards) and (missing := lacking(self._lines)):
            line = next(line for line in self._lines if lacking([line]))
            raise DeliveryError(f"{spec.name}: the {'clock' if any(one.what == 'clock' for one in self.cards) else 'slate'} cannot say {line!r}: there is no {' '.join(missing)} in its lettering. Write it in Latin, Greek or Cyrillic letters.")
        for one in self.cards:
            if one.frames < 1:
                raise DeliveryError(f"{spec.name}: a {one.what} of {one.frames} frames. Correct the spec.")
            if one.sound == "film":
                raise DeliveryError(f"{spec.name}: a {one.what} with the film's own sound is not built here; there are silence and tone.")

    def places(self, *, before: bool) -> Iterator[tuple[int, int]]:
        """(number of the card, its first frame in the file) of the head, or of the tail."""
        at = 0 if before else self.head + len(self._plan.frames)
        numbers = range(len(self._spec.head)) if before else range(len(self._spec.head), len(self.cards))
        for number in numbers:
            yield number, at
            at += self.cards[number].frames

    def mixes(self, number: int) -> tuple[Mix, ...]:
        """A card that is made of the film's own pictures: black, or its first or last frame held."""
        one = self.cards[number]
        if one.what == "freeze":
            return (self._plan.frames[0 if number < len(self._spec.head) else -1],) * one.frames
        return (((Fraction(1), BLACK),),) * one.frames

    def identity(self, number: int) -> list[str]:
        """What a drawn card depends on."""
        one = self.cards[number]
        return [one.what, str(one.frames), *(self._lines if one.what in ("clock", "slate") else ())]

    def frames(self, number: int) -> Iterator[av.VideoFrame] | None:
        """A card that is drawn, frame by frame; None for one made of the film's pictures."""
        one = self.cards[number]
        if one.what in ("black", "freeze"):
            return None
        return self._bars(one.frames) if one.what == "bars" else self._lettered(one)

    def _lettered(self, one: Card) -> Iterator[av.VideoFrame]:
        drawn: tuple[int, av.VideoFrame] | None = None
        for number in range(one.frames):
            left = -(-(one.frames - number) * self._plan.rate.denominator // self._plan.rate.numerator)  # whole seconds that are still to come
            if drawn is None or (one.what == "clock" and drawn[0] != left):
                lines = (*self._lines, "", str(left)) if one.what == "clock" else self._lines
                drawn = left, self._converted(card(self._plan.size, lines))
            yield drawn[1]

    def _converted(self, planes: tuple[NDArray[np.uint8], ...]) -> av.VideoFrame:
        picture = self._spec.picture
        flat = np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, self._plan.size[0])
        frame = av.VideoFrame.from_ndarray(flat, format="yuv420p")
        return frame.reformat(format=picture.pixel_format, dst_color_range="JPEG" if picture.full_range else "MPEG", src_color_range="MPEG")

    def _bars(self, count: int) -> Iterator[av.VideoFrame]:
        """SMPTE RP 219 bars."""
        graph = av.filter.Graph()
        width, height = self._plan.size
        bars, pixels, sink = graph.add("smptehdbars", size=f"{width}x{height}", rate="25"), graph.add("format", pix_fmts=self._spec.picture.pixel_format), graph.add("buffersink")
        bars.link_to(pixels)
        pixels.link_to(sink)
        graph.configure()
        frame = graph.vpull()
        for _ in range(count):
            yield frame

    def sound(self, channels: int) -> Callable[[int, int], NDArray[np.float32] | None]:
        """The cards' own sound, by (first sample of the file, how many): float32, shape (channels, count), or None where there is none."""
        spans = []
        for before in (True, False):
            for number, at in self.places(before=before):
                if self.cards[number].sound == "tone":
                    edges = (round_half_up(place / self._plan.rate * RATE_HZ) for place in (at, at + self.cards[number].frames))
                    spans.append(tuple(edges))

        def heard(first: int, count: int) -> NDArray[np.float32] | None:
            inside = [(low, high) for low, high in spans if low < first + count and first < high]
            if not inside:
                return None
            made = np.zeros((channels, count), np.float32)
            places = first + np.arange(count)
            for low, high in inside:
                tone = np.sin((places - low) * (2 * np.pi * _TONE_HZ / RATE_HZ)) * 10 ** (_TONE_DBFS / 20)
                made += np.where((low <= places) & (places < high), tone, 0).astype(np.float32)
            return made

        return heard
