"""A room over the sample shoot with two short cuts in it, opened once and shared: read it, or undo what you did."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest

from answerprint.spot import Spot
from tests.room.conftest import Opened, open_room

FRAMES = 12  #: of each shot


@dataclass(frozen=True)
class Cutting:
    """The room, who is in it, and the bytes of a cut."""

    opened: Opened
    raw: bytes

    @property
    def ana(self) -> Any:
        return self.opened.ana


def short(timeline: Any, *, sound: bool = True, order: tuple[int, ...] = (0, 1, 2)) -> bytes:
    """The first shots of a rough cut, each twelve frames long: then a gap, and a clip of another production."""
    rate = timeline.tracks[0][0].source_range.duration.rate
    made = otio.schema.Timeline(name="short", global_start_time=otio.opentime.RationalTime(86400, rate))
    picture = otio.schema.Track(name="V1", kind="Video")
    shot = [one for one in timeline.tracks[0] if isinstance(one.media_reference, otio.schema.ExternalReference)]
    for place in order:
        one = shot[place].clone()
        one.source_range = otio.opentime.TimeRange(one.source_range.start_time, otio.opentime.RationalTime(FRAMES, one.source_range.duration.rate))
        del one.markers[:]
        picture.append(one)
    picture.append(otio.schema.Gap(source_range=otio.opentime.TimeRange(duration=otio.opentime.RationalTime(FRAMES, rate))))
    away = otio.opentime.TimeRange(otio.opentime.RationalTime(0, rate), otio.opentime.RationalTime(FRAMES, rate))
    picture.append(otio.schema.Clip(name="elsewhere", media_reference=otio.schema.ExternalReference("file:///nowhere/elsewhere.mov", available_range=away), source_range=away))
    picture[0].markers.append(otio.schema.Marker(name="here", marked_range=otio.opentime.TimeRange(picture[0].source_range.start_time, otio.opentime.RationalTime(1, rate))))
    made.tracks.append(picture)
    voice = next(one for track in timeline.tracks if track.kind == "Audio" for one in track if isinstance(one, otio.schema.Clip) and one.enabled)
    if sound:
        one = voice.clone()
        hz = one.source_range.duration.rate
        length = Fraction(FRAMES * 1001, 24000) * Fraction(hz)
        one.source_range = otio.opentime.TimeRange(one.source_range.start_time, otio.opentime.RationalTime(round(length), hz))
        del one.markers[:]
        track = otio.schema.Track(name="Voice", kind="Audio")
        track.append(one)
        made.tracks.append(track)
    return otio.adapters.write_to_string(made, "otio_json").encode()


def cut_room(day: Spot, folders: pytest.TempPathFactory) -> Cutting:
    """v01 and v02, which shows the second shot first and brings no sound."""
    opened = open_room(day, folders.mktemp("cutting") / "spot")
    rough, _ = Spot(opened.path).rough("otio", to=folders.mktemp("rough") / "rough.otio")
    timeline = otio.adapters.read_from_file(str(rough.path))
    raw = short(timeline)
    for name, data in (("v01.otio", raw), ("v02.otio", short(timeline, sound=False, order=(1, 0, 2)))):
        assert bring(opened.ana, name, data).status_code == 200
    return Cutting(opened=opened, raw=raw)


def bring(person: Any, name: str, data: bytes, path: str = "/api/cut/import") -> Any:
    """Bring a file as the page does."""
    return person.client.post(path, params={"name": name}, content=data, headers={"origin": "http://localhost:8484", "x-answerprint": person.guest.form})


def waited(person: Any, path: str) -> Any:
    """A cut's page once its movie is made."""
    import time

    for _ in range(300):
        found = person.get(path).json()
        if found["film"]["movie"]:
            return found["film"]
        assert not isinstance(found["film"]["making"], str), found["film"]["making"]
        time.sleep(0.1)
    raise AssertionError("the movie was never made")


__all__ = ["FRAMES", "Cutting", "bring", "cut_room", "short", "waited"]
