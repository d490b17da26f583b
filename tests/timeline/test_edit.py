"""The seal of an edit: the same cut has the same one, another cut another one, whichever program wrote it down."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.model.time import Span
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, Media, attach, duration_of, reference, set_speed, span
from answerprint.timeline.dailies import dailies
from answerprint.timeline.edit import edit_of, edit_seal, rhythm_seal, sound_seal, used
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.otio import format as otio_format
from answerprint.timeline.formats.xmeml import format as xmeml
from tests.timeline.shoots import RATES, label, shoot
from tests.timeline.test_round_trip import one_clip, timeline_of

RATE = Fraction(25)
PROGRAMS = [(otio_format, "cut.otio"), (fcpxml, "cut.fcpxml"), (xmeml, "cut.xml")]


def through(program: Any, name: str, timeline: Any) -> Any:
    """A cut as it comes back from a file."""
    raw, _ = program.write(timeline, {})
    return program.read(raw, {"name": name})[0][0]


def seals(timeline: Any) -> tuple[str, str, str]:
    return edit_seal(timeline), rhythm_seal(timeline), sound_seal(timeline)


def heard(name: str, start: int, frames: int) -> Any:
    made = one_clip(RATE, start, frames, name=name)
    media = Media(name=name, digest=f"blake3:{name}", audio_rate_hz=48000, audio_channels=2)
    made.media_reference = reference(media, Span(start_s=Fraction(0), end_s=4000 / RATE), url=f"file:///{name}")
    return made


def film() -> Any:
    """Four shots with a gap, a super over the second, and one sound."""
    shots = [one_clip(RATE, 100 * n, 50 + n, name=f"A{n}.mov") for n in range(4)]
    shots.insert(2, otio.schema.Gap(source_range=span(Fraction(0), 10 / RATE, RATE)))
    over = [otio.schema.Gap(source_range=span(Fraction(0), 60 / RATE, RATE)), one_clip(RATE, 0, 20, name="super.mov")]
    return timeline_of(RATE, shots, over, [heard("M1.wav", 40, 150)], kinds="VVA")


@pytest.mark.parametrize(("program", "name"), PROGRAMS, ids=[name for _, name in PROGRAMS])
@pytest.mark.parametrize(("rate", "drop"), RATES, ids=str)
def test_dailies_have_one_seal_in_every_program(program: Any, name: str, rate: Fraction, drop: bool) -> None:
    made = dailies(shoot(rate, drop), title="First Pour", rate=rate, start=label("01:00:00:00", drop))
    assert seals(through(program, name, made)) == seals(made)


@settings(max_examples=25, deadline=None)
@given(
    rate=st.sampled_from([rate for rate, _ in RATES]),
    shots=st.lists(st.tuples(st.integers(0, 9000), st.integers(20, 500), st.sampled_from([None, None, 1, 17]), st.booleans()), min_size=1, max_size=8),
    upper=st.lists(st.tuples(st.integers(1, 300), st.integers(0, 9000), st.integers(1, 500)), max_size=4),
    speed=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2), Fraction(4, 5)]),
)
def test_any_cut_has_one_seal_in_every_program(rate: Fraction, shots: list[Any], upper: list[Any], speed: Fraction) -> None:
    base: list[Any] = []
    for number, (first, length, gap, dissolve) in enumerate(shots):
        if gap:
            base.append(otio.schema.Gap(source_range=span(Fraction(0), gap / rate, rate)))
        elif dissolve and number:
            base.append(otio.schema.Transition(transition_type="SMPTE_Dissolve", in_offset=otio.opentime.RationalTime(4, float(rate)),
                                               out_offset=otio.opentime.RationalTime(4, float(rate))))  # fmt: skip
        base.append(one_clip(rate, first + 50, length, name=f"A{number:03d}.mov"))
    over: list[Any] = []
    for number, (gap, first, length) in enumerate(upper):
        over += [otio.schema.Gap(source_range=span(Fraction(0), gap / rate, rate)), one_clip(rate, first, length, name=f"B{number:03d}.mov")]
    set_speed(base[-1], speed)
    made = timeline_of(rate, base, *([over] if over else []))
    assert len({seals(through(program, name, made)) for program, name in PROGRAMS} | {seals(made)}) == 1


def test_names_markers_notes_and_what_is_switched_off_are_not_the_edit() -> None:
    made, other = film(), film()
    shot = other.tracks[0][0]
    other.name, shot.name = "v07 FINAL final", "the good one"
    shot.markers.append(otio.schema.Marker(name="look here", marked_range=shot.source_range))
    attach(shot, ClipInfo(note="she smiles"))
    off = one_clip(RATE, 0, 30, name="alternative.mov")
    off.enabled = False
    other.tracks.append(otio.schema.Track("V3", kind="Video", children=[off]))
    other.tracks.append(otio.schema.Track("A9", kind="Audio"))
    assert seals(other) == seals(made)


def swap(timeline: Any) -> None:
    """Another take of the same length."""
    timeline.tracks[0][1] = one_clip(RATE, 100, 51, name="A9.mov")


def slip(timeline: Any) -> None:
    timeline.tracks[0][1].source_range = span(Fraction(7), duration_of(timeline.tracks[0][1]), RATE)


def trim(timeline: Any) -> None:
    timeline.tracks[0][1].source_range = span(Fraction(4), duration_of(timeline.tracks[0][1]) - 1 / RATE, RATE)


def retime(timeline: Any) -> None:
    set_speed(timeline.tracks[0][1], Fraction(1, 2))


def dissolve(timeline: Any) -> None:
    four = otio.opentime.RationalTime(4, 25)
    timeline.tracks[0].insert(1, otio.schema.Transition(transition_type="SMPTE_Dissolve", in_offset=four, out_offset=four))


def close_gap(timeline: Any) -> None:
    del timeline.tracks[0][2]


def switch_off(timeline: Any) -> None:
    timeline.tracks[0][1].enabled = False


def slip_sound(timeline: Any) -> None:
    timeline.tracks[2][0].source_range = span(Fraction(2), duration_of(timeline.tracks[2][0]), RATE)


@pytest.mark.parametrize(
    ("change", "kept"),
    [(swap, "rhythm sound"), (slip, "rhythm sound"), (retime, "rhythm sound"), (dissolve, "rhythm sound"), (trim, "sound"), (close_gap, "sound"),
     (switch_off, "sound"), (slip_sound, "rhythm")],
)  # fmt: skip
def test_a_change_changes_the_seals_that_it_concerns(change: Callable[[Any], None], kept: str) -> None:
    made, other = film(), film()
    change(other)
    assert edit_seal(other) != edit_seal(made)
    assert (rhythm_seal(other) == rhythm_seal(made)) == ("rhythm" in kept)
    assert (sound_seal(other) == sound_seal(made)) == ("sound" in kept)


def test_lettering_over_the_picture_is_not_rhythm() -> None:
    made, other = film(), film()
    title = otio.schema.Clip(name="legal line", media_reference=otio.schema.GeneratorReference(generator_kind="text", parameters={"text": "Drink slowly."}))
    title.source_range = span(Fraction(0), Fraction(2), RATE)
    other.tracks.insert(2, otio.schema.Track("V3", kind="Video", children=[title]))
    assert rhythm_seal(other) == rhythm_seal(made)
    assert edit_seal(other) != edit_seal(made)
    again = other.clone()
    again.tracks[2][0].media_reference.parameters["text"] = "Drink responsibly."
    assert edit_seal(again) != edit_seal(other)


def test_what_is_used_of_a_medium_is_said_once_in_its_own_order() -> None:
    shots = [one_clip(RATE, start, 50, name="A1.mov") for start in (200, 0, 200)]
    (only,) = used(timeline_of(RATE, shots))
    assert only.kind == "picture"
    assert only.ranges == (Span(start_s=Fraction(0), end_s=Fraction(2)), Span(start_s=Fraction(8), end_s=Fraction(10)))


def test_a_nested_cut_counts_by_its_own_edit_and_its_media_are_used() -> None:
    def nesting(frames: int) -> Any:
        inside = timeline_of(RATE, [one_clip(RATE, 0, frames, name="A1.mov")])
        stack = otio.schema.Stack(name="compound", children=[inside.tracks[0].clone()], source_range=span(Fraction(0), Fraction(1), RATE))
        return timeline_of(RATE, [stack])

    assert edit_seal(nesting(30)) != edit_seal(nesting(40))
    assert [one.media.name for one in used(nesting(30))] == ["A1.mov"]


def test_an_empty_cut_has_an_edit_too() -> None:
    empty = timeline_of(RATE, [])
    assert edit_of(empty).length_s == 0
    assert used(empty) == ()
    assert edit_seal(empty) == edit_seal(timeline_of(RATE, [], []))


def test_what_lies_beside_the_tracks_is_in_the_edit() -> None:
    plain, more = film(), film()
    inside = otio.schema.Stack(children=[otio.schema.Track(kind="Video", children=[one_clip(RATE, 0, 20, name="late.mov")])])
    more.tracks.append(inside)
    beside = film()
    beside.tracks.append(one_clip(RATE, 0, 20, name="late.mov"))
    assert len({edit_seal(plain), edit_seal(more), edit_seal(beside)}) == 3
    for timeline in (more, beside):
        assert "late.mov" in {one.media.name for one in used(timeline)}


def test_tracks_that_are_trimmed_as_a_whole_are_refused() -> None:
    for part in (lambda timeline: timeline.tracks, lambda timeline: timeline.tracks[0]):
        timeline = film()
        part(timeline).source_range = part(timeline).available_range()
        assert edit_seal(timeline) == edit_seal(film())
        part(timeline).source_range = span(Fraction(0), 10 / RATE, RATE)
        with pytest.raises(TimelineError, match="trimmed"):
            edit_seal(timeline)
