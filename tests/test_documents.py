"""Documents of a client's: what stands in a .docx or a PDF is found however it is laid out, and one that cannot be read counts as quoted and is never taken for empty."""

from __future__ import annotations

import contextlib
import io
import random
import zlib
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import answerprint
from answerprint.calling import documents
from answerprint.calling.carried import carried
from answerprint.calling.documents import UnreadError, letters
from answerprint.desk import Desk
from answerprint.model.providers import Request
from answerprint.spot import Spot

FEE = "The fee is paid within thirty days of delivery."
KEPT = {"client documents": "“the fee is paid within thirty” stands in contracts/contract"}
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    (made.path / "contracts").mkdir()
    return made


def word(path: Path, body: str, *, head: str = "", **parts: str) -> Path:
    """A Word file with this body."""
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>')
        for name, text in parts.items():
            packed.writestr(f"word/{name}.xml", f"<w:part {W}>{text}</w:part>")
    return path


def runs(*texts: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{one}</w:t></w:r>" for one in texts) + "</w:p>"


def pdf(path: Path, *lines: str, picture: bool = False, secret: str = "") -> Path:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    page = Canvas(str(path), encrypt=StandardEncryption(secret) if secret else None)
    for place, line in enumerate(lines):
        page.drawString(72, 720 - 14 * place, line)
    if picture:
        page.rect(72, 72, 200, 200, fill=1)
    page.showPage()
    page.save()
    return path


def asked(spot: Spot, words: str) -> dict[str, str]:
    return {str(what): why for what, why in carried(Desk(spot), Request(kind="words", words=f"Say it shorter: {words}", carries=())).items()}


# ---- what is found


@pytest.mark.parametrize("body", [
    runs(FEE),
    runs("The fee is pa", "id with", "in thirty", " days of delivery."),
    runs("The fee is paid") + runs("within thirty days of delivery."),
    "<w:tbl><w:tr><w:tc>" + runs(FEE) + "</w:tc></w:tr></w:tbl>",
    "<w:p><w:r><w:t>The fee is paid </w:t></w:r><w:r><w:pict><w:txbxContent>" + runs("A box") + "</w:txbxContent></w:pict></w:r><w:r><w:t>within thirty days</w:t></w:r></w:p>",
    '<w:p><w:r><w:t>The fee is paid within </w:t></w:r><w:ins w:id="1"><w:r><w:t>ninety</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>thirty</w:delText></w:r></w:del><w:r><w:t> days of delivery.</w:t></w:r></w:p>',
])  # fmt: skip
def test_words_of_a_word_file_are_found_in_runs_in_tables_beside_boxes_and_as_they_were_before_a_change(spot: Spot, body: str) -> None:
    word(spot.path / "contracts" / "contract.docx", body)
    assert asked(spot, FEE) == {what: f"{why}.docx" for what, why in KEPT.items()}
    assert asked(spot, "She has driven this road for eleven winters and never met it.") == {}


def test_a_change_that_is_tracked_is_found_as_it_reads_with_it_too_and_so_are_notes_and_headers(spot: Spot) -> None:
    word(spot.path / "contracts" / "contract.docx", '<w:p><w:ins w:id="1"><w:r><w:t>Nobody may be told of it before May.</w:t></w:r></w:ins></w:p>', comments=runs("Ruth thinks that this is far too much."), header1=runs("Strictly between the two of us and nobody"))
    for words in ("nobody may be told of it before May", "Ruth thinks that this is far too", "strictly between the two of us"):
        assert set(asked(spot, words)) == {"client documents"}, words


def test_words_of_a_pdf_are_found_over_the_ends_of_its_lines(spot: Spot) -> None:
    pdf(spot.path / "contracts" / "contract.pdf", "§ 4. The fee is", "paid within thir-", "ty days of delivery.")
    assert asked(spot, FEE) == {what: f"{why}.pdf" for what, why in KEPT.items()}
    assert asked(spot, "She has driven this road for eleven winters and never met it.") == {}


def test_the_brief_as_a_pdf_is_the_brief(spot: Spot) -> None:
    pdf(spot.path / "brief.pdf", "Alcohol-free beer is bought by people who drive.")
    assert set(asked(spot, "beer is bought by people who drive")) == {"words of the brief"}


def test_decks_workbooks_and_open_documents_are_read(spot: Spot) -> None:
    folder = spot.path / "contracts"
    with ZipFile(folder / "deck.pptx", "w") as packed:
        packed.writestr("ppt/slides/slide1.xml", '<s xmlns:a="urn:a"><a:p><a:r><a:t>Nobody in this film</a:t></a:r></a:p><a:p><a:r><a:t>looks at a telephone.</a:t></a:r></a:p></s>')
    with ZipFile(folder / "bids.xlsx", "w") as packed:
        packed.writestr("xl/sharedStrings.xml", "<sst><si><t>Two days of rain cover in the north</t></si></sst>")
    with ZipFile(folder / "letter.odt", "w") as packed:
        packed.writestr("content.xml", '<d xmlns:text="urn:t"><text:p>We would rather <text:span>not</text:span> see the old bottle again.</text:p></d>')
    for words in ("nobody in this film looks at a telephone", "two days of rain cover in the north", "we would rather not see the old bottle"):
        assert set(asked(spot, words)) == {"client documents"}, words


def test_a_text_in_older_letters_is_read_as_what_it_is(spot: Spot) -> None:
    said = "Der Preis für die Größe läuft über März hinaus."
    for name, coded in (("old.txt", said.encode("cp1252")), ("notepad.txt", said.encode("utf-16"))):
        path = spot.path / "contracts" / name
        path.write_bytes(coded)
        assert set(asked(spot, said)) == {"client documents"}, name
        path.unlink()


# ---- what cannot be read


def bomb(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as packed, packed.open("word/document.xml", "w") as part:
        for _ in range(65):
            part.write(b" " * 2**20)


def laughs(path: Path) -> None:
    word(path, runs("&lol;"), head='<!DOCTYPE d [<!ENTITY lol "The fee is paid within thirty days">]>')


def reaches(path: Path) -> None:
    word(path, runs("&own;"), head=f'<!DOCTYPE d [<!ENTITY own SYSTEM "{path.with_name("own.txt").as_uri()}">]>')


def deep(path: Path) -> None:
    word(path, "<w:a>" * 2000 + "</w:a>" * 2000)


def locked(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


def scanned(path: Path) -> None:
    word(path, "<w:p><w:r><w:drawing/></w:r></w:p>")


def elsewhere(path: Path) -> None:
    word(path, runs("Annex:") + "<w:altChunk/>")


def broken(path: Path) -> None:
    data = bytearray(word(path, runs(FEE * 20)).read_bytes())
    at = data.index(b"word/document.xml") + 40
    data[at : at + 10] = bytes(10)
    path.write_bytes(data)


@pytest.mark.parametrize("made", [bomb, laughs, reaches, deep, locked, scanned, elsewhere, broken])
def test_a_word_file_that_cannot_be_read_counts_as_quoted_and_says_why(spot: Spot, made: object) -> None:
    (spot.path / "contracts" / "own.txt").write_text("short")
    made(spot.path / "contracts" / "contract.docx")  # type: ignore[operator]
    found = asked(spot, "Rain on a window, and somebody who does not look.")
    assert set(found) == {"client documents"}
    assert found["client documents"].startswith("nobody knows what contract.docx says, since ")
    assert asked(spot, "Rain.") == {}, "five words quote nothing"


@pytest.mark.parametrize(("made", "why"), [
    (lambda path: pdf(path, picture=True), "page 1 is a picture"),
    (lambda path: pdf(path, FEE, secret="salt"), "locked with a password"),
    (lambda path: path.write_bytes(b"%PDF-1.7\n" + bytes(400)), "damaged"),
    (lambda path: path.write_bytes(b""), "damaged"),
    (lambda path: path.write_bytes(pdf(path, FEE).read_bytes()[:900]), "damaged"),
])  # fmt: skip
def test_a_pdf_that_cannot_be_read_counts_as_quoted_and_says_why(spot: Spot, made: object, why: str) -> None:
    made(spot.path / "contracts" / "contract.pdf")  # type: ignore[operator]
    assert why in asked(spot, "Rain on a window, and somebody who does not look.")["client documents"]


def test_a_pdf_page_that_shows_nothing_holds_no_words(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    page = Canvas(str(tmp_path / "two.pdf"))
    page.drawString(72, 720, FEE)
    page.showPage()
    page.showPage()
    page.save()
    assert letters(tmp_path / "two.pdf") == "thefeeispaidwithinthirtydaysofdelivery"


def test_a_pdf_that_unpacks_to_more_than_memory_holds_is_not_read(tmp_path: Path) -> None:
    zeros = zlib.compressobj(9)
    packed = b"".join(zeros.compress(b" " * 2**20) for _ in range(80)) + zeros.flush()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>", b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)]
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    at = []
    for number, one in enumerate(objects, 1):
        at.append(out.tell())
        out.write(b"%d 0 obj%s\nendobj\n" % (number, one))
    table = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % one for one in at) + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table)
    (tmp_path / "bomb.pdf").write_bytes(out.getvalue())
    with pytest.raises(UnreadError, match="unpacks to more than"):
        letters(tmp_path / "bomb.pdf")


def test_a_saved_mail_is_read_with_what_was_forwarded_in_it_and_an_attachment_is_not_opened(spot: Spot) -> None:
    inner, mail = EmailMessage(), EmailMessage()
    inner["Subject"] = "the fee"
    inner.set_content(FEE, cte="base64")
    mail["Subject"] = "Fwd"
    mail.set_content("See below.")
    mail.add_alternative("<p>The hare never <b>looks</b> at the clock in the hall.</p>", subtype="html")
    mail.add_attachment(inner)
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png")
    path = spot.path / "contracts" / "contract.eml"
    path.write_bytes(mail.as_bytes())
    assert "contract.eml" in asked(spot, FEE)["client documents"]
    assert "contract.eml" in asked(spot, "And the hare never looks at the clock in the hall, does it")["client documents"]
    assert asked(spot, "Rain on a window, and somebody who does not look.") == {}
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="rates.pdf")
    path.write_bytes(mail.as_bytes())
    assert "rates.pdf is attached to it" in asked(spot, "Rain on a window, and somebody who does not look.")["client documents"]


def test_a_mail_that_is_none_or_damaged_counts_as_quoted_and_breaks_nothing(tmp_path: Path) -> None:
    mail, path = EmailMessage(), tmp_path / "a.eml"
    mail["From"], mail["Subject"] = "Ana Ruiz <ana@example.org>", "Über den Vertrag"
    mail.set_content(FEE)
    mail.add_alternative(f"<p>{FEE}</p>", subtype="html")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="sky.png")
    whole, dice = mail.as_bytes(), random.Random(7)
    for raw in (b"", b"\x00" * 400, b"%PDF-1.7 " * 9, b"From: a\n\n", b"Subject: \xff\n\n \n"):
        path.write_bytes(raw)
        with pytest.raises(UnreadError):
            letters(path)
    for number in range(150):
        bent = bytearray(whole)
        for _ in range(12):
            bent[dice.randrange(len(bent))] = dice.choice((0, 10, 34, 44, 58, 59, 60, 61, 63, 64, 255, dice.randrange(256)))
        path = tmp_path / f"{number}.eml"
        path.write_bytes(bent)
        with contextlib.suppress(UnreadError):
            assert letters(path)


def test_a_pdf_that_takes_too_long_is_ended_and_not_tried_again(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pdf(spot.path / "contracts" / "contract.pdf", FEE)
    monkeypatch.setattr(documents, "_PATIENCE_S", 0.01)
    for _ in range(2):
        with pytest.raises(UnreadError, match="not read within"):
            letters(path)
        monkeypatch.setattr(documents, "_PATIENCE_S", 30)


def test_kinds_that_are_not_opened_count_as_quoted_and_a_text_that_is_too_long_does(spot: Spot) -> None:
    rain = "Rain on a window, and somebody who does not look."
    for name, data in (("contract.doc", b"old"), ("note.rtf", b"{\\rtf1 hm}"), ("long.txt", b"x " * (5 << 20))):
        path = spot.path / "contracts" / name
        path.write_bytes(data)
        assert name in asked(spot, rain)["client documents"], name
        path.unlink()
    for name in ("contracts/~$contract.docx", "contracts/.~lock.contract.odt", "out/the last bus deck.pdf", "cuts/lined script.pdf"):
        (spot.path / name).parent.mkdir(exist_ok=True)
        (spot.path / name).write_bytes(b"\x05Ruth")
    assert asked(spot, rain) == {}, "what a word processor lays beside an open document, and what this program made itself"


def test_a_document_that_stays_as_it_is_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = word(tmp_path / "contract.docx", runs(FEE))
    first = letters(path)
    monkeypatch.setattr(documents, "_zipped", lambda path: "another")
    assert letters(path) == first
    word(path, runs("Changed since then."))
    assert letters(path) == "another"
