"""What stands on a page of a deck, on 960 x 540 points: words in boxes with every line measured, pictures in their own proportions, and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from answerprint.presenting.breaking import broken, rejoined
from answerprint.presenting.faces import Faces
from answerprint.presenting.pictures import Prepared
from answerprint.presenting.records import Part, Picture

__all__ = ["FOOT", "HAIR", "HEIGHT", "INK", "PAPER", "QUIET", "SPARE", "WIDTH", "Image", "Page", "Rule", "Text", "text_at", "wrapped"]

WIDTH, HEIGHT = 960, 540  #: points: 13.333 x 7.5 inches, the wide slide of PowerPoint and Keynote
FOOT = 496  #: where the page's foot begins
SPARE = 0.94  #: of a line that is filled, so that a slide holds with a wider face where Source Sans and Serif are not installed
PAPER, INK, QUIET, HAIR = "F6F6F6", "1C1C1C", "5E5E5E", "D4D4D4"


@dataclass(frozen=True, kw_only=True)
class Text:
    """Words in a box: the lines as they break here, and the paragraph they are of."""

    x: float
    y: float
    width: float
    lines: tuple[str, ...]
    face: str
    size: float
    leading: float
    colour: str
    role: Literal["title", "body", "credit", "foot"] = "body"
    right: bool = False
    spare: bool = True  #: whether the lines were broken with room to spare
    passage: bool = False  #: a person's or the machine's paragraph, or the name under it: it stands at the side where its own words begin

    @property
    def height(self) -> float:
        return len(self.lines) * self.leading

    @property
    def words(self) -> str:
        return rejoined(self.lines)

    @property
    def leftward(self) -> bool:
        """Whether its paragraph runs from right to left."""
        return bool(self.lines) and bool(getattr(self.lines[0], "leftward", False))


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture in its own proportions."""

    x: float
    y: float
    width: float
    height: float
    picture: Picture
    prepared: Prepared


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line: a hairline across, or dotted down beside the machine's words."""

    x: float
    y: float
    width: float = 0
    height: float = 0
    colour: str = HAIR
    dotted: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page, its things in the order they are read."""

    name: str
    ground: str = PAPER
    things: tuple[Text | Image | Rule, ...] = ()
    notes: tuple[str, ...] = ()
    part: Part | None = None


def wrapped(faces: Faces, face: str, text: str, size: float, width: float) -> tuple[str, ...]:
    """Lines no wider than this. A word that is wider than a line is broken where the line ends."""
    if faces.shaped(text):
        return broken(lambda line: faces.width(face, line, size), text, width)
    lines: list[str] = []
    line = ""
    for word in text.split():
        while faces.width(face, word, size) > width and len(word) > 1:
            cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or faces.width(face, word[:n], size) <= width)
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:cut])
            word = word[cut:]
        tried = f"{line} {word}".strip()
        if line and faces.width(face, tried, size) > width:
            lines.append(line)
            line = word
        else:
            line = tried
    return tuple([*lines, line] if line else lines)


def text_at(faces: Faces, words: str, x: float, y: float, width: float, face: str, size: float, leading: float, colour: str, role: Literal["title", "body", "credit", "foot"] = "body") -> Text:
    """Words at a place, broken to a width."""
    return Text(x=x, y=y, width=width, lines=wrapped(faces, face, words, size, width * SPARE), face=face, size=size, leading=leading, colour=colour, role=role)
