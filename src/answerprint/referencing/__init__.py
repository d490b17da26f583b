"""Reference frames: pictures that say what a shot could look like, before anything is shot. Own stills first, then the library, then generated ones.

They are shown to people and go into no film. A generated one carries its label in the file, and the deck says it in words. A named person chooses.
"""

from __future__ import annotations

from answerprint.referencing.axes import AXES, Variation, axes_of, grid
from answerprint.referencing.bringing import bring, from_library, library_shots, moment, take_in
from answerprint.referencing.choosing import (
    FOLDER,
    Frame,
    FrameError,
    Reference,
    choose,
    chosen,
    frames,
    is_generated,
    origin_of,
    plain,
    withdraw,
)
from answerprint.referencing.generating import Asked, Generated, generate, looked, request_for
from answerprint.referencing.looks import Look, Side, crossed, look, looks, unmark

__all__ = [
    "AXES",
    "FOLDER",
    "Asked",
    "Frame",
    "FrameError",
    "Generated",
    "Look",
    "Reference",
    "Side",
    "Variation",
    "axes_of",
    "bring",
    "choose",
    "chosen",
    "crossed",
    "frames",
    "from_library",
    "generate",
    "grid",
    "is_generated",
    "library_shots",
    "look",
    "looked",
    "looks",
    "moment",
    "origin_of",
    "plain",
    "request_for",
    "take_in",
    "unmark",
    "withdraw",
]  # fmt: skip
