"""From a cut to the file that leaves: rendered, held against the gate, signed by its seal, let out once nothing is missing."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest

import answerprint
from answerprint import choosing, cli, easiness, films, gestures, signoff
from answerprint.book import Book
from answerprint.delivering import DeliveringError, NotLetOut, deliver, make
from answerprint.delivery.credentials import certificates
from answerprint.delivery.essence import essence
from answerprint.desk import Desk
from answerprint.ledger.verify import verify
from answerprint.model.judgments import Human
from answerprint.spot import Spot
from tests.ledger.signing import Hand, everything
from tests.made import voice
from tests.test_previews import SPEC

MARA = Hand("Mara Lind")


@pytest.fixture(autouse=True)
def this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place of the test's own for the self-made certificate."""
    monkeypatch.setattr(certificates, "_home", lambda: tmp_path / "certificates")


@pytest.fixture
def spot(small_spot: Spot, tmp_path: Path) -> Spot:
    """Three clips, a cut of half a second of each, one director with everything in her hands."""
    return short(small_spot, tmp_path / "spot")


def short(small_spot: Spot, home: Path) -> Spot:
    """The same, in a folder."""
    shutil.copytree(small_spot.path, home)
    (home / "specs").mkdir()
    (home / "specs" / "tiny.toml").write_text(SPEC)
    made = answerprint.open(home)
    with made.writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(everything(MARA), MARA)
    timeline = otio.adapters.read_from_file(str(made.export("otio").path))
    for clip in timeline.find_clips():
        clip.source_range = otio.opentime.TimeRange(clip.source_range.start_time, otio.opentime.RationalTime(12, 25))
    otio.adapters.write_to_file(timeline, str(home / "cuts" / "v01.otio"))
    mix(home / "assets" / "mix.wav")
    return answerprint.open(home)


def mix(path: Path, seed: int = 1) -> None:
    """A mix as long as the cut, in two channels."""
    path.parent.mkdir(exist_ok=True)
    sound = np.repeat((voice(1.44, seed=seed) * 8000).astype("<i2")[:, None], 2, axis=1)
    with wave.open(str(path), "wb") as out:
        out.setparams((2, 2, 48000, 0, "NONE", ""))
        out.writeframes(sound.tobytes())


def put(spot: Spot, content: Human) -> int:
    with spot.writer() as record:
        return record.sign(content, MARA).n


def person(spot: Spot):
    found = Desk(spot).book.of_key(MARA.key_id)
    assert found is not None
    return found


def finished(spot: Spot) -> Spot:
    """Everything chosen and signed but the question."""
    for what, choice in (("film", "cuts/v01.otio"), ("grade", "as shot"), ("mix", "assets/mix.wav"), ("bed", "none")):
        choosing.choose(spot, what, choice)
    for gesture in ("lock", "finish"):
        put(spot, gestures.gesture(Desk(spot), gesture, person(spot)).content)
    return spot


def asked(spot: Spot, *notes: str) -> signoff.Page:
    easiness.saw(Desk(spot), "master", person(spot).id)
    page = signoff.page(Desk(spot), person(spot), ["master"], sheet_seen=lambda cut: True)
    return signoff.page(Desk(spot), person(spot), ["master"], sheet_seen=lambda cut: True, notes=notes[: len(page.warnings)])


def let_out(spot: Spot, *specs: str):
    return deliver(spot, ["master"], specs or ["tiny"], sheet_seen=lambda cut: True)


def test_a_spec_of_another_rate_is_said_and_does_not_stop_the_others(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    finished(spot)
    assert [one.spec for one in make(spot, specs=["tv-us", "tiny"])] == ["tiny"]
    assert cli.main(["deliver", str(spot.path), "--spec", "tv-us,tiny"]) == 1  # nobody has answered for it
    said = capsys.readouterr().out
    assert "master: tv-us takes 29.97 frames a second; the film runs at 25. Give it a version of its own with a cut at that rate" in said
    with pytest.raises(DeliveringError, match=r"tv-us takes 29\.97.* leave tv-us out"):
        make(spot, specs=["tv-us"])


def test_a_film_that_waits_is_rendered_once_and_found_again_to_the_same_seal(spot: Spot) -> None:
    finished(spot)
    (one,) = make(spot, specs=["tiny"])
    assert one.path.is_file()
    assert one.film_frames == 36
    assert essence(one.path, edit=one.edit).digest == one.essence
    assert films.waiting(Desk(spot)) == (one,)
    before = one.path.stat().st_mtime_ns
    assert make(spot, specs=["tiny"]) == (one,)
    assert one.path.stat().st_mtime_ns == before
    one.path.unlink()
    shutil.rmtree(spot.inside / "cache" / "render")
    (again,) = make(spot, specs=["tiny"])
    assert (again.entry, again.essence) == (one.entry, one.essence)
    assert again.path.is_file()
    assert not (spot.path / "out").exists() or list((spot.path / "out").iterdir()) == []


def test_nothing_leaves_before_it_is_signed_and_what_is_missing_is_named(spot: Spot) -> None:
    choosing.choose(spot, "film", "cuts/v01.otio")
    with pytest.raises(NotLetOut) as stopped:
        let_out(spot)
    assert {one.who for one in stopped.value.verdict.missing} == {"Mara Lind"}
    assert {"final edit", "pacing", "grade", "mix", "sign-off"} <= {one.what for one in stopped.value.verdict.missing}
    finished(spot)
    with pytest.raises(NotLetOut, match="the question is not answered"):
        let_out(spot)
    assert list((spot.path / "out").glob("*")) == []


def test_a_signed_film_leaves_with_its_papers_and_credentials_and_the_record_says_so(spot: Spot) -> None:
    from answerprint.delivery.credentials.reading import read

    finished(spot)
    (film,) = make(spot, specs=["tiny"])
    n = put(spot, signoff.yes(asked(spot)))
    (left,) = let_out(spot)
    assert left.path == spot.path / "out" / film.file
    assert essence(left.path, edit=film.edit).digest == film.essence
    said = read(left.path)
    assert said.state == "valid, on no trust list"
    assert {"verify.py", "papers.json"} <= {one.name for one in left.papers}
    assert all(one.is_file() for one in left.papers)
    with spot.reader() as record:
        (body,) = [entry.read() for entry in record.entries(kind="released")]
    assert (body["signoff"], body["release"], body["digest"], body["essence"]) == (n, None, left.digest, film.essence)
    assert verify(spot.inside / "record.db").findings == ()
    assert sorted(one.name for one in (spot.path / "out").iterdir()) == sorted([film.file, left.papers[0].parent.name])
    (again,) = let_out(spot)  # a second time: it stands as it left
    assert (again.stood, again.entry, again.digest, again.papers) == (True, left.entry, left.digest, left.papers)
    assert again.embedded is not None
    assert left.embedded is not None
    assert (again.embedded.sentences, again.embedded.label) == (left.embedded.sentences, left.embedded.label)
    assert released(spot) == 1
    again.papers[0].write_text("Another page.")
    (anew,) = let_out(spot)  # a page was touched: the same name, a new file, nothing half
    assert (anew.stood, anew.film.essence, released(spot)) == (False, left.film.essence, 2)
    assert sorted(one.name for one in (spot.path / "out").iterdir()) == sorted([film.file, left.papers[0].parent.name])


def released(spot: Spot) -> int:
    with spot.reader() as record:
        return len(list(record.entries(kind="released")))


def test_a_film_that_stands_leaves_anew_where_the_producer_wants_its_papers_otherwise(spot: Spot) -> None:
    finished(spot)
    make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))
    let_out(spot)
    settings = spot.path / "answerprint.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[papers]\nnames = false\n", encoding="utf-8")
    (anew,) = let_out(answerprint.open(spot.path))
    assert not anew.stood
    assert "record.db" not in {one.name for one in anew.papers}
    (again,) = let_out(answerprint.open(spot.path))
    assert again.stood
    again.path.unlink()
    (back,) = let_out(answerprint.open(spot.path))
    assert (back.stood, released(spot)) == (False, 3)


def test_a_second_delivery_passes_the_stranger_s_check(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    from answerprint.ledger import verify as law

    finished(spot)
    make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))
    (first,) = let_out(spot)
    first.path.unlink()
    (second,) = let_out(spot)
    folder = second.papers[0].parent
    for record in (folder / "record.db", spot.inside / "record.db"):
        assert law.main([str(record), "--film", str(second.path), "--papers", str(folder / "papers.json")]) == 0
        assert "not byte for byte" not in capsys.readouterr().out


def test_what_was_changed_after_the_signature_stays_in(spot: Spot) -> None:
    finished(spot)
    make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))
    mix(spot.path / "assets" / "mix.wav", seed=2)
    with pytest.raises(NotLetOut, match="mix"):
        let_out(answerprint.open(spot.path))
    assert list((spot.path / "out").glob("*.mp4")) == []


def test_a_film_that_was_swapped_where_it_waits_does_not_leave(spot: Spot) -> None:
    finished(spot)
    (film,) = make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))
    data = bytearray(film.path.read_bytes())
    data[len(data) // 2] ^= 1
    film.path.write_bytes(data)
    with pytest.raises(answerprint.AnswerprintError, match=r"signed|seal"):
        let_out(spot)
    assert list((spot.path / "out").glob("*")) == []


def test_a_producer_lets_out_what_was_not_signed_under_their_own_name_and_only_that_film(spot: Spot) -> None:
    choosing.choose(spot, "film", "cuts/v01.otio")
    (film,) = make(spot, specs=["tiny"])
    n = put(spot, signoff.release(asked(spot), "The slot is on Friday."))
    (left,) = let_out(spot)
    with spot.reader() as record:
        (body,) = [entry.read() for entry in record.entries(kind="released")]
    assert (body["signoff"], body["release"], body["essence"]) == (None, n, film.essence)
    assert any("Released, not signed" in one for one in left.embedded.sentences), left.embedded.sentences
    (spot.path / "specs" / "tiny.toml").write_text(SPEC.replace("96000", "128000"))
    with pytest.raises(NotLetOut):
        let_out(answerprint.open(spot.path))


def test_a_fail_of_technical_qc_is_waived_by_no_release(spot: Spot) -> None:
    (spot.path / "specs" / "tiny.toml").write_text(SPEC.replace('container = "mp4"', 'container = "mp4"\ndurations_frames = [750]'))
    choosing.choose(spot, "film", "cuts/v01.otio")
    (film,) = make(spot, specs=["tiny"])
    assert [one.check for one in film.findings if one.weight == "FAIL"]
    put(spot, signoff.release(asked(spot), "The slot is on Friday."))
    with pytest.raises(NotLetOut, match="FAIL"):
        let_out(spot)


def test_the_terminal_says_what_waits_what_is_missing_and_what_left(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    finished(spot)
    assert cli.main(["deliver", str(spot.path), "--spec", "tiny"]) == 1
    said = capsys.readouterr().out
    assert "master for tiny: nothing wrong found." in said
    assert str(make(spot, specs=["tiny"])[0].path) in said
    assert "the question is not answered" in said
    put(spot, signoff.yes(asked(spot)))
    assert cli.main(["deliver", str(spot.path), "--spec", "tiny"]) == 0
    assert "left, with its papers in" in capsys.readouterr().out


def test_what_cannot_be_delivered_is_a_sentence(spot: Spot) -> None:
    with pytest.raises(DeliveringError, match=r"no cut|version has a cut"):
        make(spot, specs=["tiny"])
    choosing.choose(spot, "film", "cuts/v01.otio")
    with pytest.raises(DeliveringError, match="say what master is delivered for"):
        make(spot)
    assert Book(spot.reader()).of(signoff.SignOff) == []


def test_the_terminal_holds_a_film_against_the_record(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    finished(spot)
    make(spot, specs=["tiny"])
    n = put(spot, signoff.yes(asked(spot)))
    (left,) = let_out(spot)
    assert cli.main(["verify", str(spot.path), "--film", str(left.path), "--papers", str(left.papers[-1])]) == 0
    said = capsys.readouterr().out
    assert "Mara Lind" in said
    assert f"entry {n}" in said
    data = bytearray(left.path.read_bytes())
    data[len(data) // 2] ^= 1
    (other := tmp_path / "other.mp4").write_bytes(data)
    assert cli.main(["verify", str(spot.path), "--film", str(other)]) == 1
    assert cli.main(["verify", str(spot.path), "--papers", str(left.papers[-1])]) == 2


def test_captions_that_somebody_brought_go_beside_the_film_behind_its_head(spot: Spot) -> None:
    text = SPEC.replace('container = "mp4"', 'container = "mp4"\ncaptions = ["srt"]') + '\n[[head]]\nwhat = "black"\nframes = 25\n'
    (spot.path / "specs" / "tiny.toml").write_text(text)
    finished(spot)
    with pytest.raises(NotLetOut, match="FAIL, captions"):
        let_out(spot)
    (spot.path / "assets" / "master.en.srt").write_text("1\n00:00:00,200 --> 00:00:01,200\nMorning starts before.\n", encoding="utf-8")
    (film,) = make(spot, specs=["tiny"])
    assert film.film_first == 25
    put(spot, signoff.yes(asked(spot, "1: It opens on black.")))
    (left,) = let_out(spot)
    (captions,) = left.beside
    assert captions == left.path.with_name(f"{left.path.stem}.en.srt")
    assert "00:00:01,200 --> 00:00:02,200" in captions.read_text(encoding="utf-8")
    (spot.path / "assets" / "master.en.srt").write_text("1\n00:00:00,200 --> 00:00:01,200\nEvenings too.\n", encoding="utf-8")
    assert "the captions master.en.srt is another now." in films.changed(Desk(spot), film)


def test_a_gain_over_a_mix_is_taken_by_a_person_and_is_in_the_film_and_in_what_was_signed(spot: Spot) -> None:
    for wrong in ("loud", "-30", "1.234"):
        with pytest.raises(answerprint.AnswerprintError, match="--gain"):
            choosing.choose(spot, "mix", "assets/mix.wav", gain=wrong)
    with pytest.raises(answerprint.AnswerprintError, match="belongs to a mix"):
        choosing.choose(spot, "grade", "as shot", gain="-3")
    finished(spot)
    (before,) = make(spot, specs=["tiny"])
    was = loudness(before)
    assert cli.main(["choose", "mix", "assets/mix.wav", "--gain", "-6", "--in", str(spot.path)]) == 0
    assert films.waiting(Desk(spot)) == (before,)  # what is signed is what is rendered
    put(spot, gestures.gesture(Desk(spot), "finish", person(spot)).content)
    assert any("the mix is another now" in one for one in films.changed(Desk(spot), before))
    (after,) = make(spot, specs=["tiny"])
    assert was - loudness(after) == pytest.approx(6, abs=0.3)
    assert "one gain of -6.00 dB over all of it" in choosing.told(Desk(spot).decisions["mix", "film:master"].decided.choice)


def loudness(film: films.Film) -> float:
    with av.open(str(film.path)) as file:
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in file.decode(audio=0)])
    return float(20 * np.log10(np.sqrt(np.mean(samples**2))))
