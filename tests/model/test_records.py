"""Laws of records: what is written reads back; what is not of its kind says which field."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerprint.model.charter import Execution, Judgment
from answerprint.model.records import (
    AudioStream,
    Bext,
    Colour,
    Fact,
    Facts,
    MediaInfo,
    ModelError,
    Track,
    Trust,
    VideoStream,
    canonical,
    from_plain,
    to_plain,
)  # fmt: skip

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
)


def info() -> MediaInfo:
    return MediaInfo(
        kind="clip",
        container="mov",
        duration_s=Fraction(1001, 60),
        video=VideoStream(
            index=0, codec="prores", width=1920, height=1080, pixel_format="yuv422p10le", bit_depth=10, rate=Fraction(24000, 1001),
            frames=400, duration_s=Fraction(1001, 60), colour=Colour(transfer="bt709"), rotation_deg=90,
        ),
        audio=(AudioStream(index=1, codec="pcm_s24le", rate_hz=48000, channels=2, duration_s=Fraction(1001, 60)),),
        timecode="01:00:00:00",
        bext=Bext(tracks=(Track(channel=1, name="Boom"),), time_reference=2**40),
        tags={"reel": "A001"},
    )  # fmt: skip


def test_a_record_reads_back_exactly() -> None:
    assert from_plain(MediaInfo, json.loads(json.dumps(to_plain(info())))) == info()


def test_a_turned_clip_is_seen_upright() -> None:
    video = info().video
    assert video is not None
    assert video.display_size == (1080, 1920)
    assert replace(video, rotation_deg=0, sar=Fraction(2)).display_size == (3840, 1080)


@pytest.mark.parametrize(
    ("change", "says"),
    [({"kind": "reel"}, "kind"), ({"duration_s": 3.2}, "duration_s"), ({"colour": 1}, "unknown field 'colour'"), ({"audio": [{"index": "one"}]}, "audio")],
)
def test_what_is_not_of_its_kind_names_the_field(change: dict[str, object], says: str) -> None:
    with pytest.raises(ModelError, match=says):
        from_plain(MediaInfo, {**to_plain(info()), **change})


@given(values)
def test_canonical_bytes_say_the_same_value_and_are_the_same_again(value: object) -> None:
    raw = canonical(value)
    assert json.loads(raw) == value
    assert canonical(json.loads(raw)) == raw


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, {"é": 1}, {1: 2}, b"x", "\ud800", {"a": [1, {"b": 0.5}]}])
def test_what_cannot_be_signed_is_refused(value: object) -> None:
    with pytest.raises(ModelError):
        canonical(value)


def test_a_facts_file_reads_back() -> None:
    fact = Fact(about="blake3:00", name="sync.offset_s", value=1.5, method="phase transform", trust=Trust(measure="peak over runner-up", value=6.1, better="higher"))
    made = Facts(task="sync", version=1, inputs=("blake3:00",), facts=(fact,))
    assert Facts.from_bytes(made.to_bytes()) == made
    assert made.value("sync.offset_s") == 1.5
    assert made.find("sync.offset_s", about="blake3:01") == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"task": 1}', b"\xff"])
def test_what_is_not_a_facts_file_says_so(raw: bytes) -> None:
    with pytest.raises(ModelError):
        Facts.from_bytes(raw)


def test_no_word_is_both_execution_and_judgment() -> None:
    assert not {one.value for one in Execution} & {one.value for one in Judgment}
