"""Split stems: dialogue, music and effects apart, as other languages need them. What is which, the cut says; nothing is taken apart by ear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError
from answerprint.delivery.mixing import LAYOUTS, STEMS, Sound
from answerprint.delivery.plan import Plan

__all__ = ["MixMinus", "Stems", "known", "stem_of", "voiced"]

#: How tracks and roles are called, beside the stem's own name. Whole words, whatever the letters' case.
_WORDS = {
    "dialogue": "dialogue dialog dial dia dx vo voice voiceover voices speech",
    "music": "music mus mx score song bed",
    "effects": "effects effect sfx fx efx foley ambience amb atmos atmo",
}
_STEM_OF = {word: stem for stem, words in _WORDS.items() for word in words.split()}
_NAMED = 5  #: sounds in one sentence


def stem_of(roles: Iterable[str], track: str) -> str:
    """The stem of a clip by its roles ("music.Bed"), else by its track's name ("MX 1"); empty where they do not say, or say two things."""
    for names in ([role.split("?")[0].split(".")[0] for role in roles], [track]):
        found = {stem for name in names for word in re.findall(r"[a-z]+", name.casefold()) if (stem := _STEM_OF.get(word))}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def known(plan: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The film with a stem for every piece, and sentences on those that do not say it themselves.

    Where some sounds of a cut carry a stem, one with none is dialogue: Final Cut takes every sound for that and writes down the others.
    Raises: DeliveryError: no sound of the cut says what it is, or its sound is a finished mix of two channels.
    """
    silent = [piece for piece in plan.pieces if not piece.stem and not piece.finished]
    if not silent:
        return plan, ()
    names = list(dict.fromkeys(plan.media[piece.medium].name for piece in silent))
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    if not any(piece.stem for piece in plan.pieces):
        says = f"the cut does not say which of its sounds are dialogue, music and effects: {shown}."
        raise DeliveryError(f"{says} Name their tracks DIALOGUE, MUSIC and EFFECTS, give the clips those roles, or bring the stems from the mixer.")
    pieces = tuple(piece if piece.stem or piece.finished else replace(piece, stem="dialogue") for piece in plan.pieces)
    return replace(plan, pieces=pieces), (f"{shown}: no role stands on it, while others have one; it is heard in the dialogue, as in Final Cut.",)


def voiced(plan: Plan) -> None:
    """Raises: DeliveryError: nothing in the film is dialogue, so that a mix without the voice would be the mix under another name."""
    if not any(piece.finished or piece.stem == "dialogue" for piece in plan.pieces):
        says = "no sound of the cut is dialogue, so there is no voice to leave out of it."
        raise DeliveryError(f"{says} Name the voice's track DIALOGUE or VO, or deliver the film's own mix where nobody speaks.")


class MixMinus:
    """Music and effects, as they stand in the mix; the dialogue is left out, and no level is altered.

    A finished mix has to bring its stems apart, as `Stems` takes them.
    """

    def __init__(self, plan: Plan, layout: str, *, silent: int = 0) -> None:
        self.parts = [Sound(plan, layout, silent=silent, stem=stem) for stem in STEMS if stem != "dialogue"]
        self.channels = len(LAYOUTS[layout])
        self.groups = (("Music and effects", tuple(range(self.channels))),)
        self.clipped = 0
        self.first_clipped: int | None = None

    def block(self, first: int, count: int) -> NDArray[np.float32]:
        """As `Sound.block`: float32, shape (channels, count)."""
        total = np.sum([part.block(first, count) for part in self.parts], axis=0, dtype=np.float32)
        over = np.abs(total).max(axis=0) > 1.0
        if over.any():
            self.clipped += int(over.sum())
            self.first_clipped = first + int(over.argmax()) if self.first_clipped is None else self.first_clipped
        return np.asarray(total)

    @property
    def silenced(self) -> bool:
        return any(part.silenced for part in self.parts)


class Stems:
    """The sound of a film in three parts, one after the other in its channels.

    A finished mix has to bring them that way: channels of the dialogue, then of the music, then of the effects.
    """

    def __init__(self, plan: Plan, layout: str, *, silent: int = 0) -> None:
        self.parts = [Sound(plan, layout, silent=silent, stem=stem) for stem in STEMS]
        self.groups = tuple((stem.capitalize(), tuple(range(n * len(LAYOUTS[layout]), (n + 1) * len(LAYOUTS[layout])))) for n, stem in enumerate(STEMS))
        self.channels = sum(part.channels for part in self.parts)

    def block(self, first: int, count: int) -> NDArray[np.float32]:
        """As `Sound.block`: float32, shape (channels of all stems, count)."""
        return np.concatenate([part.block(first, count) for part in self.parts])

    @property
    def clipped(self) -> int:
        return sum(part.clipped for part in self.parts)

    @property
    def first_clipped(self) -> int | None:
        return min((part.first_clipped for part in self.parts if part.first_clipped is not None), default=None)

    @property
    def silenced(self) -> bool:
        return any(part.silenced for part in self.parts)
