"""Final Draft's files, and XML that is none."""

from __future__ import annotations

import pytest

from answerprint.script import Script, ScriptError, read


def fdx(content: str, rest: str = "") -> Script:
    return read("spot.fdx", f'<?xml version="1.0" encoding="UTF-8"?><FinalDraft DocumentType="Script" Version="5"><Content>{content}</Content>{rest}</FinalDraft>'.encode())


def p(kind: str, text: str, more: str = "", **attributes: str) -> str:
    extra = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<Paragraph Type="{kind}"{extra}><Text>{text}</Text>{more}</Paragraph>'


SPEECH = p("Character", "NOAH (V.O.)") + p("Parenthetical", "(low)") + p("Dialogue", "Larkfield.")


def test_paragraphs_become_elements_and_items() -> None:
    script = fdx(p("Scene Heading", "INT. KITCHEN", '<SceneProperties Page="3"/>', Number="7A") + p("Action", "Coffee falls.") + SPEECH + p("Transition", "CUT TO:"))
    assert [element.kind for element in script.elements] == ["scene heading", "action", "character", "parenthetical", "dialogue", "transition"]
    assert [(item.kind, item.scene, item.page, item.text) for item in script.items] == [
        ("picture", "7A", 3, "Coffee falls."), ("voice-over", "7A", 3, "Larkfield."),
    ]  # fmt: skip


def test_runs_are_one_text_with_styles() -> None:
    (element,) = fdx('<Paragraph Type="Action"><Text>A </Text><Text Style="Bold+Italic">cup</Text><Text>.</Text></Paragraph>').elements
    assert element.text == "A cup."
    assert {(style.start, style.end, style.kind) for style in element.styles} == {(2, 5, "bold"), (2, 5, "italic")}


def test_two_speakers_side_by_side() -> None:
    script = fdx("<Paragraph><DualDialogue>" + p("Character", "A") + p("Dialogue", "Yes.") + p("Character", "B") + p("Dialogue", "No.") + "</DualDialogue></Paragraph>")
    assert [element.dual for element in script.elements] == ["left", "left", "right", "right"]
    assert [item.character for item in script.items] == ["A", "B"]


def test_alternative_lines_belong_to_their_line() -> None:
    script = fdx(
        p("Character", "A") + p("Dialogue", "Yes.", '<Alts Current="0"><AltId>4</AltId><AltId>9</AltId></Alts>'),
        '<AltCollection><Alt Id="4"><Paragraph><Text>Sure.</Text></Paragraph></Alt></AltCollection>',
    )
    assert script.items[0].alts == ("Sure.",)
    assert "is not in the file" in script.notes[0]


def test_a_script_note_finds_the_words_it_is_pinned_to() -> None:
    script = fdx(
        p("Action", "A cup.") + p("Action", "A car.") + p("Action", "A sunrise."),
        '<ScriptNotes><ScriptNote Range="7,12"><Paragraph><Text>HERO: the car</Text></Paragraph></ScriptNote>'
        '<ScriptNote Range="900,901"><Paragraph><Text>lost</Text></Paragraph></ScriptNote></ScriptNotes>',
    )
    assert [item.hero for item in script.items] == [None, "the car", None]
    assert [element.kind for element in script.elements] == ["action", "action", "note", "action", "note"]
    assert "pinned to no place" in script.notes[0]


def test_a_note_in_double_brackets_works_here_too() -> None:
    script = fdx(p("Action", "A cup. [[HERO: the cup]]"))
    assert (script.items[0].text, script.items[0].hero) == ("A cup.", "the cup")


def test_an_omitted_scene_is_kept_and_nothing_to_shoot() -> None:
    script = fdx('<Paragraph Type="Scene Heading"><Text>OMITTED</Text><OmittedScene>' + p("Action", "A car.") + "</OmittedScene></Paragraph>" + p("Action", "A cup."))
    assert [(element.kind, element.text) for element in script.elements if not element.printed] == [("omitted", "A car.")]
    assert [item.text for item in script.items] == ["A cup."]


def test_an_unknown_type_is_kept_as_action_and_said() -> None:
    script = fdx(p("Hologram", "A cup."))
    assert script.elements[0].kind == "action"
    assert "Hologram" in script.notes[0]


def test_the_title_page_names_title_and_author() -> None:
    page = "".join(p("General", line) for line in ("FIRST POUR", "Written by", "Noah"))
    script = fdx(p("Action", "A cup."), f"<TitlePage><Content>{page}</Content></TitlePage>")
    assert (script.title, script.credit, script.author) == ("FIRST POUR", "Written by", "Noah")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"<FinalDraft><Content>", "not whole XML"),
        (b"<?xml version='1.0'?><html/>", "not Final Draft's"),
        (b"<FinalDraft/>", "without content"),
        (b"<FinalDraft><Content/></FinalDraft>", "no paragraph"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><FinalDraft><Content><Paragraph><Text>&b;</Text></Paragraph></Content></FinalDraft>', "entities"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><FinalDraft/>'.encode("utf-16"), "entities"),
        (b"<FinalDraft><Content>" + b"<Paragraph>" * 5000, "not whole XML"),
        (b"INT. KITCHEN", "not whole XML"),
    ],
)
def test_what_is_not_a_final_draft_file_is_a_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(ScriptError, match=says):
        read("a.fdx", raw)
