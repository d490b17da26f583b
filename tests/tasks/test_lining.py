"""Attempts lined against the script: who said what, what was changed, and what the crew said around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from answerprint.model.attempts import Attempt, Covered, Heard, OffScript, Reading
from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts, from_plain, to_plain
from answerprint.script import Item
from answerprint.script.lining import lined, read_wild
from answerprint.tasks.lining import task, weigher
from tests.script.test_matching import heard

ITEMS = [
    Item(number=1, kind="line", text="Morning starts before the light does.", scene="1"),
    Item(number=2, kind="line", text="Forty minutes. You can wash it.", scene="1"),
    Item(number=3, kind="line", text="The house is quiet. The cup is warm.", scene="1"),
    Item(number=4, kind="picture", text="Coffee falls from a copper pot.", scene="2"),
    Item(number=5, kind="voice-over", text="Larkfield. First pour.", scene="2", off_camera=True),
]


def take(out_s: float, *, number: int = 1, in_s: float = 0.0, scene: str | None = "1A", **more: object) -> Attempt:
    return Attempt(number=number, in_s=in_s, out_s=out_s, scene=scene, **more)  # type: ignore[arg-type]


def words_of(one: Covered) -> list[tuple[str, str | None, str | None]]:
    return [(word.how, word.script, word.heard) for word in one.words if word.how != "said"]


def always_script(in_s: float, out_s: float, texts: Sequence[str]) -> list[tuple[float, float]]:
    """A sound that bears the script's wording far better than what was heard."""
    return [(-1.0 - 40.0 * n, -20.0) for n in range(len(texts))]


def never_script(in_s: float, out_s: float, texts: Sequence[str]) -> list[tuple[float, float]]:
    return [(-41.0 + 40.0 * n, -20.0) for n in range(len(texts))]


def test_a_number_stays_as_it_was_heard_whatever_the_sound_seems_to_say():
    (one,) = lined(ITEMS, heard("Fourteen minutes. You can wash it."), [take(9)], weigh=always_script).covered
    assert words_of(one) == [("changed", "Forty", "Fourteen")]


def test_a_denial_stays_as_it_was_heard():
    (one,) = lined(ITEMS, heard("Forty minutes. You can't wash it."), [take(9)], weigh=always_script).covered
    assert words_of(one) == [("changed", "can", "can't")]


def test_figures_are_the_same_number():
    (one,) = lined(ITEMS, heard("40 minutes. You can wash it."), [take(9)]).covered
    assert words_of(one) == []


def test_a_spelling_is_restored_only_where_the_sound_bears_it():
    said = heard("Barfield, first pour.")
    (restored,) = lined(ITEMS, said, [take(9)], weigh=always_script).covered
    assert words_of(restored) == []
    assert restored.words[0].heard == "Barfield,"
    for weigh in (never_script, None):
        (kept,) = lined(ITEMS, said, [take(9)], weigh=weigh).covered
        assert words_of(kept) == [("changed", "Larkfield", "Barfield,")]


def test_a_word_heard_surely_is_not_weighed():
    (one,) = lined(ITEMS, heard("Marshfield, first pour.", probability=0.95), [take(9)], weigh=always_script).covered
    assert words_of(one) == [("changed", "Larkfield", "Marshfield,")]


def test_what_sounds_the_same_is_said():
    (one,) = lined(ITEMS, heard("Lark field. First poor."), [take(9)]).covered
    assert words_of(one) == []


def test_missed_and_added_words_are_named():
    (one,) = lined(ITEMS, heard("Morning always starts before light does."), [take(9)]).covered
    assert words_of(one) == [("added", None, "always"), ("missed", "the", None)]
    assert one.complete


def test_half_a_line_is_covered_and_not_complete():
    (one,) = lined(ITEMS, heard("The house is quiet. The cup"), [take(9)]).covered
    assert (one.item, one.complete) == (3, False)


def test_a_restart_is_kept_beside_the_line():
    said = heard("Morning starts before the, | sorry. | Morning starts before the light does.")
    found = lined(ITEMS, said, [take(20)])
    assert [(one.item, one.complete, one.words[0].in_s) for one in found.covered] == [(1, True, said[5].in_s)]
    assert [one.text for one in found.off_script] == ["Morning starts before the,", "sorry."]


def test_an_ad_lib_is_kept_with_its_attempt():
    found = lined(ITEMS, heard("The house is quiet. The cup is warm. | And nobody wants anything from me."), [take(20, number=3)])
    assert [(one.text, one.attempt, one.remark) for one in found.off_script] == [("And nobody wants anything from me.", 3, False)]


def test_what_is_said_inside_a_line_is_kept_twice():
    found = lined(ITEMS, heard("The house is quiet. | I lost the thread. | The cup is warm."), [take(20)])
    assert [one.text for one in found.off_script] == ["I lost the thread."]
    assert [word for how, _, word in words_of(found.covered[0]) if how == "added"] == ["I", "lost", "the", "thread."]


def test_remarks_go_with_the_take_before_them_and_calls_are_none():
    first = heard("Scene one alpha, take one. | Marker. | Action.")
    line = heard("Morning starts before the light does.", at_s=10)
    after = heard("Cut. That's the one. | Quiet please, we are rolling. | Scene 1 alpha take 2. Marco. | Action.", at_s=13)
    again = heard("Morning starts before the light does.", at_s=30)
    end = heard("And cut. | Let's do a safety. | Tail slate.", at_s=33)
    attempts = [take(12.5, in_s=9), take(32.5, number=2, in_s=29)]
    found = lined(ITEMS, [*first, *line, *after, *again, *end], attempts)
    assert [(one.text, one.attempt, one.remark) for one in found.remarks] == [("That's the one.", 1, True), ("Let's do a safety.", 2, True)]
    assert found.off_script == ()


def test_a_slate_that_was_read_is_a_call_however_it_was_heard():
    attempt = take(9, in_s=4, readings=(Reading(what="scene", value="1A", source="spoken slate", at_s=0.4),))
    assert [one.text for one in lined(ITEMS, heard("Lane too apple sauce."), [attempt]).remarks] != []
    assert lined(ITEMS, heard("Lane too apple sauce."), [attempt], called_at=[0.4]).remarks == ()


@pytest.mark.parametrize("slate", ["One Charlie take free. Marker.", "Seeing four Fox Drive take | one marker.", "Seemed | four foxtrot take two. Marker."])
def test_a_slate_that_was_misheard_is_no_remark(slate):
    words = [*heard(f"{slate} | Action."), *heard("Morning starts before the light does.", at_s=20)]
    assert lined(ITEMS, words, [take(29, in_s=19)]).remarks == ()


def test_what_the_listener_repeated_to_itself_was_not_read():
    said = heard("Larkfield, first pour.") + heard("Larkfield, first pour.", at_s=3)
    echo = [Heard(text=one.text, in_s=1.4 + n * 0.05, out_s=1.45 + n * 0.05, probability=0.9) for n, one in enumerate(said[:3])]
    attempts, found = read_wild(ITEMS, [*said[:3], *echo, *said[3:]])
    assert [(one.in_s, one.out_s) for one in attempts] == [(said[0].in_s, said[2].out_s), (said[3].in_s, said[5].out_s)]
    assert found.off_script == ()


def test_a_picture_is_covered_by_its_slate_and_never_by_a_guess():
    def shown(scene: str | None, items: Sequence[Item] = ITEMS, **more: object) -> list[int]:
        return [one.item for one in lined(items, [], [take(9, scene=scene, **more)]).covered]

    assert shown("2B") == shown("2") == [4]
    assert shown("1A") == shown("12") == shown(None) == []
    two = [*ITEMS, Item(number=6, kind="picture", text="Steam over the cup.", scene="2")]
    assert shown("2A", two) == []
    assert shown("2A", two, comment="steam, lovely") == [6]
    assert shown("2A", kind="false start") == []


def test_a_board_frame_is_covered_by_the_shot_number():
    board = [Item(number=n, kind="board", text=text, scene=str(n)) for n, text in ((1, "Pack shot"), (2, "Pour"), (3, "End card"))]
    assert [one.item for one in lined(board, [], [take(4, scene="3"), take(9, in_s=5, number=2, scene=None, slate="2")]).covered] == [3, 2]


def test_a_voice_over_line_is_off_camera():
    (one,) = lined(ITEMS, heard("Larkfield. First pour."), [take(9)]).covered
    assert (one.kind, one.camera) == ("voice-over", "off")


def test_each_reading_of_a_voice_over_is_an_attempt():
    attempts, found = read_wild(ITEMS, heard("Voice over, take one. | Larkfield, first pour. | Larkfield, first pour. | Sorry, what was that?"))
    assert [(one.number, one.kind) for one in attempts] == [(1, "wild"), (2, "wild")]
    assert [(one.attempt, one.item) for one in found.covered] == [(1, 5), (2, 5)]
    assert "Sorry, what was that?" in [one.text for one in found.off_script]
    assert found.remarks == ()


def test_without_a_script_nothing_is_off_script():
    found = lined([], heard("Hello there. | And more."), [take(9)])
    assert (found.covered, found.off_script) == ((), ())


# ---- the task


def subject(tmp_path: Path, words: Sequence[Heard], samples: np.ndarray, *, attempts: Sequence[Attempt] | None) -> Input:
    def facts(name: str, values: dict[str, object]) -> Facts:
        made = tuple(Fact(about="blake3:0", name=key, value=value, method="test") for key, value in values.items())
        return Facts.from_bytes(Facts(task=name, version=1, inputs=("blake3:0",), facts=made).to_bytes())

    rows = [[one.in_s, one.out_s, one.text, one.probability] for one in words]
    known = {"transcript": facts("transcript", {"transcript.words": rows})}
    path = tmp_path / "sound.npy"
    np.save(path, samples.astype(np.int16))
    if attempts is not None:
        known |= {"synced": facts("synced", {}), "attempts": facts("attempts", {"attempts": to_plain(list(attempts))})}
        return Input(path=path, file="A001.mov", digest="blake3:0", facts=known, artefacts={"synced/heard.npy": path})
    known |= {"wild": facts("wild", {"wild.spans": [[0.0, len(samples) / 48_000]]})}
    return Input(path=path, file="T001.wav", digest="blake3:0", facts=known, artefacts={"listen/sound.npy": path})


def ran(tmp_path: Path, one: Input, script: str = "") -> dict[str, object]:
    path = tmp_path / "script.fountain"
    path.write_text(script, encoding="utf-8")
    work = Work(subject=one, clips=(), sounds=(), params={"script": str(path) if script else None}, scratch=tmp_path)
    return {fact.name: fact.value for fact in task.run(work)}


def test_facts_of_a_clip_read_back_as_records(tmp_path):
    one = subject(tmp_path, heard("Morning starts before the light does. | Hello, wind."), np.zeros(160_000), attempts=[take(9)])
    facts = ran(tmp_path, one, "INT. KITCHEN - DAY\n\nNOAH\nMorning starts before the light does.\n")
    assert sorted(facts) == ["lining", "lining.off_script", "lining.remarks"]
    assert [from_plain(Covered, plain).item for plain in facts["lining"]] == [1]
    assert [from_plain(OffScript, plain).text for plain in facts["lining.off_script"]] == ["Hello, wind."]


def test_a_shoot_without_a_script_has_the_same_facts_empty(tmp_path):
    facts = ran(tmp_path, subject(tmp_path, heard("Hello."), np.zeros(16_000), attempts=[take(9)]))
    assert facts == {"lining": [], "lining.off_script": [], "lining.remarks": []}


def test_room_tone_is_known_by_its_steadiness_and_music_is_not(tmp_path):
    rng = np.random.default_rng(1)
    steady = rng.normal(0, 60, 48_000 * 6)
    assert ran(tmp_path, subject(tmp_path, [], steady, attempts=None))["sound.kind"]["kind"] == "room tone"
    called = subject(tmp_path, heard("Room tone, kitchen."), steady, attempts=None)
    assert ran(tmp_path, called)["sound.kind"]["kind"] == "room tone"
    beating = steady * (1 + 20 * (np.arange(len(steady)) % 48_000 < 20_000))
    assert ran(tmp_path, subject(tmp_path, [], beating, attempts=None))["sound.kind"]["kind"] == "unknown"


@pytest.mark.parametrize(("cue", "kind"), [("NOAH (V.O.)", "voice-over"), ("NOAH", "wild lines")])
def test_a_file_of_readings_is_named_after_what_it_reads(tmp_path, cue, kind):
    one = subject(tmp_path, heard("Larkfield, first pour. | Larkfield, first pour."), np.zeros(48_000 * 8), attempts=None)
    facts = ran(tmp_path, one, f"INT. KITCHEN - DAY\n\n{cue}\nLarkfield. First pour.\n")
    assert facts["sound.kind"]["kind"] == kind
    assert [from_plain(Attempt, plain).kind for plain in facts["lining.attempts"]] == ["wild", "wild"]


def test_a_voice_is_lined_from_its_sound():
    """One voice, end to end: the changed number and claim stay, everything else is said."""
    from answerprint.media import speech
    from answerprint.tasks.transcript import hear
    from sample.voices import Voices

    voices = Voices(3)
    parts = [voices.say("narrator", text).samples for text in ("Fifty minutes. You cannot wash it.", "Morning starts before the light does.")]
    pause = np.zeros(48_000)
    mixed = np.concatenate([pause, parts[0], pause, parts[1], pause]) * 0.5
    sound = (mixed[: len(mixed) // 3 * 3].reshape(-1, 3).mean(axis=1) + np.random.default_rng(0).normal(0, 0.001, len(mixed) // 3)).astype(np.float32)
    found = hear(speech.listener(), sound)
    words = [Heard(text=one.text, in_s=one.start_s, out_s=one.end_s, probability=one.probability) for one in found.words]
    weigh = weigher(lambda in_s, out_s: sound[int(in_s * 16_000) : int(out_s * 16_000)])
    covered = lined(ITEMS, words, [take(len(sound) / 16_000)], weigh=weigh).covered
    assert [one.item for one in covered] == [2, 1]
    assert [word.script for word in covered[0].words if word.how == "changed"] == ["Forty", "can"]
    assert words_of(covered[1]) == []
    right, wrong = weigh(covered[1].in_s, covered[1].out_s, ("Morning starts before the light does.", "Evening ends after the night did."))
    assert right[0] > wrong[0] + 10


def test_a_silent_clip_covers_its_picture_by_the_scene_the_shoot_settled_on(tmp_path):
    from answerprint.tasks.coverage import task as coverage

    def facts(name: str, values: dict[str, object]) -> Facts:
        return Facts(task=name, version=1, inputs=(), facts=tuple(Fact(about="blake3:1", name=key, value=value, method="test") for key, value in values.items()))

    path = tmp_path / "script.fountain"
    path.write_text("INT. KITCHEN - DAY\n\nNOAH\nMorning starts.\n\nINT. COUNTER - DAY\n\nCoffee falls from a copper pot.\n", encoding="utf-8")
    clip = Input(path=path, file="A001.mov", digest="blake3:1", facts={"lining": facts("lining", {"lining": []})})
    takes = facts("takes", {"takes": [{"clip": "blake3:1", "file": "A001.mov", "attempts": to_plain([take(4, scene="2B", kind="MOS")])}]})
    work = Work(subject=None, clips=(clip,), sounds=(), params={"script": str(path)}, scratch=tmp_path, shoot={"takes": takes})
    values = {fact.name: fact.value for fact in coverage.run(work)}
    assert [(row["file"], [one["item"] for one in row["covered"]]) for row in values["coverage"]] == [("A001.mov", [2])]
    assert values["coverage.items"] == {"1": 0, "2": 1}


def test_a_line_that_ends_in_sorry_was_not_finished():
    found = lined(ITEMS, heard("Morning starts before the, sorry, still."), [take(9)])
    (one,) = found.covered
    assert words_of(one) == [("missed", "light", None), ("missed", "does", None)]
    assert not one.complete
    assert [said.text for said in found.off_script] == ["sorry, still."]


def test_sorry_in_a_line_that_goes_on_was_added():
    (one,) = lined(ITEMS, heard("Morning starts, sorry, before the light does."), [take(9)]).covered
    assert one.complete
    assert [word for word in words_of(one) if word[0] == "missed"] == []


def test_who_numbers_a_script_in_another_way_lines_it_anew() -> None:
    from answerprint.script import read
    from answerprint.tasks import coverage, lining

    text = b"INT. BAR - DAY\n\nANA (V.O.)\nGood morning.\n\n[[STOCK: a street at dawn]]\n\nANA\nHello.\n"
    numbered = [(item.number, item.kind, item.stock) for item in read("script.fountain", text).items]
    assert (lining.task.version, coverage.task.version, numbered) == (3, 2, [(1, "voice-over", None), (2, "picture", "a street at dawn"), (3, "line", None)])
