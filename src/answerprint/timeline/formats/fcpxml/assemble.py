"""From things that lie somewhere to OpenTimelineIO tracks: picture lanes from the storyline up, sound lanes from it down."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.timeline.cut import ClipInfo, Keyword, attach, duration_of, reference, set_speed
from answerprint.timeline.cut import at as exactly
from answerprint.timeline.formats.fcpxml import values, volume
from answerprint.timeline.formats.fcpxml.document import Document, own_record
from answerprint.timeline.formats.fcpxml.walk import Lane, Placed

__all__ = ["Bench"]



def at(moment_s: Fraction, *rates: Fraction | int | None) -> Any:
    return exactly(values.holdable(moment_s), *rates)


def span(start_s: Fraction, duration_s: Fraction, *rates: Fraction | int | None) -> Any:
    return otio.opentime.TimeRange(at(start_s, *rates), at(duration_s, *rates))


_COLOUR = {None: "PURPLE", "0": "RED", "1": "GREEN"}  #: Final Cut's: standard, to do, done


class Bench:
    """Puts what a walk found on tracks. `compounds` makes the nested stack of a compound clip."""

    def __init__(self, document: Document, rate: Fraction, losses: list[Loss], compounds: Any, *, ours: bool) -> None:
        self.document, self.rate, self.losses, self.compounds, self.ours = document, rate, losses, compounds, ours

    def tracks(self, found: list[Placed], length_s: Fraction) -> list[Any]:
        """Tracks, all starting at the timeline's first frame; V1 is as long as the storyline."""
        picture: dict[Lane, list[Placed]] = {}
        sound: dict[Lane, list[Placed]] = {}
        captions: list[Placed] = []
        for placed in found:
            if placed.what == "caption":
                captions.append(placed)
                continue
            if placed.picture:
                picture.setdefault(placed.lane, []).append(placed)
            if (placed.sound and placed.what == "clip") or (placed.what == "compound" and not placed.picture):
                lane = (-1,) if self.ours and (not placed.lane or placed.lane[0] > 0) else placed.lane
                sound.setdefault(lane, []).append(placed)
        up = _rows(picture, key=lambda lane: tuple(lane))
        down = _rows(sound, key=lambda lane: tuple(-number for number in lane))
        made = [self._track(f"V{number}", otio.schema.TrackKind.Video, row) for number, row in enumerate(up, 1)]
        if made and length_s:
            _fill(made[0], length_s, self.rate)
        made += [self._track(f"A{number}", otio.schema.TrackKind.Audio, row) for number, row in enumerate(down, 1)]
        for number, row in enumerate(_rows({(): captions}, key=len) if captions else [], 1):
            made.append(self._track(f"C{number}", "Captions", row))
        return made

    def _track(self, name: str, kind: str, row: list[Placed]) -> Any:
        track = otio.schema.Track(name, kind=kind)
        cuts = [placed for placed in row if placed.what == "transition"]
        cursor = Fraction(0)
        edges: list[tuple[Fraction, int]] = []  # each edge between items, and the index an inserted transition takes
        items: list[Any] = []
        for placed in (placed for placed in row if placed.what != "transition"):
            if placed.start_s > cursor:
                items.append(otio.schema.Gap(source_range=span(Fraction(0), placed.start_s - cursor, self.rate, 48000)))
            edges.append((placed.start_s, len(items)))
            items.append(self._item(placed, kind == otio.schema.TrackKind.Audio))
            cursor = placed.end_s
            edges.append((cursor, len(items)))
        inserts: dict[int, Any] = {}
        for placed in cuts:
            inside = [edge for edge in edges if placed.start_s <= edge[0] <= placed.end_s]
            if not inside:
                self.losses.append(Loss(clip=placed.name, says="it lies on no cut and was not read."))
                continue
            middle = (placed.start_s + placed.end_s) / 2
            moment, index = min(inside, key=lambda edge: abs(edge[0] - middle))
            transition = otio.schema.Transition(
                name=placed.name, transition_type=_transition_type(placed.name), in_offset=at(moment - placed.start_s, self.rate, 48000),
                out_offset=at(placed.end_s - moment, self.rate, 48000),
            )  # fmt: skip
            inserts[index] = transition
        for index in range(len(items) + 1):
            if index in inserts:
                track.append(inserts[index])
            if index < len(items):
                track.append(items[index])
        return track

    def _item(self, placed: Placed, sound: bool) -> Any:
        length = placed.end_s - placed.start_s
        if placed.what == "clip":
            return self._clip(placed, sound, length)
        if placed.what == "compound":
            made = self.compounds(placed)
            made.source_range = span(placed.source_s, length, self.rate, 48000)
            set_speed(made, placed.speed)
        else:
            made = self._generator(placed, length)
        made.name = made.name or placed.name
        made.enabled = placed.enabled
        if placed.what == "compound":
            self._loud(made, placed)
        self._dress(made, placed, None)
        return made

    def _clip(self, placed: Placed, sound: bool, length: Fraction) -> Any:
        asset = placed.asset
        assert asset is not None
        media = asset.media
        drop = placed.node.get("tcFormat") == "DF"
        if drop and media.rate is not None and not media.drop and -(-media.rate.numerator // media.rate.denominator) % 30 == 0:
            media = replace(media, drop=True)
        ref = reference(media, asset.has, url=asset.url)
        made = otio.schema.Clip(name=placed.name or media.name, media_reference=ref)
        used = placed.source_s + (placed.speed * length if placed.speed < 0 else 0)
        first, last = (media.audio_rate_hz, media.rate) if not media.video else (media.rate, media.audio_rate_hz)
        made.source_range = otio.opentime.TimeRange(at(used, first, self.rate, last), at(length, self.rate, first, last))
        set_speed(made, placed.speed, conform=placed.conform)
        made.enabled = placed.enabled and (placed.sound_on or not sound)
        if sound:
            self._loud(made, placed)
        self._dress(made, placed, sound)
        has, speed = asset.has, abs(placed.speed)
        if has is not None and not media.still and not sound and (used < has.start_s or used + speed * length > has.end_s + 1 / self.rate):
            self.losses.append(Loss(clip=made.name, says="it uses more than its media has, says the file; it is read as it stands."))
        return made

    def _loud(self, made: Any, placed: Placed) -> None:
        """How loud it is played, where the file says so."""
        level = volume.level([*placed.around], placed.start_s, placed.end_s, made.name, self.losses)
        if level is not None:
            attach(made, level)

    def _generator(self, placed: Placed, length: Fraction) -> Any:
        node = placed.node
        effect = self.document.effects.get(node.get("ref", ""))
        kind = placed.what if placed.what in ("title", "caption") else effect.get("name", "generator") if effect is not None else "generator"
        text = " ".join("".join(part.itertext()).strip() for part in node.iterfind("text")).strip()
        wanted = {"text": text, "effect": effect.get("name", "") if effect is not None else "", "uid": effect.get("uid", "") if effect is not None else ""}
        if placed.what == "caption":
            wanted["role"] = node.get("role", "")
        made = otio.schema.Clip(name=placed.name or kind)
        made.media_reference = otio.schema.GeneratorReference(name=kind, generator_kind=kind, parameters={key: value for key, value in wanted.items() if value})
        made.source_range = span(Fraction(0), length, self.rate, 48000)
        if placed.what == "generator":
            self.losses.append(Loss(clip=made.name, says=f"the generator {kind!r} is kept by name; its settings are not read."))
        return made

    def _dress(self, made: Any, placed: Placed, sound: bool | None) -> None:
        """Markers, keywords, notes, roles: on the picture, or on the sound where there is no picture. The sound of a picture keeps its roles."""
        channels = tuple(role for role in (node.get("role") for node in placed.node.iterfind("audio-channel-source")) if role)
        if sound and placed.picture:
            roles = channels or tuple(role for role in (placed.node.get("audioRole"),) if role and role != "dialogue")
            if roles:
                attach(made, ClipInfo(roles=roles))
            return
        says = ClipInfo()
        for node, _ in placed.holders:
            own = own_record(node, values.CLIP, ClipInfo)
            if own is not None:
                says = own
        notes: list[str] = []
        keywords: list[Keyword] = []
        for node, lens in placed.holders:
            note = node.findtext("note")
            if note and note.strip():
                notes.append(note.strip())
            says = _facts(node, says)
            for child in node:
                if child.tag in ("marker", "chapter-marker"):
                    made.markers.append(self._marker(child, lens, placed))
                elif child.tag == "keyword":
                    keywords += self._keywords(child, lens, placed)
        if not says.roles:
            says = replace(says, roles=channels if sound else tuple(role for role in (placed.node.get("videoRole"), placed.node.get("role")) if role))
        if not says.keywords:
            says = replace(says, keywords=tuple(dict.fromkeys(keywords)))
        if not (says.note or says.abstained) and notes:
            says = replace(says, note=" ".join(dict.fromkeys(notes)))
        says = replace(says, angle=placed.angle or says.angle, alternatives=placed.alternatives or says.alternatives)
        if says != ClipInfo():
            attach(made, says)

    def _marker(self, node: Any, lens: Any, placed: Placed) -> Any:
        moment = lens(values.time_of(node.get("start", "0s"), f"a marker on {placed.name}"))
        length = values.time_of(node.get("duration", "0s"), f"a marker on {placed.name}")
        kept = span(placed.source_at(moment), length, self.rate, placed.asset.media.rate if placed.asset else None, 48000)
        colour = "ORANGE" if node.tag == "chapter-marker" else _COLOUR.get(node.get("completed"), "PURPLE")
        return otio.schema.Marker(name=node.get("value", ""), marked_range=kept, color=colour, comment=node.get("note", ""))

    def _keywords(self, node: Any, lens: Any, placed: Placed) -> list[Keyword]:
        start = duration = None
        if node.get("start") is not None and placed.speed:
            start = placed.source_at(lens(values.time_of(node.get("start"), f"a keyword on {placed.name}")))
            if node.get("duration") is not None:
                duration = values.time_of(node.get("duration"), f"a keyword on {placed.name}") * lens.pace * abs(placed.speed)
        words = [word.strip() for word in node.get("value", "").split(",")]
        return [Keyword(text=word, start_s=start, duration_s=duration, note=node.get("note", "")) for word in words if word]


def _facts(node: Any, says: ClipInfo) -> ClipInfo:
    entries = {entry.get("key"): entry.get("value") for entry in node.iterfind("metadata/md")}
    return replace(says, scene=says.scene or entries.get(values.SCENE), take=says.take or entries.get(values.TAKE))


def _transition_type(name: str) -> str:
    return "SMPTE_Dissolve" if name in ("Cross Dissolve", "Audio Crossfade", "") else "Custom_Transition"


def _fill(track: Any, length_s: Fraction, rate: Fraction) -> None:
    left = length_s - sum((duration_of(item) for item in track if not isinstance(item, otio.schema.Transition)), Fraction(0))
    if left > 0:
        track.append(otio.schema.Gap(source_range=span(Fraction(0), left, rate, 48000)))


def _rows(lanes: dict[Lane, list[Placed]], key: Any) -> list[list[Placed]]:
    """Tracks without overlaps: one per lane, and another where things of one lane lie over each other (nested lanes pack)."""
    rows: list[list[Placed]] = []
    for lane in sorted(lanes, key=key):
        fresh: list[list[Placed]] = []
        for placed in sorted(lanes[lane], key=lambda placed: (placed.start_s, placed.what == "transition")):
            if placed.what == "transition":
                (fresh[0] if fresh else _fresh(fresh)).append(placed)
                continue
            row = next((row for row in fresh if _free_after(row, placed)), None)
            if row is None and len(lane) > 1:
                row = next((row for row in rows[1:] if _free(row, placed)), None)
            if row is None:
                row = _fresh(fresh)
            row.append(placed)
        rows += fresh
    for row in rows:
        row.sort(key=lambda placed: placed.start_s)
    return rows


def _fresh(rows: list[list[Placed]]) -> list[Placed]:
    """A new row at the end."""
    rows.append([])
    return rows[-1]


def _free_after(row: list[Placed], placed: Placed) -> bool:
    """The same for a row that is filled in order: only its last item can reach so far."""
    last = next((other for other in reversed(row) if other.what != "transition"), None)
    return last is None or last.end_s <= placed.start_s


def _free(row: list[Placed], placed: Placed) -> bool:
    return not any(other.what != "transition" and placed.start_s < other.end_s and other.start_s < placed.end_s for other in reversed(row))
