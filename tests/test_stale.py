"""Change the film, and exactly the decisions that rested on what changed are stale. None other, whatever is changed together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.film import cut_of
from answerprint.model.judgments import Decided
from answerprint.model.time import Span
from answerprint.stale import Things, now, rests_on, stale
from answerprint.timeline.cut import Media, at, reference
from tests.timeline.test_round_trip import timeline_of

RATE = Fraction(25)
HERO = 4
Which = tuple[str, str]


@dataclass
class World:
    """A small film that a test may change anything in. Item n was shot as rushes/An.mp4; shots are (file, first frame, frames)."""

    items: dict[int, str] = field(default_factory=lambda: {n: f"line: words {n}" for n in range(1, 6)})
    attempts: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(1, 6), "9.5"))  # out, of attempt 1 of An
    digests: dict[str, str] = field(default_factory=lambda: {f"rushes/A{n}.mp4": f"blake3:a{n}" for n in range(1, 8)} | {"sound/T1.wav": "blake3:t1"})
    shots: dict[str, list[tuple[str, int, int]]] = field(
        default_factory=lambda: {version: [(f"rushes/A{n}.mp4", 10 * n, 50) for n in range(1, 6)] for version in ("master", "square")}
    )
    sound: dict[str, int] = field(default_factory=lambda: {"master": 0, "square": 0})
    files: dict[str, str] = field(default_factory=lambda: {name: f"blake3:{name}" for name in ("grade.cdl", "mix.wav", "bed.wav", "framing.json")})
    made: dict[str, str] = field(default_factory=lambda: {f"rushes/A{n}.mp4": "blake3:c0" for n in range(1, 6)})

    def timeline(self, version: str) -> Any:
        import opentimelineio as otio

        def clip(file: str, first: int, frames: int, sound: bool = False) -> Any:
            media = Media(name=file.rpartition("/")[2], file=file, digest=f"was {file}", rate=None if sound else RATE, video=not sound,
                          audio_rate_hz=48000 if sound else None, audio_channels=int(sound))  # fmt: skip
            made = otio.schema.Clip(name="shot", media_reference=reference(media, Span(start_s=Fraction(0), end_s=Fraction(400)), url=f"file:///{file}"))
            made.source_range = otio.opentime.TimeRange(at(first / RATE, RATE), at(frames / RATE, RATE))
            return made

        shots = [clip(*shot) for shot in self.shots[version]]
        return timeline_of(RATE, shots, [clip("sound/T1.wav", self.sound[version], 250, sound=True)], kinds="VA")

    def things(self) -> Things:
        return Things(
            items=self.items,
            attempts={(f"clip A{n}", 1): ("0.5", out) for n, out in self.attempts.items()},
            over={n: (f"A{n}#1",) for n in self.items},
            media=self.digests,
            cuts={version: cut_of(version, f"cuts/{version}.otio", self.timeline(version)) for version in self.shots},
            files=self.files,
            made={("correct", f"was {file}"): facts for file, facts in self.made.items()},
            corrections=("correct",),
            shown_in={n: (f"rushes/A{n}.mp4",) for n in self.items},
        )


def decided(things: Things) -> list[Decided]:
    """Everything that this film needs, signed now."""
    wanted: list[tuple[str, str, dict[str, str]]] = [
        ("take", f"item:{n}", {"clip": f"clip A{n}", "attempt": "1", "file": f"rushes/A{n}.mp4"}) for n in range(1, 6)
    ]
    for version in ("master", "square"):
        wanted += [("final edit", f"film:{version}", {"file": f"cuts/{version}.otio"}), ("pacing", f"film:{version}", {"file": f"cuts/{version}.otio"})]
        wanted += [("hero framing", f"hero:{HERO}@{version}", {"file": "framing.json"})]
    wanted += [(what, "film:master", {"file": file}) for what, file in (("grade", "grade.cdl"), ("mix", "mix.wav"), ("music bed", "bed.wav"))]
    return [Decided(judgment=what, about=about, choice=choice, rests_on=rests_on(what, about, choice, things)) for what, about, choice in wanted]


# ---- what somebody may change, and what rested on it, written down by hand

Change = tuple[Callable[[World], None], set[Which]]


def rewrite(n: int) -> Change:
    return lambda world: world.items.update({n: "line: other words"}), {("take", f"item:{n}")}


def another_end(n: int) -> Change:
    return lambda world: world.attempts.update({n: "8.75"}), {("take", f"item:{n}")}


def another_file(n: int) -> Change:
    rested = {("take", f"item:{n}"), ("final edit", "film:master"), ("final edit", "film:square"), ("grade", "film:master")}
    hero = {("hero framing", f"hero:{HERO}@{version}") for version in ("master", "square")} if n == HERO else set()
    return lambda world: world.digests.update({f"rushes/A{n}.mp4": "blake3:other"}), rested | hero


def not_used(n: int) -> Change:
    return lambda world: world.digests.update({f"rushes/A{n + 5}.mp4": "blake3:other"}), set()


def slip(n: int, version: str) -> Change:
    def change(world: World) -> None:
        file, first, frames = world.shots[version][n - 1]
        world.shots[version][n - 1] = (file, first + 3, frames)

    graded = {("grade", "film:master")} if version == "master" else set()
    hero = {("hero framing", f"hero:{HERO}@{version}")} if n == HERO else set()
    return change, {("final edit", f"film:{version}")} | graded | hero


def trim(n: int, version: str) -> Change:
    def change(world: World) -> None:
        file, first, frames = world.shots[version][n - 1]
        world.shots[version][n - 1] = (file, first, frames - 4)

    return change, slip(n, version)[1] | {("pacing", f"film:{version}")}


def reorder(version: str) -> Change:
    def change(world: World) -> None:
        world.shots[version].reverse()

    return change, {("final edit", f"film:{version}")}


def slip_sound(version: str) -> Change:
    mixed = {("mix", "film:master")} if version == "master" else set()
    return lambda world: world.sound.update({version: 7}), {("final edit", f"film:{version}")} | mixed


def another_recording(_: int) -> Change:
    return lambda world: world.digests.update({"sound/T1.wav": "blake3:other"}), {("final edit", "film:master"), ("final edit", "film:square"), ("mix", "film:master")}


def correction(n: int) -> Change:
    return lambda world: world.made.update({f"rushes/A{n}.mp4": "blake3:c1"}), {("grade", "film:master")}


def brought(name: str) -> Change:
    rested = {"grade.cdl": {("grade", "film:master")}, "mix.wav": {("mix", "film:master")}, "bed.wav": {("music bed", "film:master")}}
    heroes = {("hero framing", f"hero:{HERO}@{version}") for version in ("master", "square")}
    return lambda world: world.files.update({name: "blake3:other"}), rested.get(name, heroes)


shots, version = st.integers(1, 5), st.sampled_from(["master", "square"])
changes = st.one_of(
    st.builds(rewrite, shots), st.builds(another_end, shots), st.builds(another_file, shots), st.builds(not_used, st.integers(1, 2)),
    st.builds(slip, shots, version), st.builds(trim, shots, version), st.builds(slip_sound, version), st.builds(another_recording, shots),
    st.builds(correction, shots), st.builds(brought, st.sampled_from(["grade.cdl", "mix.wav", "bed.wav", "framing.json"])), st.builds(reorder, version),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(changes, max_size=4))
def test_exactly_what_rested_on_a_change_is_stale(made: list[Change]) -> None:
    world = World()
    signed = decided(world.things())
    reordered: list[Change] = [change for change in made if "reorder" in change[0].__qualname__][:1]  # twice is not at all
    others = [change for change in made if "reorder" not in change[0].__qualname__]
    for change, _ in [*others, *reordered]:
        change(world)
    found = stale(signed, now(world.things()))
    assert set(found) == set().union(*(rested for _, rested in [*others, *reordered]))
    assert all(sentence.endswith(".") for sentences in found.values() for sentence in sentences)


def test_what_is_affirmed_again_is_not_stale() -> None:
    world = World()
    trim(2, "master")[0](world)
    assert stale(decided(world.things()), now(world.things())) == {}


def test_the_sentence_says_what_changed_by_name() -> None:
    world = World()
    signed = decided(world.things())
    for change, _ in (slip(2, "master"), another_end(1), brought("mix.wav"), rewrite(3)):
        change(world)
    found = stale(signed, now(world.things()), names={"clip A1": "rushes/A1.mp4"})
    assert found["grade", "film:master"] == ("master shows 0.92-2.92 s of rushes/A2.mp4, and showed 0.80-2.80 s.",)
    assert found["take", "item:1"] == ("attempt 1 of rushes/A1.mp4 was 0.5-9.5 s and is 0.5-8.75 s.",)
    assert found["mix", "film:master"] == ("mix.wav is another file now.",)
    assert found["take", "item:3"] == ("item 3 was rewritten in the script.",)


def test_a_shot_that_came_in_is_one_that_nobody_graded() -> None:
    world = World()
    signed = decided(world.things())
    world.shots["master"].append(("rushes/A7.mp4", 0, 50))
    assert ("grade", "film:master") in stale(signed, now(world.things()))
    assert ("hero framing", f"hero:{HERO}@master") not in stale(signed, now(world.things()))


def test_shoot_again_is_stale_when_it_was_shot_again() -> None:
    things = World().things()
    none = Decided(judgment="take", about="item:2", choice={"take": "none"}, rests_on=rests_on("take", "item:2", {"take": "none"}, things))
    assert stale([none], now(things)) == {}
    again = replace(things, over={**things.over, 2: ("A2#1", "A9#1")})
    assert stale([none], now(again)) == {("take", "item:2"): ("other attempts at item 2 are there now.",)}


def test_a_correction_that_came_after_the_grade_makes_it_stale() -> None:
    world = World()
    world.made = {}
    signed = decided(world.things())
    assert stale(signed, now(world.things())) == {}
    correction(2)[0](world)
    names = {"was rushes/A2.mp4": "rushes/A2.mp4"}
    assert stale(signed, now(world.things()), names=names) == {("grade", "film:master"): ("what correct makes of rushes/A2.mp4 is there now.",)}


def test_what_was_signed_before_there_was_a_cut_says_so_once_there_is_one() -> None:
    world = World()
    early = decided(replace(world.things(), cuts={}))
    found = stale(early, now(world.things()))
    assert set(found) == {(what, f"film:{cut}") for what, cut in (("final edit", "master"), ("final edit", "square"), ("pacing", "master"), ("pacing", "square"),
                                                                  ("grade", "master"), ("mix", "master"))} | {
        ("hero framing", f"hero:{HERO}@{cut}") for cut in ("master", "square")}  # fmt: skip
    assert found["mix", "film:master"] == ("it was signed before master had a cut, or does not say which one.",)


def test_another_clip_of_the_hero_shot_in_the_cut_is_one_that_nobody_framed() -> None:
    world = World()
    signed = decided(world.things())
    world.shots["master"].append(("rushes/A7.mp4", 0, 50))
    there = replace(world.things(), shown_in={HERO: (f"rushes/A{HERO}.mp4", "rushes/A7.mp4")})
    assert stale(signed, now(there))["hero framing", f"hero:{HERO}@master"] == (f"item {HERO} is shown by other clips in master.",)
    assert ("hero framing", f"hero:{HERO}@square") not in stale(signed, now(there))


def test_before_a_prep_nothing_is_said_of_attempts() -> None:
    things = World().things()
    bare = replace(things, attempts={}, shown_in=dict.fromkeys(things.items, ()), unknown=("attempt", "over", "hero"))
    assert stale(decided(things), now(bare), unknown=bare.unknown) == {}
