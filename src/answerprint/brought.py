"""Files that people bring: what a grade, a mix and a music bed can be, and the sentence where a file is something else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from answerprint.desk import DeskError
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError
from answerprint.rushes import PICTURE, SOUND, shown

__all__ = ["GRADES", "STILLS", "belongs", "check", "endings"]

#: A look-up table, a colour decision list in its three forms, and a grade saved as a still's companion.
GRADES = frozenset(".cube .cdl .cc .ccc .drx".split())
STILLS = frozenset(".png .jpg .jpeg .tif .tiff".split())
_HEARD = {Judgment.MIX: "a mix", Judgment.MUSIC_BED: "a music bed"}


def endings(judgment: str) -> frozenset[str] | None:
    """How the names of files end that a judgment can choose, with the dot, in small letters; None where any file will do."""
    if judgment == Judgment.GRADE:
        return GRADES | STILLS | PICTURE
    return SOUND | PICTURE if judgment in _HEARD else None


def belongs(judgment: str, names: Iterable[str]) -> list[str]:
    """The names among these that a judgment can choose."""
    wanted = endings(judgment)
    return [name for name in names if wanted is None or Path(name).suffix.lower() in wanted]


def check(path: Path, judgment: str) -> None:
    """Look whether a file is what a judgment chooses: a movie, a still or sound is opened, not believed by its name.

    Raises: DeskError: it is something else, is empty, or cannot be read; the sentence says what belongs there.
    """
    wanted = endings(judgment)
    if wanted is None:
        return
    heard = judgment in _HEARD
    what = "sound, or a movie that has sound" if heard else f"a look ({', '.join(sorted(GRADES))}), a graded movie, or a still of one"
    name = _HEARD[Judgment(judgment)] if heard else "a grade"
    suffix = path.suffix.lower()
    found = _unreadable(path, heard=heard) if suffix in wanted else "it is something else"
    if found:
        raise DeskError(f"{shown(path.name)} is not {name}: {found}. What belongs there is {what}.")


def _unreadable(path: Path, *, heard: bool) -> str:
    """What speaks against a file whose name fits; "" where nothing does."""
    suffix = path.suffix.lower()
    try:
        if not path.stat().st_size:
            return "there is nothing in it"
        if suffix in GRADES:
            return ""
        if suffix in STILLS:
            from PIL import Image

            with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as picture:
                picture.verify()
            return ""
        from answerprint.media.probe import probe

        info = probe(path)
    except (AnswerprintError, OSError, SyntaxError, ValueError) as cause:
        return str(cause).rstrip(".") if isinstance(cause, AnswerprintError) else "it cannot be read"
    if heard:
        return "" if info.audio else "it has no sound"
    return "" if info.video else "it has no picture"
