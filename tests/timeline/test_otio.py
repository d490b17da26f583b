from __future__ import annotations

import io
import zipfile
from fractions import Fraction

import opentimelineio as otio
import pytest

from answerprint.timeline import TimelineError
from answerprint.timeline.cut import at, file_url, path_of, rate_of, seconds
from answerprint.timeline.formats.otio import format as otio_format
from tests.timeline.shoots import RATES
from tests.timeline.test_round_trip import one_clip, timeline_of


@pytest.mark.parametrize("rate", sorted({rate for rate, _ in RATES}))
def test_a_float_rate_becomes_the_exact_one(rate: Fraction) -> None:
    assert rate_of(float(rate)) == rate
    assert rate_of(round(float(rate), 3)) == rate
    assert rate_of(round(float(rate), 2)) == rate


@pytest.mark.parametrize("rate", sorted({rate for rate, _ in RATES}))
def test_a_day_of_frames_is_exact(rate: Fraction) -> None:
    for frame in (0, 1, 86399, 2589407, 5184000):
        assert seconds(at(frame / rate, rate)) == frame / rate


def test_a_bundle_is_opened_and_its_media_are_said() -> None:
    raw, _ = otio_format.write(timeline_of(Fraction(25), [one_clip(Fraction(25), 0, 10)]), {})  # type: ignore[misc]
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as files:
        files.writestr("content.otio", raw)
        files.writestr("media/a.mov", b"x")
    (timeline,), losses = otio_format.read(bundle.getvalue(), {"name": "cut.otioz"})  # type: ignore[misc]
    assert timeline.name == "cut"
    assert [loss.says for loss in losses] == ["1 media files inside the bundle were not unpacked; unzip it and relink to them."]


def test_a_loose_clip_becomes_a_timeline() -> None:
    raw = otio.adapters.write_to_string(one_clip(Fraction(25), 3, 10), "otio_json").encode()
    (timeline,), _ = otio_format.read(raw, {})  # type: ignore[misc]
    assert timeline.tracks[0][0].source_range.start_time.value == 3


@pytest.mark.parametrize("raw", [
    b"", b"\xff\xfe\x00", b"[]", b"{}", b'{"OTIO_SCHEMA": "Timeline.1"}', b'{"OTIO_SCHEMA": "Timeline.99", "name": "x"}', b"PK\x03\x04broken", b'"text"',
    b'{"OTIO_SCHEMA":"Clip.2","metadata":{"a":' + b"[" * 200000 + b"]" * 200000 + b"}}",
])  # fmt: skip
def test_what_is_no_timeline_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(TimelineError, match=r"bad\.otio") as refused:
        otio_format.read(raw, {"name": "bad.otio"})  # type: ignore[misc]
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["a b.mov", "it's \"x\".mov", "two\nlines.mov", "🎬.mov", "per%20cent#?.mov", "\udcff\udc80.mov"])
def test_a_path_comes_back_from_its_address(name: str) -> None:
    assert path_of(file_url("/shoot/" + name)) == "/shoot/" + name
