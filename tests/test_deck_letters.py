"""Letters beyond Latin in a deck: shaped, in their direction, broken where their readers break lines, and read out of the PDF in the order they are read."""

from __future__ import annotations

import base64
import io
import re
import shutil
import time
import zlib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fontTools.ttLib import TTFont
from pptx import Presentation

from answerprint import presenting
from answerprint.presenting import Deck, DeckError, Part, Passage, Table, bidi, letters
from answerprint.presenting.breaking import broken, rejoined
from answerprint.presenting.faces import Faces, faces
from answerprint.presenting.page import FOOT, HEIGHT, WIDTH, Rule, Text
from answerprint.presenting.preview import preview
from answerprint.presenting.shaping import Drawn
from tests.test_deck_preview import objects
from tests.test_presenting import overlap

ARABIC = "تصل ليلى إلى المحطة قبل الفجر، والمفتاح في يدها. نرى شعار Nordbrew Coffee بجانب الباب (30 ثانية)، ثم نسمع: «آخر رحلة»."
HEBREW = 'מאיה מגיעה לתחנה לפני עלות השחר. רואים את הלוגו של Nordbrew ליד הדלת, ושומעים: "נסיעה אחרונה".'
JAPANESE = "バスが止まる前に、美咲は鍵を手にしている。画面には「Nordbrew Coffee」のロゴが見え、「最終便です、お客様。」という声が聞こえる……。ちょっとした「間」が、すべてを語る。"
CHINESE = "车还没停稳，李梅手里已经握着钥匙。画面上，“Nordbrew Coffee”的标志出现在车门旁边；《最后的巴士》讲的就是这一刻——一个短短的停顿，说明了一切。"
KOREAN = "버스가 멈추기도 전에 민지는 열쇠를 손에 쥐고 있다. 화면에는 Nordbrew 로고가 문 옆에 보이고 아무도 웃지 않는다."
THAI = "มะลิถือกุญแจอยู่ในมือก่อนที่รถจะจอด ไม่มีใครบนรถรู้ว่านี่คือคืนสุดท้ายของเธอ"
HINDI = "बस रुकने से पहले ही मीरा के हाथ में चाबी है। कॉफ़ी की भाप धीरे-धीरे उठती है, कोई नहीं मुस्कुराता।"
ALL = {"ar": ARABIC, "he": HEBREW, "ja": JAPANESE, "zh": CHINESE, "ko": KOREAN, "th": THAI, "hi": HINDI}


def deck(text: str, *, by: str = "Mara Lind", title: str = "") -> Deck:
    return Deck(
        title=title or text[:12], client="Nordbrew", by=by,
        parts=(
            Part(kind="idea", title="Idea", passages=(Passage(text=text, by=by), Passage(text=text, unedited=True), Passage(text="She drives the line.", by="Mara Lind"))),
            Part(kind="cast", title="Cast", table=Table(rows=((text[:9], "2 lines", text),))),
        ),
    )  # fmt: skip


def stream(body: bytes) -> bytes:
    length = re.search(rb"/Length (\d+)", body)
    assert length
    first = body.index(b"stream\n") + 7
    raw = body[first : first + int(length[1])]
    return zlib.decompress(base64.a85decode(raw.strip().removesuffix(b"~>")) if b"ASCII85Decode" in body else raw)


def lines_of(pdf: bytes) -> list[str]:
    """Every run in another face than the house's, from left to right, read by the tables that the PDF has for it."""
    held = objects(pdf)
    said: dict[str, dict[int, str]] = {}
    for key, number in re.findall(rb"/(L\d+) (\d+) 0 R", b"".join(held.values())):
        table = re.search(rb"/ToUnicode (\d+) 0 R", held[int(number)])
        assert table
        said[key.decode()] = {int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for code, letter in re.findall(rb"^<(\w{4})> <(\w*)>$", stream(held[int(table[1])]), re.MULTILINE)}
    out = []
    for body in held.values():
        if b"/Type /Page\n" in body and (number_of := re.search(rb"/Contents (\d+) 0 R", body)):
            for name, shown in re.findall(rb"BT /(L\d+) [\d.]+ Tf (.*?) ET", stream(held[int(number_of[1])]), re.DOTALL):
                codes = "".join(one.decode() for one in re.findall(rb"<(\w+)> Tj", shown))
                out.append("\0".join(said[name.decode()][int(codes[n : n + 4], 16)] for n in range(0, len(codes), 4)))
    return out


# ---- which way


@pytest.mark.parametrize(
    ("text", "leftward", "seen"),
    [  # as ICU and FriBidi have them
        ("car is אבג in english", False, "car is גבא in english"),
        ("אבג car דהו", True, "והד car גבא"),
        ("אבג (car) דהו!", True, "!והד (car) גבא"),
        ("אבג 10-20, 04:35.", True, ".04:35 ,10-20 גבא"),
        ("עלה ל-12,500 €", True, "€ 12,500-ל הלע"),
        ("بيت 10-20", True, "20-10 تيب"),
        ("a (אב) b", False, "a (בא) b"),
        ("אב a [b] (גד", True, "דג) a [b] בא"),
    ],
)
def test_letters_stand_as_the_unicode_algorithm_has_them(text: str, leftward: bool, seen: str) -> None:
    found = bidi.levels(text, leftward=leftward)
    assert "".join(bidi.mirrored(text[first:last]) if level % 2 else text[first:last] for first, last, level in bidi.runs(found)) == seen
    assert bidi.to_the_left("123 אב") is True
    assert bidi.to_the_left("(Abc) אב") is False


def test_the_stop_after_latin_words_that_end_a_line_stays_with_them_where_the_sentence_goes_on() -> None:
    """The level of a letter is its paragraph's, and not its line's."""
    text = "אנחנו Hello, world אנחנו"
    first, second = broken(lambda line: 0.0 if line == "אנחנו Hello," or len(line) < 12 else 99.0, text, 50)[:2]
    assert (str(first), str(second)) == ("אנחנו Hello,", "world אנחנו")
    assert set(first.levels[6:]) == {2}


# ---- shapes


def test_arabic_letters_join_and_an_accent_stays_with_its_letter() -> None:
    made = faces([ARABIC, "ببب", "ب", "بً"])
    (joined,) = [one for one in made.line("sans", "ببب") if isinstance(one, Drawn)]
    assert [one.letters for one in joined.clusters] == ["ب", "ب", "ب"]
    assert len({one.shapes for one in joined.clusters}) == 3  # final, middle, first
    (marked,) = [one for one in made.line("sans", "بً") if isinstance(one, Drawn)]
    assert sorted((one.letters, one.advance > 0) for one in marked.clusters) == [("ب", True), ("\u064b", False)]


@pytest.mark.parametrize(("language", "file"), [("ar", "pylopdf_fonts_ar/NotoNaskhArabic-Variable.ttf"), ("ja", "pylopdf_fonts_jp/NotoSerifJP-Regular.otf"), ("hi", "pylopdf_fonts_hi/NotoSerifDevanagari-Variable.ttf")])
def test_a_line_is_as_wide_as_another_program_sets_it(language: str, file: str) -> None:
    """Skia's own paragraphs, with its own reading of the same font."""
    import skia

    text = {"ar": "تصل ليلى إلى المحطة قبل الفجر، والمفتاح في يدها", "ja": "彼女は最後の路線を走る。", "hi": "मीरा के हाथ में चाबी है"}[language]
    package, _, name = file.partition("/")
    folder = letters._folder(package)
    assert folder is not None
    provider = skia.textlayout.TypefaceFontProvider()
    provider.registerTypeface(skia.Typeface.MakeFromFile(str(folder / name)), "It")
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(provider)
    style = skia.textlayout.ParagraphStyle()
    words = skia.textlayout.TextStyle()
    words.setFontFamilies(["It"])
    words.setFontSize(100)
    style.setTextStyle(words)
    builder = skia.textlayout.ParagraphBuilder.make(style, collection, skia.Unicodes.ICU.Make())
    builder.addText(text)
    paragraph = builder.Build()
    paragraph.layout(100_000)
    made = faces([text])
    assert all(isinstance(one, Drawn) for one in made.line("serif", text))
    assert made.width("serif", text, 100) == pytest.approx(paragraph.LongestLine, abs=2)


# ---- where lines end


@pytest.mark.parametrize("language", list(ALL))
def test_no_line_is_wider_than_its_room_and_the_lines_are_the_paragraph(language: str) -> None:
    text = ALL[language]
    made = faces([text])
    for width in (60, 150, 400):
        found = broken(lambda line: made.width("serif", line, 20), text, width)
        assert rejoined(found) == text
        assert max(made.width("serif", line, 20) for line in found) <= width
        if language in ("ja", "zh") and width > 100:
            assert not [line for line in found[1:] if line[0] in "、。，；：」』》”）ーっょゃゅ" or (line.startswith("…") and found[found.index(line) - 1].endswith("…"))]
            assert not [line for line in found[:-1] if line[-1] in "「『《“（"]
        if language == "ko" and width > 150:
            assert all(line.spaced for line in found[1:])  # words are kept whole


def test_thai_lines_end_between_words() -> None:
    made = faces([THAI])
    found = broken(lambda line: made.width("serif", line, 20), THAI, 160)
    words = {"ก่อน", "สุดท้าย", "กุญแจ", "ถือ", "คืน", "เธอ", "ใคร"}
    assert len(found) > 3
    assert all(any(word in line for line in found) for word in words)


@pytest.mark.parametrize("sign", ["あ", "ب", "ก", "א(", "x\u0301ب"])
def test_one_sign_over_and_over_is_set_at_once(sign: str) -> None:
    made, begun = faces([sign]), time.process_time()
    text = sign * 3000
    assert rejoined(broken(lambda line: made.width("serif", line, 20), text, 500)).replace(" ", "") == text
    assert time.process_time() - begun < 3


def test_marks_heaped_on_one_letter_leave_a_pdf() -> None:
    assert presenting.rendered(deck("ب" + "\u0651" * 400), [".pdf"])[0][".pdf"].startswith(b"%PDF")


# ---- the PDF and the preview


@pytest.mark.parametrize("language", list(ALL))
def test_what_is_copied_out_of_the_pdf_reads_in_the_order_it_is_read(language: str) -> None:
    text = ALL[language]
    made = deck(text)
    pdf, _, says = presenting.rendered(made, [".pdf"])
    assert says == ()
    assert presenting.rendered(made, [".pdf"])[0] == pdf
    read = []
    for one in lines_of(pdf[".pdf"]):
        clusters = one.split("\0")
        leftward = bidi.to_the_left(one) and language in ("ar", "he")
        read.append("".join(reversed(clusters) if leftward else clusters))
    for word in re.findall(r"[^\W\d_a-zA-Z]{3,}", text) if language not in ("ja", "zh", "th") else [text[:3]]:
        assert any(word in line for line in read), word
    wanted = {one for one in text if ord(one) not in faces(["a"])._font("sans").face.charToGlyph and ord(one) > 0x500 and one.isalpha()}
    assert wanted <= set("".join(read))
    assert (b"/Direction /R2L" in pdf[".pdf"]) is (language in ("ar", "he"))


def test_every_run_stands_in_the_preview_where_it_stands_in_the_pdf() -> None:
    made = deck(ARABIC)
    shown = preview(made)
    drawn = [one for n in range(1, len(shown.pages) + 1) for one in re.findall(r'aria-label="([^"]*)"', shown.svg(n))]
    for run in lines_of(presenting.rendered(made, [".pdf"])[0][".pdf"]):
        assert "".join(reversed(run.split("\0"))) in drawn or run.replace("\0", "") in drawn


def test_a_deck_from_right_to_left_is_turned_about_and_nothing_overlaps() -> None:
    pages = presenting.pages(deck(ARABIC, by="ليلى", title="الحافلة الأخيرة إلى دبي"))
    for page in pages:
        boxes = [one for one in page.things if not isinstance(one, Rule)]
        assert all(0 <= one.x <= one.x + one.width <= WIDTH and 0 <= one.y <= HEIGHT for one in page.things)
        assert not any(overlap(one, other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])
        assert all(one.right for one in boxes if isinstance(one, Text) and one.leftward)
        assert not any(one.right for one in boxes if isinstance(one, Text) and one.words == "She drives the line.")
    heading, words = pages[1].things[0], next(one for one in pages[1].things if isinstance(one, Text) and one.role == "body")
    assert heading.x > words.x
    assert words.y + words.height <= FOOT
    plain = presenting.pages(deck(JAPANESE))[1]
    assert plain.things[0].x < WIDTH / 3


def test_a_paragraph_from_right_to_left_in_an_english_deck_stands_at_its_own_side_over_its_name() -> None:
    made = deck("She drives the line again, and nobody knows. " * 4)
    idea = Part(kind="idea", title="Idea", passages=(Passage(text="שקט, יבש.", by="Maya"), Passage(text="She drives.", by="מאיה")))
    page = presenting.pages(Deck(title=made.title, parts=(idea, *made.parts[1:])))[1]
    assert [(one.words, one.right) for one in page.things if isinstance(one, Text) and one.role != "foot"] == [("Idea", False), ("שקט, יבש.", True), ("Maya", True), ("She drives.", False), ("מאיה", False)]


def test_an_english_deck_asks_for_nothing_of_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "face_of", None)
    made = deck("She drives the line again — “Zoë”, Straße, Ωμέγα, Жар.")
    assert faces(presenting.texts(made)).shaper is None
    assert presenting.rendered(made, [".pdf", ".pptx"])[2] == ()


# ---- which face


@pytest.mark.parametrize(
    ("text", "found"), [(JAPANESE, "ja"), (CHINESE, "zh-Hans"), ("末班車開往臺北，沒有人知道這是她的最後一夜。國際", "zh-Hant"), (KOREAN, "ko"), (ARABIC, "arabic"), ("Only Latin, 12.", ""), ("田中", "zh-Hans")]
)
def test_the_letters_of_a_deck_tell_what_it_is_written_in(text: str, found: str) -> None:
    assert letters.language(text) == found


def test_words_in_arabic_letters_say_which_language_they_are() -> None:
    assert [letters.language_of(one, "") for one in ("هذا فيلم قصير", "این یک فیلم کوتاه است", "یہ ایک مختصر فلم ہے")] == ["ar-SA", "fa-IR", "ur-PK"]


def test_chinese_letters_are_drawn_as_the_decks_readers_write_them() -> None:
    def family(text: str) -> str:
        (run, *_) = [one for one in faces([text]).line("sans", "直") if isinstance(one, Drawn)]
        return run.other.family

    assert (family(JAPANESE + "直"), family(CHINESE + "直"), family(KOREAN + "直")) == ("Noto Sans JP", "Noto Sans SC", "Noto Sans KR")


def test_without_a_face_the_letters_are_named_with_what_brings_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answerprint.presenting.shaping._installed", lambda *_: ())
    says = presenting.rendered(deck("静か" + ARABIC[:4]), [".pdf"])[2]
    assert len(says) == 1
    assert "か" in says[0]
    assert "(page 1, 2, 3)" in says[0]
    assert "answerprint[letters,letters-ja]" in says[0]
    assert "--face" in says[0]


def font_of(folder: Path, rights: int) -> Path:
    """A person's own face, with what its maker lets be done with it."""
    package = letters._folder("pylopdf_fonts_he")
    assert package is not None
    font = TTFont(package / "NotoSerifHebrew-Variable.ttf")
    font["OS/2"].fsType = rights
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = "Own Face"
    path = folder / f"own-{rights}.ttf"
    font.save(path)
    return path


def test_a_face_that_somebody_names_goes_before_those_of_packages_as_far_as_its_maker_lets_it(tmp_path: Path) -> None:
    def used(one: Faces) -> set[str]:
        return {run.other.family for run in one.line("sans", "שלום") if isinstance(run, Drawn)}

    assert used(faces(["שלום"], [font_of(tmp_path, 0)])) == {"Own Face"}
    with pytest.raises(DeckError, match="its maker does not let it be put into a file"):
        faces(["שלום"], [font_of(tmp_path, 2)])
    with pytest.raises(DeckError, match="only go whole"):
        faces(["שלום"], [font_of(tmp_path, 0x100)])
    with pytest.raises(DeckError, match="is not there"):
        faces(["שלום"], [tmp_path / "none.otf"])
    (tmp_path / "no.ttf").write_bytes(b"no font")
    with pytest.raises(DeckError, match="no font that can be read"):
        faces(["שלום"], [tmp_path / "no.ttf"])
    lying = faces(["שלום"], (), [font_of(tmp_path, 2), tmp_path / "no.ttf"])
    assert used(lying) == {"Noto Sans Hebrew"}
    assert lying.shaper is not None
    assert [one.partition(":")[0] for one in lying.shaper.says] == ["own-2.ttf", "no.ttf"]


def test_a_face_to_be_read_only_is_in_the_pdf_and_not_in_the_slides(tmp_path: Path) -> None:
    made = Deck(**{**vars(deck(HEBREW)), "faces": (font_of(tmp_path, 4),)})
    out = presenting.rendered(made, [".pdf", ".pptx"])[0]
    assert b"+NotoSerifHebrew" in out[".pdf"]
    assert "Own Face" not in embedded(out[".pptx"])
    assert 'cs typeface="Own Face"' in slide(out[".pptx"], 2)


# ---- slides


def slide(raw: bytes, number: int) -> str:
    with ZipFile(io.BytesIO(raw)) as packed:
        return packed.read(f"ppt/slides/slide{number}.xml").decode()


def embedded(raw: bytes) -> list[str]:
    return [one.get("typeface") for one in Presentation(io.BytesIO(raw)).part._element.iter("{*}font")]


@pytest.mark.parametrize(
    ("language", "tongue", "named"),
    [("ar", "ar-SA", 'a:cs typeface="Noto Naskh Arabic"'), ("he", "he-IL", 'a:cs typeface="Noto Serif Hebrew"'), ("ja", "ja-JP", 'a:ea typeface="Yu Mincho"'), ("ko", "ko-KR", 'a:ea typeface="Batang"'), ("th", "th-TH", 'a:cs typeface="Noto Serif Thai"')],
)
def test_a_slide_says_the_language_the_direction_and_the_face_of_its_words(language: str, tongue: str, named: str) -> None:
    raw = presenting.rendered(deck(ALL[language], by="מאיה" if language == "he" else "Mara Lind"), [".pptx"])[0][".pptx"]
    said = slide(raw, 2)
    assert f'lang="{tongue}"' in said
    assert named in said
    assert ('rtl="1"' in said) is (language in ("ar", "he"))
    words: Any = [shape.text_frame.text for shape in Presentation(io.BytesIO(raw)).slides[1].shapes if shape.has_text_frame]
    assert ALL[language] in words
    assert any("Noto" in one for one in embedded(raw)) is (language in ("ar", "he", "th"))
    for italic in re.findall(r'<a:rPr[^>]*i="1"[^>]*>.*?<a:t>(.*?)</a:t>', said):
        assert italic.isascii()


def test_a_template_takes_words_from_right_to_left() -> None:
    show = Presentation()
    out = io.BytesIO()
    show.save(out)
    raw = presenting.rendered(deck(ARABIC), [".pptx"], template=out.getvalue(), called="mine.pptx")[0][".pptx"]
    for one in Presentation(io.BytesIO(raw)).slides[1].placeholders:
        for paragraph in one.text_frame.paragraphs:
            assert (paragraph._p.pPr is not None and paragraph._p.pPr.get("rtl") == "1") is bidi.to_the_left(paragraph.text)


def test_the_fonts_of_a_production_are_looked_into(tmp_path: Path) -> None:
    import answerprint
    from answerprint.desk import Desk

    made = answerprint.new(tmp_path / "spot", rate="25")
    (made.path / "brief.md").write_text(f"# The Last Bus\nClient: Nordbrew\nProduct: coffee\n## Tone\n{HEBREW}\n", encoding="utf-8")
    (made.path / "assets" / "fonts").mkdir(parents=True, exist_ok=True)
    shutil.move(font_of(tmp_path, 0), made.path / "assets" / "fonts")
    found = presenting.make(Desk(made), [tmp_path / "deck.pptx"], faces=())
    assert [one.name for one in found.deck.lying] == ["own-0.ttf"]
    assert "Own Face" in embedded((tmp_path / "deck.pptx").read_bytes())


