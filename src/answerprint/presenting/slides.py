"""A deck as slides: the laid pages as PowerPoint keeps them, words as words, pictures whole, headings as titles, warnings in the notes.

The faces lie in the file (`embedding`): an office program that reads them shows the deck as it was laid, and whoever edits it types in them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from answerprint.presenting.embedding import embed
from answerprint.presenting.faces import FAMILIES, Faces
from answerprint.presenting.page import HEIGHT, WIDTH, Image, Page, Rule, Text
from answerprint.presenting.records import Deck, DeckError
from answerprint.presenting.speaking import others, spoken

__all__ = ["described", "library", "placed", "pptx", "written"]

_TITLE_ONLY = 5  #: in the library's own template: the layout with a title and nothing else
_PITCH = {"sans": "34", "strong": "34", "serif": "18", "italic": "18"}  #: swiss and roman, of variable pitch, as Windows counts them (FF_SWISS, FF_ROMAN): a program that lacks a face looks for one of its kind
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def library() -> Any:
    """python-pptx.

    Raises: DeckError: it is not installed.
    """
    try:
        import pptx as made
    except ImportError as cause:
        raise DeckError("slides are written by python-pptx, which is not installed. Say: pip install 'answerprint[decks]'. A PDF needs only fontTools of it.") from cause
    return made


def pptx(deck: Deck, pages: Sequence[Page], faces: Faces) -> bytes:
    """The whole deck in the house's design."""
    from pptx.util import Pt

    show = library().Presentation()
    show.slide_width, show.slide_height = Pt(WIDTH), Pt(HEIGHT)
    show.part._element.sldSz.attrib.pop("type", None)  # the library's own template is 4:3 and says so
    _named_faces(show)
    for number in reversed(range(len(show.slide_layouts))):
        if number != _TITLE_ONLY:
            show.slide_layouts.remove(show.slide_layouts[number])
    layout = show.slide_layouts[0]
    _lay_out(layout)
    for page in pages:
        slide = show.slides.add_slide(layout)
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _rgb(page.ground)
        for one in page.things:
            if isinstance(one, Image):
                placed(slide, one)
            elif isinstance(one, Rule):
                _rule(slide, one)
            elif one.role == "title":
                _title(slide, one, faces)
            else:
                _words(slide, one, faces)
        _last(slide)
        if page.notes:
            slide.notes_slide.notes_text_frame.text = "\n".join(page.notes)
    embed(show, faces, others(pages, faces))
    return written(show, deck)


def written(show: Any, deck: Deck) -> bytes:
    """The bytes of a presentation, with what it says of itself."""
    facts = show.core_properties
    facts.title, facts.author, facts.last_modified_by, facts.comments, facts.keywords = deck.title, deck.by, "", "", ""
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def placed(slide: Any, image: Image) -> Any:
    """A picture on a slide, in its own proportions, with words for whoever does not see it."""
    from pptx.util import Pt

    made = slide.shapes.add_picture(io.BytesIO(image.prepared.data), Pt(image.x), Pt(image.y), Pt(image.width), Pt(image.height))
    described(made, image)
    return made


def described(shape: Any, image: Image) -> None:
    shape._element.nvPicPr.cNvPr.set("descr", ". ".join(filter(None, (image.picture.says.rstrip("."), image.picture.credit))))


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor(int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16))


def _title(slide: Any, text: Text, faces: Faces) -> None:
    """The page's heading stands in the slide's own title: outlines and readers aloud know it by that."""
    from pptx.util import Pt

    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Pt(text.x), Pt(text.y), Pt(text.width), Pt(max(text.height, text.leading))
    _filled(shape.text_frame, text, faces)


def _words(slide: Any, text: Text, faces: Faces) -> None:
    from pptx.util import Pt

    _filled(slide.shapes.add_textbox(Pt(text.x), Pt(text.y), Pt(text.width), Pt(text.height)).text_frame, text, faces)


def _filled(frame: Any, text: Text, faces: Faces) -> None:
    """The words in their place. A program that shows another, wider face makes them smaller instead of letting them run over what stands beneath."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE, MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if text.right else PP_ALIGN.LEFT
    paragraph.line_spacing, paragraph.space_before, paragraph.space_after = Pt(text.leading), Pt(0), Pt(0)
    run = paragraph.add_run()
    run.text = text.words
    run.font.name, run.font.size, run.font.bold, run.font.italic = FAMILIES[text.face], Pt(text.size), text.face == "strong", text.face == "italic"
    run.font.color.rgb = _rgb(text.colour)
    run._r.rPr.find(f"{{{_A}}}latin").set("pitchFamily", _PITCH[text.face])
    spoken(paragraph, faces, text.face)


def _rule(slide: Any, rule: Rule) -> None:
    from pptx.enum.dml import MSO_LINE
    from pptx.enum.shapes import MSO_CONNECTOR
    from pptx.util import Pt

    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(rule.x), Pt(rule.y), Pt(rule.x + rule.width), Pt(rule.y + rule.height))
    line.line.color.rgb, line.line.width = _rgb(rule.colour), Pt(1 if rule.dotted else 0.5)
    if rule.dotted:
        line.line.dash_style = MSO_LINE.ROUND_DOT


def _last(slide: Any) -> None:
    """A title that was not filled goes: an empty one shows as "Click to add title" to whoever edits."""
    title = slide.shapes.title
    if title is not None and not title.text_frame.text:
        title._element.getparent().remove(title._element)


def _lay_out(layout: Any) -> None:
    """The layout's places where the pages have theirs; no date, footer and number of its own."""
    from pptx.util import Pt

    for shape in list(layout.placeholders):
        if shape.placeholder_format.idx:
            shape._element.getparent().remove(shape._element)
        else:
            shape.left, shape.top, shape.width, shape.height = Pt(64), Pt(54), Pt(WIDTH - 128), Pt(34)
    layout.name = "Page"
    for shape in layout.slide_master.placeholders:  # the library's own template is 720 points wide
        shape.left, shape.width = int(shape.left * WIDTH / 720), int(shape.width * WIDTH / 720)


def _named_faces(show: Any) -> None:
    """The theme's faces, so that what somebody adds is set like the rest."""
    from lxml import etree  # type: ignore[import-untyped]

    theme = next(rel.target_part for rel in show.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    tree = etree.fromstring(theme.blob)
    for kind, family in (("majorFont", FAMILIES["serif"]), ("minorFont", FAMILIES["sans"])):
        for latin in tree.iterfind(f".//{{{_A}}}{kind}/{{{_A}}}latin"):
            latin.set("typeface", family)
    theme._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
