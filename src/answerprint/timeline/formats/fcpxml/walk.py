"""From FCPXML's nested clips to things that lie somewhere: every element that shows or sounds, on the timeline's own clock.

Each element has a clock of its own; `offset` is on its parent's, `start` is where its own stands at its first frame. A `Lens` is one such
clock seen from the timeline. A container (clip, synchronized clip, multicam angle) shows what lies inside its window; connected clips
hang on a moment and reach past it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from answerprint.model.extend import Loss
from answerprint.timeline import TimelineError
from answerprint.timeline.formats.fcpxml import values
from answerprint.timeline.formats.fcpxml.document import Asset, Document

__all__ = ["Lens", "Placed", "Walk"]

_CLIPS = {"asset-clip", "video", "audio", "clip", "sync-clip", "mc-clip", "ref-clip", "title", "gap", "audition", "caption", "spine"}
_READ = {"note", "conform-rate", "timeMap", "marker", "chapter-marker", "keyword", "metadata", "audio-channel-source", "sync-source", "mc-source",
         "audio-role-source", "adjust-volume", "text", "text-style-def", "transition", "bookmark", *_CLIPS}  # fmt: skip
Lane = tuple[int, ...]


@dataclass(frozen=True)
class Lens:
    """A clock seen from the timeline: `zero_s` is where the timeline stands when it shows nought, `pace` timeline seconds per second of it."""

    zero_s: Fraction
    pace: Fraction = Fraction(1)
    lo: Fraction = Fraction(-(10**9))
    hi: Fraction = Fraction(10**9)

    def __call__(self, local_s: Fraction) -> Fraction:
        return self.zero_s + local_s * self.pace


@dataclass
class Placed:
    """Something on the timeline: seconds from its first frame, and the media it shows there."""

    what: str  #: "clip", "compound", "title", "caption", "gap", "transition"
    node: Any
    lane: Lane
    start_s: Fraction
    end_s: Fraction
    source_s: Fraction = Fraction(0)  #: on the media's clock, at `start_s`
    speed: Fraction = Fraction(1)
    conform: bool = False
    asset: Asset | None = None
    picture: bool = False
    sound: bool = False
    sound_on: bool = True
    name: str = ""
    angle: str | None = None
    holders: list[tuple[Any, Lens]] = field(default_factory=list)  #: elements whose markers, keywords and notes are this clip's
    alternatives: tuple[str, ...] = ()
    enabled: bool = True
    around: list[tuple[Any, Lens, Fraction, Fraction]] = field(default_factory=list)  #: elements that say how loud it is, where they begin and end; the outermost first

    def source_at(self, moment_s: Fraction) -> Fraction:
        return self.source_s + (moment_s - self.start_s) * self.speed


class Walk:
    """Reads one sequence. `compound` says whether a referenced compound clip exists."""

    def __init__(self, document: Document, rate: Fraction, losses: list[Loss], keep: Callable[[Placed], None]) -> None:
        self.document, self.rate, self.losses, self.keep = document, rate, losses, keep
        self._around: list[tuple[Any, Lens, Fraction, Fraction]] = []

    def story(self, children: Any, lens: Lens, lane: Lane, holder: tuple[Any, Lens] | None = None, only: str = "all", name: str = "", angle: str | None = None) -> None:
        """Items one after the other; an item without an offset follows the one before it."""
        cursor: Fraction | None = None
        first = True
        for node in children:
            if node.tag not in _CLIPS and node.tag != "transition":
                continue
            own_lane = node.get("lane")
            offset = self._time(node, "offset", cursor if cursor is not None else Fraction(0))
            if own_lane is not None and own_lane != "0":
                self.place(node, lens, self._deeper(lane, own_lane, node), offset, holder=None, only=only, name=name, angle=angle)
                continue
            if node.tag == "transition":
                self._transition(node, lens, lane, offset)
                continue
            self.place(node, lens, lane, offset, holder=holder if first else None, only=only, name=name, angle=angle)
            first = False
            cursor = offset + self.length_of(node)

    def place(
        self, node: Any, lens: Lens, lane: Lane, offset: Fraction, *, holder: tuple[Any, Lens] | None, only: str, name: str, angle: str | None,
        pace: Fraction | None = None, alternatives: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """One element, and everything inside and connected to it. `pace`: of what it hangs on, where its length is not stretched with that."""
        pace = lens.pace if pace is None else pace
        if node.tag == "audition":
            picks = [child for child in node if child.tag in _CLIPS]
            if picks:
                others = tuple(child.get("name") or child.tag for child in picks[1:])
                self.place(picks[0], lens, lane, offset, holder=holder, only=only, name=name, angle=angle, pace=pace, alternatives=others)
            return
        if node.tag == "spine":
            self.story(node, Lens(lens(offset), pace, lens.lo, lens.hi), lane, only=only, angle=angle)
            return
        length = self.length_of(node)
        start = lens(offset)
        end = start + length * pace
        lo, hi = max(start, lens.lo), min(end, lens.hi)
        self._say_unread(node, name)
        local = self._local_start(node)
        factor, conform = self._conform(node)
        # The element's own clock, and that clock's zero on the timeline.
        own = Lens(start - local * pace / factor, pace / factor, lens.lo, lens.hi)
        if lo < hi:
            placed = Placed(node.tag, node, lane, lo, hi, name=node.get("name") or name, angle=angle, alternatives=alternatives)
            placed.enabled = node.get("enabled", "1") != "0"
            placed.holders = [(node, own), *([holder] if holder else [])]
            self._around.append((node, own, start, end))
            self._content(node, placed, own, local, conform, only)
            self._around.pop()
        if node.tag in ("clip", "sync-clip"):
            return  # what hangs on a container is part of its content
        for child in (child for child in node if child.tag in _CLIPS):
            self.place(child, own, self._deeper(lane, child.get("lane") or "0", child), self._time(child, "offset", local), holder=None, only=only, name="", angle=None, pace=pace)

    def _content(self, node: Any, placed: Placed, own: Lens, local: Fraction, conform: bool, only: str) -> None:
        curve = self._curve(node, local, own)
        if node.tag in ("asset-clip", "video", "audio"):
            asset = self.document.assets.get(node.get("ref", ""))
            if asset is None and node.tag == "video" and node.get("ref") in self.document.effects:
                placed.what = "generator"
                placed.picture = True
                self._emit(placed, only)
                return
            if asset is None:
                raise TimelineError(f"{placed.name or 'a clip'} refers to {node.get('ref')!r}, which is not among the file's resources. The file is damaged; export it again.")
            enable = node.get("srcEnable", "all")
            has_sound = asset.media.audio_channels > 0
            placed.what, placed.asset, placed.conform = "clip", asset, conform
            placed.picture = (asset.media.video or asset.media.still) and node.tag != "audio" and enable != "audio"
            placed.sound = has_sound and node.tag != "video" and enable != "video"
            placed.sound_on = not (channels := node.findall("audio-channel-source")) or any(c.get("active", "1") != "0" and c.get("enabled", "1") != "0" for c in channels)
            self._source(placed, own, curve)
            self._emit(placed, only)
        elif node.tag == "ref-clip":
            placed.what, placed.picture, placed.sound = "compound", node.get("srcEnable", "all") != "audio", True
            self._source(placed, own, curve)
            self._emit(placed, only)
        elif node.tag in ("title", "caption"):
            placed.picture = True
            self._emit(placed, only)
        elif node.tag in ("clip", "sync-clip"):
            inner = self._through(own, curve, placed)
            self.story(node, inner, placed.lane, holder=placed.holders[0], only=only, name=placed.name if node.tag == "clip" else "", angle=placed.angle)
        elif node.tag == "mc-clip":
            self._multicam(node, placed, self._through(own, curve, placed), only)
        # a gap shows nothing; only what is connected to it counts

    def _emit(self, placed: Placed, only: str) -> None:
        placed.picture = placed.picture and only != "audio"
        placed.sound = placed.sound and only != "video"
        if placed.picture or placed.sound:
            placed.around = list(self._around)
            self.keep(placed)

    # ---- clocks

    def _source(self, placed: Placed, own: Lens, curve: list[tuple[Fraction, Fraction]] | None) -> None:
        local = (placed.start_s - own.zero_s) / own.pace
        if curve is None:
            placed.source_s, placed.speed = local, 1 / own.pace
            return
        (t0, v0), (t1, v1) = curve
        slope = (v1 - v0) / (t1 - t0)
        placed.source_s = v0 + (local - t0) * slope
        placed.speed = slope / own.pace

    def _through(self, own: Lens, curve: list[tuple[Fraction, Fraction]] | None, placed: Placed) -> Lens:
        """The clock of a container's content."""
        if curve is None:
            return Lens(own.zero_s, own.pace, placed.start_s, placed.end_s)
        (t0, v0), (t1, v1) = curve
        slope = (v1 - v0) / (t1 - t0)
        if slope <= 0:
            self.losses.append(Loss(clip=placed.name, says="it plays backwards or is frozen as a whole; it is read at normal speed."))
            return Lens(own.zero_s, own.pace, placed.start_s, placed.end_s)
        pace = own.pace / slope
        return Lens(own(t0) - v0 * pace, pace, placed.start_s, placed.end_s)

    def _curve(self, node: Any, local: Fraction, own: Lens) -> list[tuple[Fraction, Fraction]] | None:
        """Two points of a retime, own clock to media clock; None without one. A speed ramp is read as its average over the clip."""
        ramp = node.find("timeMap")
        if ramp is None:
            return None
        points = sorted((self._time(point, "time"), self._time(point, "value")) for point in ramp.iterfind("timept"))
        points = [point for index, point in enumerate(points) if index == 0 or point[0] > points[index - 1][0]]
        if len(points) < 2:
            return None
        slopes = {(after[1] - before[1]) / (after[0] - before[0]) for before, after in itertools.pairwise(points)}
        if len(slopes) == 1 or max(slopes) - min(slopes) < Fraction(1, 10000):
            return [points[0], points[-1]]
        self.losses.append(Loss(clip=node.get("name", "a clip"), says="its speed ramp is read as one average speed."))
        length = self.length_of(node)
        ends = [(moment, _interpolate(points, moment)) for moment in (local, local + length)]
        return ends if length > 0 else [points[0], points[-1]]

    def _conform(self, node: Any) -> tuple[Fraction, bool]:
        """How many seconds of its own clock a clip plays per timeline second, and whether a foreign rate is the reason."""
        note = node.find("conform-rate")
        if note is None or note.get("scaleEnabled", "1") == "0" or node.find("timeMap") is not None:
            return Fraction(1), False
        source = values.source_rate_of(note.get("srcFrameRate"))
        asset = self.document.assets.get(node.get("ref", ""))
        source = source or (asset.media.rate if asset is not None else None)
        if source is None:
            return Fraction(1), False
        factor = values.conform_factor(source, self.rate)
        return factor, factor != 1

    def _local_start(self, node: Any) -> Fraction:
        if node.get("start") is not None:
            return self._time(node, "start")
        asset = self.document.assets.get(node.get("ref", ""))
        if node.tag in ("asset-clip", "video", "audio") and asset is not None and asset.has is not None:
            return asset.has.start_s
        if node.tag == "ref-clip" and node.get("ref") in self.document.compounds:
            inside = self.document.compounds[node.get("ref")].find("sequence")
            return self._time(inside, "tcStart", Fraction(0)) if inside is not None else Fraction(0)
        return Fraction(0)

    def length_of(self, node: Any) -> Fraction:
        """How long an element lasts on its parent's clock."""
        if node.tag == "spine":
            return sum((self.length_of(child) for child in node if child.tag in _CLIPS), Fraction(0))
        if node.tag == "audition":
            return next((self.length_of(child) for child in node if child.tag in _CLIPS), Fraction(0))
        asset = self.document.assets.get(node.get("ref", ""))
        whole = asset.has.duration_s if asset is not None and asset.has is not None else Fraction(0)
        return max(self._time(node, "duration", whole), Fraction(0))

    def _time(self, node: Any, attribute: str, default: Fraction | None = None) -> Fraction:
        text = node.get(attribute)
        if text is None:
            if default is not None:
                return default
            raise TimelineError(f"{node.get('name') or node.tag} in {self.document.name} has no {attribute}. The file is damaged; export it again.")
        return values.time_of(text, node.get("name") or node.tag)

    # ---- the rest

    def _deeper(self, lane: Lane, text: str, node: Any) -> Lane:
        try:
            number = int(text)
        except ValueError:
            self.losses.append(Loss(clip=node.get("name", "a clip"), says=f"its lane {text!r} is not a number; it is read as lane 1."))
            number = 1
        return (*lane, number) if number else lane

    def _multicam(self, node: Any, placed: Placed, inner: Lens, only: str) -> None:
        media = self.document.compounds.get(node.get("ref", ""))
        multicam = media.find("multicam") if media is not None else None
        if multicam is None:
            raise TimelineError(f"{placed.name or 'a multicam clip'} refers to {node.get('ref')!r}, which is no multicam clip of this file. Export it again.")
        angles = {angle.get("angleID", ""): angle for angle in multicam.iterfind("mc-angle")}
        sources = node.findall("mc-source")
        shown: dict[str, str] = {}
        for source in sources:
            enable = source.get("srcEnable", "all")
            for kind in ("video", "audio"):
                if enable in ("all", kind) and source.get("angleID") in angles:
                    shown.setdefault(kind, source.get("angleID", ""))
        if not sources and angles:
            shown = dict.fromkeys(("video", "audio"), next(iter(angles)))
        wanted = node.get("srcEnable", "all")
        both = shown.get("video") == shown.get("audio") and wanted == only == "all"
        for kind in ("video",) if both else ("video", "audio"):
            if kind not in shown or (wanted not in ("all", kind)) or (only not in ("all", kind)):
                continue
            angle = angles[shown[kind]]
            holder = placed.holders[0] if kind == "video" else None
            self.story(angle, inner, placed.lane, holder=holder, only="all" if both else kind, angle=angle.get("name"), name=placed.name)
        left = [angle.get("name") or "unnamed" for key, angle in angles.items() if key not in shown.values()]
        if left:
            self.losses.append(Loss(clip=placed.name, says=f"the angle that is shown is read; not read: {', '.join(left)}."))

    def _transition(self, node: Any, lens: Lens, lane: Lane, offset: Fraction) -> None:
        start, length = lens(offset), self._time(node, "duration") * lens.pace
        lo, hi = max(start, lens.lo), min(start + length, lens.hi)
        if lo < hi:
            self.keep(Placed("transition", node, lane, lo, hi, name=node.get("name", "Cross Dissolve"), picture=True))

    def _say_unread(self, node: Any, name: str) -> None:
        unread = []
        for child in node:
            if child.tag in _READ or not isinstance(child.tag, str):
                continue
            what = child.get("name") if child.tag.startswith("filter") else child.get("value") if child.tag == "rating" else None
            unread.append(f"{child.tag} {what!r}" if what else child.tag)
        if node.tag in ("title", "caption") and node.find("text-style-def") is not None:
            unread.append("font and style")
        if any(node.get(key) for key in ("audioStart", "audioDuration")):
            unread.append("its split edit (sound reaching past the picture)")
        unread = [word for word in dict.fromkeys(unread) if word != "adjust-colorConform" and word != "param" and word != "reserved"]
        if unread:
            self.losses.append(Loss(clip=node.get("name") or name or node.tag, says=f"not read: {', '.join(unread)}."))


def _interpolate(points: list[tuple[Fraction, Fraction]], moment: Fraction) -> Fraction:
    """Straight lines between points, carried on past both ends."""
    before, after = points[0], points[1]
    for left, right in itertools.pairwise(points):
        before, after = left, right
        if moment <= right[0]:
            break
    return before[1] + (moment - before[0]) * (after[1] - before[1]) / (after[0] - before[0])

