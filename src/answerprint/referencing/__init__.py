"""Reference frames: pictures that say what a shot could look like, before anything is shot. Own stills first, then the library, then generated ones.

They are shown to people and go into no film. A generated one carries its label in the file, and the deck says it in words. A named person chooses.
"""

from __future__ import annotations

from answerprint.referencing.axes import AXES, Variation, axes_of, grid
from answerprint.referencing.choosing import (
    FOLDER,
    Frame,
    FrameError,
    Reference,
    choose,
    chosen,
    frames,
    from_library,
    is_generated,
    origin_of,
    plain,
    take_in,
    withdraw,
)
from answerprint.referencing.generating import Generated, generate, request_for
from answerprint.referencing.looks import Look, Side, crossed, look, looks

__all__ = [
    "AXES",
    "FOLDER",
    "Frame",
    "FrameError",
    "Generated",
    "Look",
    "Reference",
    "Side",
    "Variation",
    "axes_of",
    "choose",
    "chosen",
    "crossed",
    "frames",
    "from_library",
    "generate",
    "grid",
    "is_generated",
    "look",
    "looks",
    "origin_of",
    "plain",
    "request_for",
    "take_in",
    "withdraw",
]  # fmt: skip
