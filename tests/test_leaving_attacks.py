"""What must not leave does not, however somebody goes about it; and what is signed does, whatever happens on the way."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

import answerprint
from answerprint import appearing, choosing, delivering, easiness, films, making, signoff
from answerprint.agreeing import against
from answerprint.appearing import AppearingError
from answerprint.claims import claims_of
from answerprint.delivering import DeliveringError, NotLetOut, deliver, make
from answerprint.delivery.credentials import CredentialsError, Public, certificates, engine, reading
from answerprint.delivery.credentials import embedding as signing
from answerprint.delivery.credentials.certificates import own
from answerprint.delivery.credentials.reading import read
from answerprint.delivery.specs import spec
from answerprint.desk import Desk, DeskError
from answerprint.gate import gate
from answerprint.keep import KeepError
from answerprint.ledger.verify import check_film, verify
from answerprint.model.judgments import Revoke
from answerprint.spot import Spot
from tests.delivery.credentials.made import flipped, in_mdat, remuxed
from tests.ledger.signing import Hand
from tests.test_delivering import MARA, asked, finished, let_out, mix, put, spot
from tests.test_previews import SPEC

__all__ = ["spot"]
JO = Hand("Jo Abara")


@pytest.fixture(autouse=True)
def this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place of the test's own for the self-made certificate."""
    monkeypatch.setattr(certificates, "_home", lambda: tmp_path / "certificates")


@pytest.fixture
def signed(spot: Spot) -> Spot:
    """A film that waits and that its director signed."""
    finished(spot)
    make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))
    return spot


def there(spot: Spot) -> set[str]:
    """What lies in out/, hidden things too."""
    return {one.name for one in (spot.path / "out").iterdir()} if (spot.path / "out").is_dir() else set()


def released(spot: Spot) -> list[dict[str, Any]]:
    with spot.reader() as record:
        return [entry.read() for entry in record.entries(kind="released")]


def another_spec(spot: Spot, name: str = "other", **changes: str) -> None:
    text = SPEC
    for before, after in changes.items():
        text = text.replace(before, after)
    (spot.path / "specs" / f"{name}.toml").write_text(text)


def forged(spot: Spot, **changes: Any) -> None:
    """The machine's entry about the film once more, as somebody who owns the disk would have it."""
    film = films.films(Desk(spot))[-1]
    with spot.writer() as record:
        record.append("proposal", {**film.body, **changes})


# ---- other films than the signed one


def test_a_fail_that_somebody_writes_out_of_the_machine_s_entry_still_stops_the_film(spot: Spot) -> None:
    (spot.path / "specs" / "tiny.toml").write_text(SPEC.replace('container = "mp4"', 'container = "mp4"\ndurations_frames = [750]'))
    choosing.choose(spot, "film", "cuts/v01.otio")
    (film,) = make(spot, specs=["tiny"])
    assert film.failed
    put(spot, signoff.release(asked(spot), "The slot is on Friday."))
    forged(spot, findings=[])
    with pytest.raises(NotLetOut):
        let_out(spot)
    assert there(spot) == set()


def test_what_was_found_after_the_signature_asks_the_question_again(signed: Spot) -> None:
    forged(signed, warnings=["one more sentence"])
    assert asked(signed).verdict.missing == ()  # the same findings: nobody is asked twice
    forged(signed, findings=[{"check": "black", "weight": "WARN", "says": "14 frames are black"}])
    with pytest.raises(NotLetOut, match="14 frames are black"):
        let_out(signed)
    put(signed, signoff.yes(signoff.page(Desk(signed), Desk(signed).book.of_key(MARA.key_id), ["master"], sheet_seen=lambda cut: True, notes=["1: It is the fade."])))
    forged(signed, findings=[])
    with pytest.raises(NotLetOut, match="was looked at again in entry"):
        let_out(signed)
    assert there(signed) == set()


def test_the_same_pictures_in_another_file_do_not_leave(signed: Spot, tmp_path: Path) -> None:
    (film,) = films.waiting(Desk(signed))
    shutil.copy(remuxed(film.path, tmp_path / "other.mp4"), film.path)
    with pytest.raises(DeliveringError, match="somebody wrote to it since"):
        let_out(signed)
    assert there(signed) == set()
    film.path.unlink()
    (left,) = let_out(signed)  # as the sentence said
    assert left.film.essence == film.essence


def test_captions_that_the_signer_did_not_see_do_not_leave_and_old_ones_do_not_stay(spot: Spot) -> None:
    another_spec(spot, "tiny", **{"[picture]": 'captions = ["srt"]\n[picture]'})  # type: ignore[arg-type]
    finished(spot)
    words = spot.path / "assets" / "master.en.srt"
    words.write_text("1\n00:00:00,200 --> 00:00:01,200\nMorning starts before.\n", encoding="utf-8")
    make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))
    (first,) = let_out(spot)
    words.rename(words.with_name("master.de.srt")).write_text("1\n00:00:00,200 --> 00:00:01,200\nBuy now.\n", encoding="utf-8")
    with pytest.raises(NotLetOut, match="its captions are others"):
        let_out(spot)
    put(spot, signoff.yes(asked(spot)))
    (second,) = let_out(spot)
    assert second.film.essence == first.film.essence
    assert there(spot) == {second.path.name, second.beside[0].name, second.papers[0].parent.name}
    assert second.beside[0].name.endswith(".de.srt")


def test_a_film_stands_only_under_the_number_and_the_client_that_its_slate_says(spot: Spot) -> None:
    finished(spot)
    slated = 'clock_number = "[A-Z]+"\nnaming = "{clock_number}"\n'
    (spot.path / "specs" / "air.toml").write_text(SPEC.replace("[picture]", f'{slated}\n[[head]]\nwhat = "slate"\nframes = 25\n\n[picture]'))
    before = number(spot, "ABC")
    assert before["the number of master"] == "ABC"
    assert number(spot, "ABD") != before
    (spot.path / "answerprint.toml").write_text((spot.path / "answerprint.toml").read_text() + '\nclient = "Salt"\n')
    assert number(answerprint.open(spot.path), "ABC")["the client"] == "Salt"
    assert "the number of master" not in films.made_of(Desk(spot), "master", spec("tiny", spot.path))  # nobody reads it there


def number(spot: Spot, text: str) -> dict[str, str]:
    (spot.path / "versions.csv").write_text(f"version,of,differs,cut,number\nmaster,,,cuts/v01.otio,{text}\n")
    return films.made_of(Desk(spot), "master", spec("air", spot.path))


def test_a_mix_over_a_cut_without_sound_is_somebody_s(spot: Spot) -> None:
    timeline = otio.adapters.read_from_file(str(spot.path / "cuts" / "v01.otio"))
    for track in [track for track in timeline.tracks if track.kind == otio.schema.TrackKind.Audio]:
        timeline.tracks.remove(track)
    otio.adapters.write_to_file(timeline, str(spot.path / "cuts" / "v02.otio"))
    choosing.choose(spot, "film", "cuts/v02.otio")
    assert any(says.startswith("mix: ") for says in verdict(spot).not_in_this_film)
    choosing.choose(spot, "mix", "assets/mix.wav")
    assert not any(says.startswith(("mix: ", "music bed: ")) for says in verdict(spot).not_in_this_film)
    assert {"mix", "music bed"} <= {one.what for one in verdict(spot).missing}


def verdict(spot: Spot) -> Any:
    return gate(Desk(spot), sheet_seen=lambda cut: True)


def test_two_films_of_the_same_pictures_are_two_files(spot: Spot) -> None:
    desk = Desk(spot)
    assert films.waits(desk, "master", "youtube", "sha256:" + 64 * "1", "a.mp4") != films.waits(desk, "master", "vimeo", "sha256:" + 64 * "1", "a.mp4")


def test_a_release_credits_nobody_with_a_cut_or_a_mix_that_they_did_not_sign(signed: Spot) -> None:
    timeline = otio.adapters.read_from_file(str(signed.path / "cuts" / "v01.otio"))
    del timeline.video_tracks()[0][-1], timeline.audio_tracks()[0][-1]
    otio.adapters.write_to_file(timeline, str(signed.path / "cuts" / "v02.otio"))
    choosing.choose(signed, "film", "cuts/v02.otio")
    mix(signed.path / "assets" / "mix.wav", seed=2)
    (film,) = make(signed, specs=["tiny"])
    put(signed, signoff.release(asked(signed), "The slot is on Friday."))
    (left,) = let_out(signed)
    desk = Desk(signed)
    claims = claims_of(desk, film, line=desk.book.line(released(signed)[0]["release"]))
    assert {one.judgment: one.holder for one in claims.judgments} == {
        "take": None, "final edit": None, "pacing": None, "mix": None, "hero framing": None, "sign-off": None, "grade": "Mara Lind", "music bed": "Mara Lind",
    }  # fmt: skip
    assert not any(what in one.what for one in claims.actions for what in ("final edit", "mix decided"))
    assert against(desk, left.path, read(left.path)).disagrees == ()


def test_a_release_of_somebody_who_is_no_producer_any_more_lets_nothing_out(spot: Spot) -> None:
    choosing.choose(spot, "film", "cuts/v01.otio")
    make(spot, specs=["tiny"])
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", other=JO), MARA)
        page = signoff.page(Desk(spot), Desk(spot).book.of_key(JO.key_id), ["master"], sheet_seen=lambda cut: True)
        record.sign(signoff.release(page, "The slot is on Friday."), JO)
        record.sign(MARA.enrols("editor", other=JO), MARA)
    with pytest.raises(NotLetOut):
        let_out(spot)
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", other=JO), MARA)
    assert let_out(spot)


def test_a_revoked_signature_lets_nothing_out_and_a_stranger_is_told(spot: Spot) -> None:
    signed = finished(spot)
    put(signed, MARA.enrols("producer", other=JO))
    make(signed, specs=["tiny"])
    put(signed, signoff.yes(asked(signed)))
    (left,) = let_out(signed)
    with signed.writer() as record:
        record.sign(Revoke(key=MARA.key_id, because="Her bag was stolen before she signed.", from_entry=released(signed)[0]["signoff"]), JO)
    with pytest.raises(NotLetOut):
        let_out(signed)
    assert "it is gone, was struck, or names another one" in against(Desk(signed), left.path, read(left.path)).disagrees[0]
    assert any("a revocation strikes" in says for says in check_film(verify(signed.inside / "record.db"), left.path).findings)


def test_the_machine_s_word_that_a_file_left_makes_it_nobody_s_film(signed: Spot, tmp_path: Path) -> None:
    (left,) = let_out(signed)
    other = shutil.copy(left.path, tmp_path / "other.mp4")
    flipped(Path(other), in_mdat(left.path))
    with signed.writer() as record:
        record.append("released", {**released(signed)[0], "digest": making.seal(Path(other))})
    report = verify(signed.inside / "record.db")
    assert check_film(report, left.path).findings == ()
    assert check_film(report, other).entry is None
    assert check_film(report, other).findings


@pytest.mark.parametrize("lie", [{"rate": "often"}, {"captions": {"../film.srt": "sha256:0"}}, {"findings": [{}]}])
def test_a_machine_s_entry_that_cannot_be_read_is_a_sentence(spot: Spot, lie: dict[str, Any]) -> None:
    body = {"schema": 1, "what": "film", "version": "master", "spec": "tiny", "file": "a.mp4", "cut": "", "edit": "", "essence": "sha256:1", "streams": [], "frames": 1, "film_first": 0,
            "film_frames": 1, "rate": "25/1", "samples": 0, "inputs": [], "sources": {}, "levelled": None, "qc": "", "findings": [], "warnings": [], "made_of": {}}  # fmt: skip
    with spot.writer() as record:
        record.append("proposal", body)
    assert len(films.films(Desk(spot))) == 1
    with spot.writer() as record:
        record.append("proposal", {**body, **lie})
    with pytest.raises(DeskError, match="another program wrote it"):
        films.films(Desk(spot))


def test_a_leaving_that_somebody_wrote_keeps_no_other_file_in_its_place(signed: Spot) -> None:
    """The same picture and sound without its credentials, and an entry that says that this left."""
    (left,) = let_out(signed)
    shutil.copyfile(left.film.path, left.path)
    with signed.writer() as record:
        record.append("released", {**released(signed)[0], "digest": making.seal(left.path)})
    (again,) = let_out(signed)
    assert not again.stood
    assert against(Desk(signed), again.path, read(again.path)).disagrees == ()


def test_a_film_leaves_only_under_the_name_that_was_signed(signed: Spot) -> None:
    another_spec(signed, "tiny", **{"[picture]": 'naming = "{version} of {title}"\n[picture]'})  # type: ignore[arg-type]
    with pytest.raises(NotLetOut, match="and the film would leave as master of"):
        let_out(signed)
    put(signed, signoff.yes(asked(signed)))
    (left,) = let_out(signed)
    assert left.path.name.startswith("master of ")


# ---- names


def test_two_films_of_one_name_are_not_rendered(spot: Spot) -> None:
    finished(spot)
    another_spec(spot, "one", **{"[picture]": 'naming = "{title}"\n[picture]'})  # type: ignore[arg-type]
    another_spec(spot, "two", **{"[picture]": 'naming = "{title}"\n[picture]', "96000": "64000"})  # type: ignore[arg-type]
    with pytest.raises(DeliveringError, match="master for one and master for two would both be called"):
        make(spot, specs=["one", "two"])
    assert films.films(Desk(spot)) == ()


def test_what_is_not_an_earlier_delivery_of_the_same_film_is_not_written_over(signed: Spot) -> None:
    (film,) = films.waiting(Desk(signed))
    (signed.path / "out").mkdir(exist_ok=True)
    strange = signed.path / "out" / film.file
    strange.write_bytes(b"somebody's")
    with pytest.raises(AppearingError, match="is there already, and the record lets no file of that name out"):
        let_out(signed)
    assert strange.read_bytes() == b"somebody's"
    strange.unlink()
    (left,) = let_out(signed)
    beside = left.papers[0].parent / "film.mp4"
    beside.write_bytes(b"a copy")
    with pytest.raises(AppearingError, match="is none of the film's papers"):
        let_out(signed)
    beside.unlink()
    with signed.writer() as record:  # and it left for somebody else under this name
        record.append("released", {**released(signed)[0], "spec": "air"})
    with pytest.raises(AppearingError, match="is master for air, which left under that name"):
        let_out(signed)
    assert left.path.is_file()


# ---- who asks for which film


def test_each_version_leaves_for_what_the_list_says_and_nothing_else_is_asked_for(spot: Spot) -> None:
    another_spec(spot, **{"96000": "64000"})  # type: ignore[arg-type]
    shutil.copy(spot.path / "cuts" / "v01.otio", spot.path / "cuts" / "fr.otio")
    (spot.path / "versions.csv").write_text("version,of,differs,cut,specs\nmaster,,,cuts/v01.otio,tiny\nfr,master,super,cuts/fr.otio,other\n")
    finished(spot)
    assert len(make(spot)) == 2
    easiness.saw(Desk(spot), "master", MARA.key_id)
    put(spot, signoff.yes(signoff.page(Desk(spot), Desk(spot).book.of_key(MARA.key_id), ["all"], sheet_seen=lambda cut: True)))
    left = deliver(spot, sheet_seen=lambda cut: True)
    assert [one.film.name for one in left] == ["master for tiny", "fr for other"]


def test_a_film_that_nobody_asks_for_stops_nothing_and_can_be_signed_and_leave(signed: Spot) -> None:
    another_spec(signed, "long", **{'container = "mp4"': 'container = "mp4"\ndurations_frames = [750]'})  # type: ignore[arg-type]
    make(signed, specs=["long"])
    assert asked(signed).verdict.missing == ()  # a FAIL for a spec that was only tried
    with pytest.raises(signoff.SignOffError, match="signed that off already"):
        signoff.yes(asked(signed))
    (signed.path / "answerprint.toml").write_text((signed.path / "answerprint.toml").read_text() + '\nspecs = ["tiny"]\n')
    spot = answerprint.open(signed.path)
    another_spec(spot, **{"96000": "64000"})  # type: ignore[arg-type]
    with pytest.raises(NotLetOut, match="names no film for other"):
        let_out(spot, "other")
    content = signoff.yes(asked(spot))
    assert [one.spec for one in content.films] == ["tiny", "other"]
    put(spot, content)
    (left,) = let_out(spot, "other")
    assert left.film.spec == "other"


# ---- while it leaves


def test_one_program_at_a_time_lets_films_out(signed: Spot) -> None:
    with appearing.alone(signed), pytest.raises(AppearingError, match="at this moment"):
        let_out(signed)
    assert let_out(signed)


def test_a_film_that_is_scrapped_while_its_credentials_are_written_stays_in(signed: Spot) -> None:
    said: list[int] = []

    def scrapping(what: str, share: float) -> None:
        if what.startswith("credentials") and not said:
            said.append(put(signed, signoff.scrap(asked(signed), "The light is wrong.", "this cut")))

    with pytest.raises(NotLetOut, match="scrapped this cut"):
        deliver(signed, ["master"], ["tiny"], sheet_seen=lambda cut: True, watch=scrapping)
    assert said
    assert there(signed) == set()
    assert released(signed) == []


def test_what_cannot_leave_keeps_its_whole_family_in(signed: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    another_spec(signed, **{"96000": "64000"})  # type: ignore[arg-type]
    make(signed, specs=["tiny", "other"])
    put(signed, signoff.yes(asked(signed)))
    embed, count = signing.embed, iter(range(9))

    def second_fails(*given: Any, **named: Any) -> Any:
        if next(count):
            raise CredentialsError("the authority does not answer.")
        return embed(*given, **named)

    monkeypatch.setattr(signing, "embed", second_fails)
    with pytest.raises(CredentialsError):
        let_out(signed, "tiny", "other")
    assert there(signed) == set()
    assert released(signed) == []


def test_a_disk_that_fills_up_leaves_what_was_there(signed: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    (left,) = let_out(signed)
    before = {one: one.read_bytes() for one in (left.path, *left.papers)}
    monkeypatch.setattr(delivering, "_stands", anew)

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    for module, name in ((delivering, "_same"), (appearing, "on_disk"), (answerprint.ledger.store.Record, "append")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, full)
            with pytest.raises(DeliveringError, match="the disk is full"):
                let_out(signed)
        assert {one: one.read_bytes() for one in before} == before
        assert there(signed) == {left.path.name, left.papers[0].parent.name}

    def papers_full(*_: Any, **__: Any) -> Any:
        raise KeepError("papers: the disk is full.")

    monkeypatch.setattr("answerprint.papers.write_whole", papers_full)
    with pytest.raises(KeepError):
        let_out(signed)
    assert {one: one.read_bytes() for one in before} == before
    assert len(released(signed)) == 1


def anew(*_: Any) -> None:
    """No film stands as it left: each leaves once more."""


def killed(spot: Spot, at: int) -> bool:
    """Deliver in another process that ends without a word at the so-manieth rename in out/; whether it came so far."""
    child = os.fork()
    if child == 0:
        move, left = os.replace, iter(range(at, -1, -1))

        def dies(*given: Any) -> None:
            if next(left) == 0:
                os._exit(9)
            move(*given)

        appearing.os = type("os", (), {**vars(os), "replace": staticmethod(dies)})  # type: ignore[assignment]
        try:
            let_out(spot)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_wherever_it_is_killed_no_film_lies_there_without_its_entry_and_the_next_run_mends_it(signed: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = let_out(signed)
    monkeypatch.setattr(delivering, "_stands", anew)
    at = 0
    while killed(signed, at):
        if first.path.exists():
            assert making.seal(first.path) in {one["digest"] for one in released(signed)}
            assert first.papers[0].parent.is_dir()
        at += 1
        (half := films.folder(Desk(signed)) / ".making-dead").mkdir()
        (again,) = let_out(signed)
        assert not half.exists()
        assert there(signed) == {first.path.name, first.papers[0].parent.name}
        assert making.seal(again.path) == released(signed)[-1]["digest"]
    assert at == 4  # the old film, the old papers; the papers, the film
    assert there(signed) == {first.path.name, first.papers[0].parent.name}


# ---- credentials


def test_a_certificate_that_ran_out_or_a_missing_extra_keeps_the_film_in(signed: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    old = own()
    with pytest.raises(CredentialsError, match="ran out"):
        deliver(signed, ["master"], ["tiny"], sheet_seen=lambda cut: True, certificate=replace(old, valid_until=old.valid_from))

    def missing() -> Any:
        raise CredentialsError("Content Credentials need one more package.")

    with monkeypatch.context() as patch:
        for module in (engine, reading, signing):
            patch.setattr(module, "library", missing)
        with pytest.raises(CredentialsError, match="one more package"):
            let_out(signed)
    assert there(signed) == set()
    assert released(signed) == []


def test_a_film_without_credentials_needs_no_certificate(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    another_spec(spot, "tiny", **{"[picture]": "credentials = false\n[picture]"})  # type: ignore[arg-type]
    finished(spot)
    make(spot, specs=["tiny"])
    put(spot, signoff.yes(asked(spot)))

    def gone(_: object) -> Any:
        raise CredentialsError("it ran out.")

    monkeypatch.setattr(delivering, "_certificate", gone)
    (left,) = let_out(spot)
    assert against(Desk(spot), left.path, read(left.path)).disagrees == ()
    (words,) = against(Desk(spot), remuxed(left.path, left.path.with_name("again.mp4")), read(left.path)).disagrees
    assert "not byte for byte" in words


def test_one_medium_whose_credentials_cannot_be_read_hides_no_other(signed: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    (film,) = films.waiting(Desk(signed))
    first, second, *_ = film.inputs
    places = making.places(Desk(signed))

    def some(path: Path) -> str | None:
        if path == places[first]:
            raise CredentialsError("it cannot be read.")
        return "valid: trainedAlgorithmicMedia" if path == places[second] else None

    monkeypatch.setattr(reading, "own_credentials", some)
    assert making._own(Desk(signed), film.inputs) == {first: "broken: they cannot be read", second: "valid: trainedAlgorithmicMedia"}
    assert making.own_again(Desk(signed), film)
    (again,) = films.waiting(Desk(signed))
    assert again.own[second] == "valid: trainedAlgorithmicMedia"
    assert [one.what for one in asked(signed).verdict.missing] == ["slots", "rights"]  # generated, as it says itself: in no stock slot, and nobody lists who lets it be used
    (signed.path / "rights.csv").write_text("item,what,holder,applies to\nThe kettle,generated,Salt,*\n", encoding="utf-8")
    assert [one.what for one in asked(signed).verdict.missing] == ["slots"]  # the same film, signed as it is: a right makes no stock slot


def test_credentials_agree_with_no_lie(signed: Spot, tmp_path: Path) -> None:
    (left,) = let_out(signed)
    desk, body = Desk(signed), released(signed)[0]
    assert against(desk, left.path, read(left.path)).disagrees == ()
    line = desk.book.line(body["signoff"])
    signing.embed(left.film.path, tmp_path / "same.mp4", claims_of(desk, left.film, line=line), own(), public=Public(), ingredients={})
    (words,) = against(desk, tmp_path / "same.mp4", read(tmp_path / "same.mp4")).disagrees
    assert "not byte for byte a file that left" in words
    another_spec(signed, **{"96000": "64000"})  # type: ignore[arg-type]
    (other,) = make(signed, specs=["other"])
    with signed.writer() as record:  # the machine says that a film left which nobody signed
        record.append("released", {**body, "spec": "other", "file": other.file, "essence": other.essence})
    desk = Desk(signed)
    signing.embed(other.path, tmp_path / "lie.mp4", claims_of(desk, other, line=line), own(), public=Public(), ingredients={})
    (words,) = against(desk, tmp_path / "lie.mp4", read(tmp_path / "lie.mp4")).disagrees
    assert "no entry that stands answers for this film" in words
