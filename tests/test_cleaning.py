"""`clean`: the sounds of a shoot, cleaned beside their originals; refused one by one; laid out as a mix that nobody has to take."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

import answerprint
from answerprint import accidents, assistant, cleaning, finishing
from answerprint.cleaning import CleaningError
from answerprint.cleaning import mix as laying
from answerprint.cli import main
from answerprint.delivery import DeliveryError
from answerprint.desk import Desk
from answerprint.media import audio, bwf
from answerprint.media.probe import probe
from answerprint.model.accidents import Accident
from answerprint.model.records import Bext, Fact, Facts
from answerprint.run import Outcome
from answerprint.spot import Spot


@pytest.fixture(scope="module")
def spot(tmp_path_factory: pytest.TempPathFactory) -> Spot:
    """A production of one recorder file of two seconds: a microphone, and a channel that nothing is on."""
    home = tmp_path_factory.mktemp("clean")
    sound = home / "sound"
    sound.mkdir()
    draw = np.random.default_rng(1)
    bext = Bext(time_reference=3600 * 48_000)
    bwf.write(sound / "T001.wav", np.stack([draw.standard_normal(96_000) * 0.003, np.zeros(96_000)]), rate_hz=48_000, bext=bext)
    made = answerprint.new(home / "spot", rate="25", media=[sound])
    outcome: Outcome = made.prep()
    assert outcome.problems == ()
    return made


def test_a_sound_is_cleaned_once_and_stands_in_the_record(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", str(spot.path), "t001", "--json"]) == 1  # a channel was left alone: a sentence says so
    (row,) = json.loads(capsys.readouterr().out)
    assert row["sound"] == "sound/T001.wav"
    assert row["says"] == ["Channel 2 is left alone: nothing is on it."]
    assert float(row["channels"][0]["floor_dbfs"][1]) < float(row["channels"][0]["floor_dbfs"][0]) - 10
    one = cleaning.cleaned(spot)["sound/T001.wav"]
    assert one.there
    assert one.picture("removed").is_file()
    assert len(one.peaks("removed")) >= 200
    for which in ("original", "cleaned", "removed"):
        assert (path := one.sound(which)) is not None
        assert path.is_file()
    before = one.made.entry, one.folder.stat().st_mtime_ns
    (again,) = cleaning.clean(spot, ["sound/T001.wav"])
    assert (again.made.entry, again.folder.stat().st_mtime_ns) == before


def test_what_was_deleted_from_the_cache_is_made_again_to_the_same_seal(spot: Spot) -> None:
    (one,) = cleaning.clean(spot, ["T001.wav"])
    shutil.rmtree(one.folder)
    assert not cleaning.cleaned(spot)["sound/T001.wav"].there
    (again,) = cleaning.clean(spot, ["T001.wav"])
    assert again.made.files == one.made.files
    assert again.made.entry == one.made.entry


def test_stopped_work_leaves_nothing_half_done(spot: Spot) -> None:
    (one,) = cleaning.clean(spot, ["T001.wav"])
    shutil.rmtree(one.folder)

    def stop(what: str, share: float) -> None:
        if share > 0.1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cleaning.clean(spot, ["T001.wav"], watch=stop)
    assert not one.folder.exists()
    assert not list((spot.inside / "cache").glob(".cleaning-*"))


def test_a_clean_up_is_refused_and_taken_back_by_name(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    cleaning.clean(spot, ["T001.wav"])
    assert main(["clean", str(spot.path), "--refuse", "T001", "--by", "R. Adeyemi", "--because", "the hum is the fridge"]) == 0
    assert cleaning.cleaned(spot)["sound/T001.wav"].refused
    assert finishing.refused(spot, "clean-up")["sound/T001.wav"].by == "R. Adeyemi"
    assert main(["clean", str(spot.path), "--take-back", "T001", "--by", "R. Adeyemi"]) == 0
    assert not cleaning.cleaned(spot)["sound/T001.wav"].refused
    assert main(["clean", str(spot.path), "--refuse", "T001"]) == 2
    assert "--by NAME" in capsys.readouterr().err


def test_names_that_are_not_there_are_told(spot: Spot) -> None:
    with pytest.raises(CleaningError, match=r"Did you mean T001\.wav"):
        cleaning.clean(spot, ["T01.wav"])
    with pytest.raises(CleaningError, match="no attempt with sound"):
        cleaning.clean(spot)


def test_two_do_not_clean_at_once(spot: Spot) -> None:
    with cleaning.alone(spot), pytest.raises(CleaningError, match="at this moment"):
        cleaning.clean(spot, ["T001.wav"])


def test_a_version_is_laid_out_of_cleaned_tracks_and_chosen_by_nobody(spot: Spot) -> None:
    import opentimelineio as otio

    from answerprint.timeline.cut import CutInfo, Media, attach

    unit = Desk(spot).shoot.sounds[0]
    timeline = otio.schema.Timeline("master")
    attach(timeline, CutInfo(rate=spot.settings.rate, drop=False))
    track = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
    clip = otio.schema.Clip("T001", media_reference=otio.schema.ExternalReference(target_url=str(unit.path)))
    attach(clip.media_reference, Media(name="T001.wav", file=unit.file, digest=unit.digest))
    clip.source_range = otio.opentime.TimeRange(otio.opentime.RationalTime(90_000, 25), otio.opentime.RationalTime(25, 25))  # on the recorder's clock
    track.append(clip)
    timeline.tracks.append(track)
    (spot.path / "cuts").mkdir(exist_ok=True)
    (spot.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,cuts/master.otio\n")
    otio.adapters.write_to_file(timeline, str(spot.path / "cuts" / "master.otio"))
    made = laying.mix(spot, "master")
    assert made.cleaned == ("sound/T001.wav",)
    assert made.as_recorded == ()
    assert [*laying.mixes(spot)] == ["cuts/mix/master cleaned.wav"]
    assert Desk(spot).drafts == {}  # it is offered; a person chooses
    with pytest.raises(DeliveryError, match="which of its sounds are dialogue, music and effects"):
        laying.mix(spot, "master", stems=True)
    track.name = "DIALOGUE 1"
    otio.adapters.write_to_file(timeline, str(spot.path / "cuts" / "master.otio"))
    apart = laying.mix(spot, "master", stems=True)
    assert apart.file == "cuts/mix/master cleaned stems.wav"
    whole, stems = (audio.read(path, probe(path)).samples for path in (spot.path / made.file, spot.path / apart.file))
    assert stems.shape == (6, 48_000)
    assert whole.any()
    assert np.array_equal(stems[:2], whole)  # a microphone is dialogue
    assert not stems[2:].any()  # there is no music, and no effect
    Path(spot.path / made.file).write_bytes(b"a person's own")
    with pytest.raises(CleaningError, match="never written over"):
        laying.mix(spot, "master")


def test_nothing_that_listens_for_words_knows_of_cleaned_sound() -> None:
    package = Path(answerprint.__file__).parent
    listening = {}
    for path in package.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if "speech" in path.read_text(encoding="utf-8") else ()
        imported = {f"{node.module}.{one.name}" for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names}
        if any(f"{one}.".startswith("answerprint.media.speech.") for one in imported):
            listening[path.stem] = imported
    assert {"transcript", "lining", "second_hearing", "slate_hearing"} <= listening.keys()
    for imported in listening.values():
        assert not [one for one in imported if one.startswith(("answerprint.cleaning", "answerprint.media.twins", "answerprint.signal.cleaning"))]


def test_a_recorder_sound_under_a_take_is_cleaned_though_it_rolled_on_into_room_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    def unit(name: str) -> SimpleNamespace:
        return SimpleNamespace(digest=name, file=name, info=SimpleNamespace(audio=("one",)))

    clip, under, tone = unit("A001_C007"), unit("T004.wav"), unit("T007.wav")
    sounds = Facts(task="sounds", version=1, inputs=(), facts=(
        Fact(about="blake3:0", name="sounds.room_tone", value=[{"sound": "T004.wav"}, {"sound": "T007.wav"}], method="of the test"),
    ))  # fmt: skip
    shoot = SimpleNamespace(
        production=None, sounds=(under, tone), certificates={"A001_C007": [{"sound": "T004.wav", "abstained": None}]}, facts=lambda about: {} if about else {"sounds": sounds}
    )
    monkeypatch.setattr(assistant, "Table", lambda production: SimpleNamespace(shoot=shoot, tries=[(clip, None, ()), (tone, None, ())]))
    assert cleaning.heard(cast(Any, shoot)) == [under]


def test_what_nobody_planned_in_a_cleaned_sound_is_named_at_the_terminal_and_stands_in_the_proposal(
    spot: Spot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Accident(clip="x", file="rushes/A003.mov", attempt=1, setup="1A", kind="laughter", in_s=12.0, out_s=13.0, evidence="made", against="made")
    monkeypatch.setattr(accidents, "touched", lambda production: production)
    monkeypatch.setattr(accidents, "heard_in", lambda desk, sound: (row,))
    (sound, *_) = cleaning.cleaned(spot)
    main(["clean", str(spot.path), sound])
    assert "cleaned over, and whole in the original: laughter at 0:12.0 in A003: made" in capsys.readouterr().out
    main(["clean", str(spot.path), sound, "--json"])
    assert json.loads(capsys.readouterr().out)[0]["over"] == ["laughter at 0:12.0 in A003: made"]
    assert cleaning.cleaned(spot)[sound].over == ("laughter at 0:12.0 in A003: made",)
