"""What leaves with a film: only what the record holds, and what it leaves out is said."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from answerprint import claims as claimed
from answerprint import config
from answerprint.book import Line, Person
from answerprint.claims import claims_of, handed, measured
from answerprint.config import ConfigError
from answerprint.delivery.credentials.claims import Claims, Embedded
from answerprint.delivery.credentials.public import checked
from answerprint.ledger.verify import verify
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Charter, Decided, Decision, Holder, Objection, Revoke, Stand
from answerprint.model.records import Fact, to_plain
from answerprint.papers import LISTED, READ_ME, Choice, PapersError, papers, public, statement
from answerprint.papers.frames import frames
from answerprint.papers.guide import WHAT
from answerprint.papers.sheet import Called
from answerprint.record_style import text
from tests.deciding import MARA, Crewed
from tests.delivery.credentials.made import film as filmed
from tests.delivery.rushes import BITS, rush
from tests.ledger.signing import Hand, everything
from tests.papers.spot import BOARD, FLASH, JO, NOTE, ONE, Told, copied, rendered, report, task, told
from tests.test_record_page import HOSTILE, Page


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Line[Any], Path]:
    """A signed film with its papers: read them, change nothing."""
    home = tmp_path_factory.mktemp("signed")
    made = told(home)
    line = made.yes()
    papers(made.desk, made.film, line=line, folder=home / "papers", digest="sha256:" + 64 * "d")
    return made, line, home / "papers"


IMAGE = re.compile(r'<img src="data:image/jpeg;base64,[A-Za-z0-9+/=]+" alt="([^"<>]*)">')


def read(folder: Path, name: str) -> str:
    return Page(IMAGE.sub("", (folder / name).read_text(encoding="utf-8"))).text


def listed(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / LISTED).read_text(encoding="utf-8"))
    return found


def chosen(made: Told, **choice: bool) -> None:
    """Write the producer's choice into answerprint.toml."""
    path = made.spot.production.path / "answerprint.toml"
    rows = "".join(f"{name} = {str(value).lower()}\n" for name, value in choice.items())
    path.write_text(path.read_text(encoding="utf-8") + f"\n[papers]\n{rows}", encoding="utf-8")
    made.spot.production = type(made.spot.production)(made.spot.production.path)


def said(made: Told, line: Line[Any]) -> str:
    """The AI statement as text."""
    claims = claims_of(made.desk, made.film, line=line)
    book = made.desk.book
    assert book is not None
    absent = ("take of item 12: lettering is made, not shot",)
    around = statement.Around(found=measured(made.desk, made.film, line=line), handed=handed(made.desk, line=line), not_checked=line.content.not_checked, absent=absent)
    found = statement.parts(claims, made.film, around, Called(book.people, names=True))
    return " ".join(statement.plain(claims, made.film, found).split())


# ---- the folder


def test_every_paper_is_there_listed_with_its_seal_and_linked_from_the_first(signed: tuple[Told, Line[Any], Path]) -> None:
    _, _, folder = signed
    names = {one.name for one in folder.iterdir()}
    assert names == {READ_ME, *WHAT} - {"credentials.html"}
    rows = {one["file"]: one["seal"] for one in listed(folder)["papers"]}
    assert rows == {name: "sha256:" + hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names - {LISTED}}
    links = [found["href"] for tag, found in Page((folder / READ_ME).read_text(encoding="utf-8")).tags if tag == "a"]
    assert [str(link).replace("%20", " ") for link in links] == [one for one in WHAT if one != "credentials.html"]


def test_pages_hold_under_their_own_rule_and_ask_for_nothing(signed: tuple[Told, Line[Any], Path]) -> None:
    _, _, folder = signed
    for path in folder.glob("*.html"):
        raw = path.read_text(encoding="utf-8")
        (style,) = re.findall(r"<style>(.*?)</style>", raw, re.DOTALL)
        (allowed,) = re.findall(r"style-src '(sha256-[^']+)'", raw)
        import base64

        assert allowed == "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert "default-src 'none'" in raw
        assert not re.search(r"<script|<img(?! src=.data:image/jpeg;base64,)|<iframe|<link|style=|url\(|https?://", raw)


def test_the_sign_off_says_the_question_the_answer_and_what_it_binds(signed: tuple[Told, Line[Any], Path]) -> None:
    made, line, folder = signed
    page = read(folder, "sign-off.html")
    for words in ("Would I sign my name to this if the client did not know AI was involved?", "Yes.", f"entry {line.n}", made.film.essence, made.desk.cuts["master"].seal,
                  "to its end, by whoever signed", FLASH, NOTE, "the wipe at 01:00:02:00 is a dissolve", line.key, "proves a key and a gesture"):  # fmt: skip
        assert words in page


def seen(luma: np.ndarray) -> int:
    """The number that a picture of the rushes carries in its first row of blocks."""
    high, wide = luma.shape
    step = wide // BITS
    return sum(int(luma[high // 12 : high // 6, bit * step + step // 4 : (bit + 1) * step - step // 4].mean() > 125) << bit for bit in range(BITS))


@pytest.mark.parametrize("name", ["sign-off.html", "credits.html", "AI statement.html"])
def test_what_was_not_checked_and_what_is_not_in_this_film_is_always_there(signed: tuple[Told, Line[Any], Path], name: str) -> None:
    page = read(signed[2], name)
    assert "Not in this film" in page
    assert "take of item 12: lettering is made, not shot" in page
    assert name == "credits.html" or re.search("Not checked (As it stood before whoever signed. )?easy-choice report rights", page)


def test_the_credits_say_who_decided_what_and_over_how_many(signed: tuple[Told, Line[Any], Path]) -> None:
    page = read(signed[2], "credits.html")
    assert "Item 3 3-1 A (A001_C003#1) over 1 other" in page
    assert "Grade The film assets/grade.cdl Mara Lind" in page
    assert "Jo Abara DP" in page


def test_the_qc_page_shows_each_warning_with_what_was_said_to_it(signed: tuple[Told, Line[Any], Path]) -> None:
    page = read(signed[2], "QC report.html")
    assert "1 WARN." in page
    assert f"WARN flash The {FLASH[4:]}. measured 4 in 1 s; asked for 3 At 01:00:00:10 ITU-R BT.1702-3 frame 10, 01:00:00:10 {NOTE} Mara Lind" in page
    assert "Not checked what is said" in page
    assert json.loads((signed[2] / "QC report.json").read_bytes()) == report()
    assert IMAGE.findall((signed[2] / "QC report.html").read_text(encoding="utf-8")) == ["The picture at frame 10, 01:00:00:10"]


def test_the_picture_at_a_warning_is_the_frame_of_that_number(tmp_path: Path) -> None:
    medium = rush(tmp_path / "film.mov", 1, frames=60, rate=Fraction(25), size=(320, 192))
    found = frames(medium, [0, 7, 33, 59], Fraction(25))
    assert [seen(np.asarray(Image.open(BytesIO(data)).convert("L")).astype(np.float64)) for data in found.values()] == [0, 7, 33, 59]
    assert frames(medium, [60, 4000], Fraction(25)) == {}
    assert frames(tmp_path / "away.mov", [0], Fraction(25)) == {}


def test_a_folder_that_holds_something_is_left_alone(signed: tuple[Told, Line[Any], Path], tmp_path: Path) -> None:
    made, line, _ = signed
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "mine.txt").write_text("mine")
    with pytest.raises(PapersError, match="something lies there, and papers replace nothing"):
        papers(made.desk, made.film, line=line, folder=tmp_path / "papers")


def test_an_entry_that_does_not_name_the_film_gives_it_no_papers(signed: tuple[Told, Line[Any], Path], tmp_path: Path) -> None:
    made, line, _ = signed
    other = replace(made.film, essence="sha256:" + 64 * "0")
    with pytest.raises(PapersError, match="does not name this film"):
        papers(made.desk, other, line=line, folder=tmp_path / "papers")
    with pytest.raises(PapersError, match="a revocation strikes that entry"):
        papers(made.desk, made.film, line=replace(line, struck=True), folder=tmp_path / "papers")
    assert not (tmp_path / "papers").exists()


# ---- claims


def claims(signed: tuple[Told, Line[Any], Path]) -> Claims:
    made, line, _ = signed
    return claims_of(made.desk, made.film, line=line)


def test_claims_say_what_went_in_by_kind_and_nothing_about_what_the_record_does_not_know(signed: tuple[Told, Line[Any], Path]) -> None:
    found = claims(signed).ingredients
    assert [one.kind for one in found] == ["camera original"] * 11 + ["mix", "stock"]
    assert [one.title for one in found[9:]] == ["A001_C010.mp4", "A001_C011.mp4", "mix.wav", "a file that the record names by its seal alone"]
    assert [one.source_type for one in found[10:]] == ["digitalCapture", "humanEdits", None]


def synced(made: Told, name: str, fact: str, *clips: int) -> None:
    """The machine looks again, and abstains in these clips."""
    facts = [Fact(about=f"blake3:{n:064x}", name=fact, value={"sound": None, "abstained": "nothing in common", "notes": []}, method="") for n in clips]
    for one in facts if name == "sync" else facts[:1]:
        task(made.spot, name, f"rushes/A001_C{int(one.about[-8:], 16):03d}.mp4" if name == "sync" else "the shoot", one.about, *([one] if name == "sync" else facts))


@pytest.mark.parametrize(
    ("name", "fact", "clips", "says"),
    [
        ("sync", "sync.pair", range(1, 12), ""),
        ("drift", "sync.certificate", range(1, 12), ""),
        ("drift", "sync.certificate", range(1, 11), "lined up by what both heard, where both were there, for one clip or sound of this film"),
        ("sync", "sync.pair", (1, 2), "lined up by what both heard, where both were there, for 9 clips and sounds of this film"),
    ],
)
def test_only_a_sync_that_was_found_is_claimed(tmp_path: Path, name: str, fact: str, clips: Any, says: str) -> None:
    made = told(tmp_path)
    synced(made, name, fact, *clips)
    words = said(made, made.yes())
    assert (says in words) if says else ("lined up" not in words)


def test_what_was_looked_for_and_not_found_is_no_finding(tmp_path: Path) -> None:
    made = told(tmp_path)
    for n in range(1, 12):
        clip = f"blake3:{n:064x}"
        for name, fact in (("transcript", "transcript.words"), ("lining", "lining")):
            task(made.spot, name, f"rushes/A001_C{n:03d}.mp4", clip, Fact(about=clip, name=fact, value=[], method="again"))
    words = said(made, made.yes())
    assert "found the slates and attempts in 11 clips" in words
    assert "wrote down what is said" not in words
    assert "lined the script" not in words


def test_what_somebody_signed_a_file_as_comes_before_what_it_looks_like(tmp_path: Path) -> None:
    """A mix that lies in the sound folder was read as a recorder's, and is the mix all the same."""
    made = told(tmp_path)
    mix = made.film.sources["mix"]["digest"]
    task(made.spot, "seal", "sound/mix.wav", mix)
    task(made.spot, "ingest", "sound/mix.wav", mix, Fact(about=mix, name="media.info", value={"kind": "sound"}, method="as written"))
    (found,) = [one for one in claims_of(made.desk, made.film, line=made.yes()).ingredients if one.title == "mix.wav"]
    assert (found.kind, found.source_type) == ("mix", "humanEdits")


def test_claims_name_every_judgment_once_with_its_entry(signed: tuple[Told, Line[Any], Path]) -> None:
    found = claims(signed).judgments
    assert [one.judgment for one in found] == list(Judgment)
    assert {one.holder for one in found} == {"Mara Lind"}
    assert found[-1].entry == signed[1].n


def test_claims_can_stand_in_a_film_and_name_no_file_of_the_shoot(signed: tuple[Told, Line[Any], Path]) -> None:
    found = claims(signed)
    checked(found)
    done = [(one.what, one.agent is not None) for one in found.actions]
    assert ("takes of 11 items chosen", False) in done
    assert ("rendered for youtube", True) in done
    assert done[-1] == ("signed off", False)
    assert not any(word in str(to_plain(found.actions)) for word in ("A001", ".otio", ".wav", "Mara"))


def test_claims_are_the_same_whenever_they_are_built(tmp_path: Path) -> None:
    made = told(tmp_path)
    line = made.yes()
    before = claims_of(made.desk, made.film, line=line)
    again = Decided(judgment="grade", about="film:master", choice={"grade": "as shot"}, replaces=made.desk.decisions["grade", "film:master"].name)
    made.spot.put(Decision(gesture="choice", decisions=(again,)))
    charter = made.desk.book.charter if made.desk.book else None
    made.spot.put(everything(MARA, replaces=charter.n if charter else None, music_bed=Holder(machine=True, because="any will do")))
    task(made.spot, "picture", "rushes/A001_C001.mp4", "blake3:" + 64 * "9")
    assert claims_of(made.desk, made.film, line=line) == before


# ---- the AI statement


def test_the_statement_says_what_the_machine_did_and_what_people_did(signed: tuple[Told, Line[Any], Path]) -> None:
    page = read(signed[2], "AI statement.html")
    for words in ("The record names no picture and no sound in this film that was generated.", "not how they were made", "lined up by what both heard, where both were there, for 11 clips and sounds of this film.", "Rendered for youtube.",
                  "Nothing. No judgment about this film was given to a machine.", "It chose no take.", "It did not grade.", "It did not sign.", "Take Mara Lind entry",
                  "11 camera originals, one mix that was brought in and one other picture or sound from outside the shoot.", "It wrote down what is said in 11 clips and sounds",
                  "may use AI itself, and the record knows only the file that came back"):  # fmt: skip
        assert words in page
    assert not re.search(r"\d\s*%|per cent|score", page)


def test_the_statement_as_text_says_the_same(signed: tuple[Told, Line[Any], Path]) -> None:
    made, line, folder = signed
    assert " ".join((folder / "AI statement.txt").read_text(encoding="utf-8").split()) == said(made, line)
    page = read(folder, "AI statement.html")
    book = made.desk.book
    assert book is not None
    parts = statement.parts(claims(signed), made.film, statement.Around(found=measured(made.desk, made.film, line=line)), Called(book.people, names=True))
    for part in parts:
        for sentence in part.says or (part.none,):
            assert sentence in page or part.people or part.heading.startswith("Not "), sentence


def handed_over(made: Told) -> None:
    charter = made.desk.book.charter if made.desk.book else None
    made.spot.put(everything(MARA, replaces=charter.n if charter else None, music_bed=Holder(machine=True, because="A test for the web; any cleared bed will do.")))


def a_generated_frame(made: Told) -> None:
    task(made.spot, "dream", "rushes/A001_C001.mp4", made.film.inputs[0])


@pytest.mark.parametrize(
    ("before", "more", "words", "without"),
    [
        (handed_over, {}, "Music bed, by Mara Lind in entry 86, because: “A test for the web; any cleared bed will do.”", "It chose no music."),
        (a_generated_frame, {}, "What this did is not known here: dream, a task that this release does not know, done to one clip or sound of this film.", ""),
        (None, {"levelled": "-2.40 dB"}, "The loudness of the whole sound brought to the spec by one gain, -2.40 dB.", ""),
        (None, {"frames": 275, "film_first": 250}, "The 250 frames before and after the film (clock, slate, black or the like) are drawn as youtube asks for them.", ""),
        (None, {"own": {BOARD: "valid: trainedAlgorithmicMedia"}}, "as the record says: a file that the record names by its seal alone.", "names no picture and no sound"),
        (None, {"own": {BOARD: "valid: trainedAlgorithmicMedia"}}, "one generated picture or sound", "one other picture or sound"),
        (None, {"own": {f"blake3:{2:064x}": "valid: compositeWithTrainedAlgorithmicMedia"}}, "as the record says: A001_C002.mp4.", "generated picture or sound."),
        (None, {"own": {f"blake3:{1:064x}": "broken: its signature does not fit"}}, "A001_C001.mp4 brings Content Credentials of its own: broken: its signature does not fit.", ""),
    ],
)  # fmt: skip
def test_the_statement_follows_the_record(tmp_path: Path, before: Callable[[Told], None] | None, more: dict[str, Any], words: str, without: str) -> None:
    made = told(tmp_path, **more)
    if before is not None:
        before(made)
    found = said(made, made.yes())
    assert words in found
    assert not without or without not in found


def test_a_generated_picture_is_named_first(signed: tuple[Told, Line[Any], Path]) -> None:
    made = signed[0]
    found = claims(signed)
    first = replace(found.ingredients[0], source_type="trainedAlgorithmicMedia", title="sky.png")
    parts = statement.parts(replace(found, ingredients=(first, *found.ingredients[1:])), made.film, statement.Around(), Called({}, names=True))
    assert parts[0].says[0] == "Generated by a trained model (AI), or with something in it that was, as the record says: sky.png."


def test_what_another_release_made_of_a_film_is_generated_if_it_says_so(monkeypatch: pytest.MonkeyPatch, signed: tuple[Told, Line[Any], Path]) -> None:
    """A task that draws frames touched a medium of the film: the statement says so before anything else."""
    from answerprint.model.charter import Execution

    made, line, _ = signed
    tasks = {**made.spot.production.tasks(), "picture": replace(made.spot.production.tasks()["picture"], execution=Execution.FRAMES)}
    monkeypatch.setattr(type(made.spot.production), "tasks", lambda self: tasks)
    assert "Generated by a trained model (AI), or with something in it that was, as the record says: reference frames: 11 clips and sounds of this film." in said(made, line)


def test_a_rough_cut_that_nobody_changed_is_called_that(tmp_path: Path) -> None:
    spot = copied(tmp_path)
    cut = spot.desk.decisions["final edit", "film:master"]
    rough = replace(cut.decided, choice={**cut.decided.choice, "rough": "12"}, replaces=cut.name)
    spot.put(Decision(gesture="choice", decisions=(rough,)))
    made = told(tmp_path, spot)
    assert "The edit is the machine's rough cut of entry 12, unchanged." in said(made, made.yes())


# ---- released, not signed


def test_a_release_says_that_nobody_signed(tmp_path: Path) -> None:
    made = told(tmp_path)
    charter = made.desk.book.charter if made.desk.book else None
    assert charter is not None
    made.spot.put(replace(charter.content, holders={**charter.content.holders, "sign-off": Holder(person=JO.key_id)}, replaces=charter.n))
    line = made.release()
    papers(made.desk, made.film, line=line, folder=tmp_path / "papers")
    page = read(tmp_path / "papers", "sign-off.html")
    assert "Released by a producer, not signed off. Jo Abara held the sign-off then, and did not sign this film. It goes on air on Friday. What was missing then:" in page
    assert "Yes." not in page
    assert f"Not signed off. Mara Lind released it as a producer, in entry {line.n} of the record." in read(tmp_path / "papers", READ_ME)
    assert f"Nobody signed this film off. Mara Lind released it as a producer, in entry {line.n}." in said(made, line)
    assert listed(tmp_path / "papers")["answer"] == {"kind": "release", "entry": line.n, "by": "Mara Lind", "key": MARA.key_id}
    sign_off = claims_of(made.desk, made.film, line=line).judgments[-1]
    assert (sign_off.holder, sign_off.entry) == (None, None)


# ---- what the producer chose


def test_without_names_nobody_is_named_and_the_record_stays_home(tmp_path: Path) -> None:
    made = told(tmp_path)
    made.spot.put(Stand(part="the light", about="film:master", text="Ask Jo Abara."), JO)
    line = made.yes()
    chosen(made, names=False, names_in_file=True)
    assert not public(made.desk).names
    papers(made.desk, made.film, line=line, folder=tmp_path / "papers")
    folder = tmp_path / "papers"
    assert not (folder / "record.db").exists()
    assert not (folder / "record.html").exists()
    for path in folder.iterdir():
        if path.name != "verify.py":
            assert not re.search("Mara|Jo Abara", path.read_text(encoding="utf-8")), path.name
    page = read(folder, READ_ME)
    assert "The director signed it off" in page  # Mara is the producer too
    assert "Final edit The film cuts/en.otio" in read(folder, "credits.html")
    assert "The producer" not in read(folder, "credits.html")
    assert "The names of people, and the reasons that they gave: each is called by their seat." in page
    assert "The record itself, since it carries names." in page
    assert "The record is not among these papers" in page
    assert listed(folder)["answer"]["by"] is None


def test_without_names_a_seat_is_the_one_that_fits() -> None:
    people = {name: Person(id=name, name=name, roles=roles, keys=(), live=()) for name, roles in
              (("Mara", ("producer", "director")), ("Jo", ("producer", "DP")), ("Ute", ("producer",)), ("Ali", ()))}  # fmt: skip
    called = Called(people, names=False)
    assert [called(one) for one in people] == ["the director", "the DP", "the producer", "a named person"]
    assert [called(one, "producer") for one in people] == ["the producer", "the producer", "the producer", "a named person"]
    assert called("Mara", "editor") == "the director"


@pytest.mark.parametrize("file", ["/Volumes/Ute's disk/new songs/vibe.wav", "C:\\Users\\ute\\songs\\vibe.wav"])
def test_a_file_outside_the_production_is_named_without_somebody_s_folders(tmp_path: Path, file: str) -> None:
    made = told(tmp_path)
    bed = Decided(judgment="music bed", about="film:master", choice={"file": file}, replaces=made.desk.decisions["music bed", "film:master"].name)
    made.spot.put(Decision(gesture="choice", decisions=(bed,)))
    line = made.spot.put(replace(made.yes().content, not_checked=(f"rights of {file}",)))
    embedded = Embedded(file=file, sidecar=None, label="urn:c2pa:1", essence=made.film.essence, state="valid", signer="", certificate="", stamped=None, left_out=(), sentences=("One.",))
    papers(made.desk, made.film, line=made.line(line.n), folder=tmp_path / "papers", embedded=embedded)
    assert "vibe.wav" in read(tmp_path / "papers", "credits.html")
    for name in set(WHAT) - {"record.db", "record.html", "verify.py"}:
        words = (tmp_path / "papers" / name).read_text(encoding="utf-8")
        assert not re.search(r"songs|Volumes|Users", words), name


def test_what_is_not_in_a_film_is_not_open_in_it(tmp_path: Path) -> None:
    made = told(tmp_path)
    claims = claims_of(made.desk, made.film, line=made.yes())
    claims = replace(claims, judgments=tuple(replace(one, holder=None, entry=None) if one.judgment == "take" else one for one in claims.judgments))
    absent = ("take of item 1: it was not covered", "hero framing: the script marks no [[HERO]] shot")

    def did_not(*needed: str) -> str:
        found = statement.parts(claims, made.film, statement.Around(absent=absent, needed=needed), Called({}, names=True))
        return next(" ".join(one.says) for one in found if one.heading == "What the machine did not do")

    assert "signed a decision on" not in did_not()
    assert "Neither it nor a person signed a decision on: take." in did_not("take")  # another item was covered


def test_another_version_with_the_same_pictures_is_said_to_be_the_same_film(tmp_path: Path) -> None:
    made = told(tmp_path)
    content = made.yes().content
    same = replace(content.films[0], version="de", file="Salt de.mp4")
    cuts = tuple(replace(content.cuts[0], version=one) for one in ("master", "de", "fr"))
    n = made.spot.put(replace(content, cuts=cuts, films=(*content.films, same, replace(same, version="fr", essence="sha256:" + 64 * "f")))).n
    papers(made.desk, made.film, line=made.line(n), folder=tmp_path / "papers")
    page = read(tmp_path / "papers", "sign-off.html")
    assert "Salt de.mp4: de for youtube, played to its end, by whoever signed. It is master to the frame: the same pictures, the same sound." in page
    assert page.count("to the frame") == 1


@pytest.mark.parametrize(("words", "there"), [(True, True), (False, False)])
def test_the_words_of_arguments_go_along_only_if_the_producer_says_so(tmp_path: Path, words: bool, there: bool) -> None:
    made = told(tmp_path)
    raised = made.spot.put(Objection(on="film:master", text="The girl is a prop."), JO)
    made.spot.put(Revoke(key=JO.key_id, because="gone", from_entry=raised.n))
    line = made.yes()
    chosen(made, words=words)
    papers(made.desk, made.film, line=line, folder=tmp_path / "papers")
    assert (b"The girl is a prop." in (tmp_path / "papers" / "record.db").read_bytes()) == there
    assert ("The words of objections" in read(tmp_path / "papers", READ_ME)) == (not there)
    assert verify(tmp_path / "papers" / "record.db").findings == ()


def test_without_the_record_the_papers_say_so(tmp_path: Path) -> None:
    made = told(tmp_path)
    chosen(made, record=False, names_in_file=True)
    papers(made.desk, made.film, line=made.yes(), folder=tmp_path / "papers")
    assert not (tmp_path / "papers" / "record.db").exists()
    assert "The record itself. The producer has it, and can hand out a copy." in read(tmp_path / "papers", READ_ME)
    assert (public(made.desk).names, public(made.desk).ingredients) == (True, False)


def test_nothing_said_means_names_and_record_and_no_words() -> None:
    assert Choice.of({"papers": {}}) == Choice(names=True, words=False, record=True, names_in_file=False, media_in_file=False)
    assert set(vars(Choice())) == set(config.PAPERS)


@pytest.mark.parametrize(
    ("line", "says"),
    [("name = true", "has no 'name'. Did you mean 'names'?"), ("colour = true", "has no 'colour'. It has: names"), ('names = "no"', "names = 'no': write true or false")],
)
def test_another_setting_of_papers_is_a_sentence(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "answerprint.toml").write_text(f'rate = "25"\n[papers]\n{line}\n')
    with pytest.raises(ConfigError, match=re.escape(says)):
        config.load(tmp_path)


# ---- whatever is written in it


def test_nothing_that_somebody_wrote_becomes_part_of_a_page(tmp_path: Path) -> None:
    bad = Hand(HOSTILE)
    spot = Crewed.compose(tmp_path, record_of=bad, versions=ONE)
    spot.production.settings.values["title"] = HOSTILE  # type: ignore[index]
    spot.choose_everything(shapes=False)
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture, bad)
    charter = spot.desk.book.charter if spot.desk.book else None
    spot.put(everything(bad, replaces=charter.n if charter else None, music_bed=Holder(machine=True, because=HOSTILE)), bad)
    spot.put(Stand(part=HOSTILE, about=HOSTILE, text=HOSTILE), bad)
    qc = report(file=HOSTILE, verdict=HOSTILE, facts={HOSTILE: HOSTILE}, unchecked=[HOSTILE],
                findings=[dict.fromkeys(("check", "weight", "says", "measured", "allowed", "source"), HOSTILE) | {"where": [{"timecode": HOSTILE}]},
                          {"check": "flash", "weight": "WARN", "says": FLASH, "where": [{"first": 3, "timecode": HOSTILE}, {"first": HOSTILE}]}])  # fmt: skip
    made = rendered(spot, filmed(tmp_path / "film.mp4"), [], qc=qc, file=HOSTILE, warnings=[HOSTILE], levelled=HOSTILE, own={"blake3:" + 64 * "7": HOSTILE})
    line = made.yes(HOSTILE, bad)
    desk = made.desk
    desk.production.settings.values["papers"]["words"] = True
    papers(desk, made.film, line=line, folder=tmp_path / "papers")
    for path in (tmp_path / "papers").glob("*.html"):
        whole = path.read_text(encoding="utf-8")
        raw = IMAGE.sub("", whole)
        assert (raw != whole) == (path.name == "QC report.html")
        page = Page(raw)
        assert not {tag for tag, _ in page.tags} & {"script", "img"}, path.name
        assert not [name for _, found in page.tags for name in found if name.startswith("on") or name == "style"], path.name
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", raw), path.name
        assert text(HOSTILE) != HOSTILE
    plain = (tmp_path / "papers" / "AI statement.txt").read_text(encoding="utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", plain)
    assert "--film FILE --papers" in read(tmp_path / "papers", READ_ME)  # nothing for a shell to take
    assert len((tmp_path / "papers" / "checkpoint.txt").read_text(encoding="utf-8").splitlines()) == 5


def test_a_production_without_a_record_claims_nothing(signed: tuple[Told, Line[Any], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    made, line, _ = signed
    desk = made.desk
    desk.__dict__["book"] = None
    with pytest.raises(claimed.DeskError, match="nothing can be claimed"):
        claims_of(desk, made.film, line=line)


def test_a_charter_after_the_answer_hands_nothing_over_before_it(tmp_path: Path) -> None:
    made = told(tmp_path)
    line = made.yes()
    handed_over(made)
    assert handed(made.desk, line=line) == ()
    assert isinstance(made.desk.book and made.desk.book.charter and made.desk.book.charter.content, Charter)
