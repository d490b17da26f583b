"""What one worker shows: frames of the film out of the originals, each seen through its look and its grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import av

from answerprint.delivery.fitting import Fitter, multiplied
from answerprint.delivery.nearing import Mended, mended, near
from answerprint.delivery.plan import Mix, Plan, Still
from answerprint.delivery.planes import Sheet, black, blended, over
from answerprint.delivery.sources import Reader
from answerprint.media.cube import Lut
from answerprint.media.look import Look
from answerprint.model.delivery import PictureSpec

__all__ = ["Looks", "Projector"]

_OPEN = 6  #: media that one worker holds open; a decoder with its frames is 100 MB at UHD


class Looks:
    """What each picture of a film is seen through.

    A person's CDL stands in place of the one from the set, before the show LUT; a person's LUT in place of everything.
    Args: look: one for all media, or by the plan's key of a medium, "*" for every other.
    """

    def __init__(self, plan: Plan, look: Look | Mapping[str, Look] | None) -> None:
        self._plan, self._look = plan, look
        self._of: dict[tuple[str, int], Look | None] = {}

    def of(self, still: Still) -> Look | None:
        """None where it is seen as it was shot."""
        key = (still.medium, still.shot)
        if key not in self._of:
            given = self._look
            shown = given if isinstance(given, Look) or given is None else given.get(still.medium) or given.get("*")
            grade = self._plan.grades.get(still.shot)
            self._of[key] = shown if grade is None else _under(grade, shown)
        return self._of[key]

    def seals(self, still: Still) -> tuple[str, ...]:
        found = self.of(still) if still.medium else None
        return found.digests if found is not None else ()

    def write(self, folder: Path) -> dict[tuple[str, ...], Path | Mended]:
        """Every look of the film by the seals of what is in it: as a .cube file, with what it misses where frames of the film come out of it too far off."""
        found: dict[tuple[str, ...], Path | Mended] = {}
        looked: set[tuple[str, tuple[str, ...]]] = set()
        for still in dict.fromkeys(still for mix in self._plan.frames for _, still in mix):
            seals = self.seals(still)
            if not seals or (look := self.of(still)) is None:
                continue
            if seals not in found:
                found[seals] = path = folder / f"{len(found)}.cube"
                look.write(path)
            cube = found[seals]
            if (still.medium, seals) not in looked and isinstance(cube, Path) and not near(look, self._plan.media[still.medium]):
                found[seals] = mended(look, cube)
            looked.add((still.medium, seals))
        return found


def _under(grade: Look, shown: Look | None) -> Look:
    """A grade with what stays below it of the look that a medium is seen through."""
    if shown is None or any(isinstance(step, Lut) for step in grade.steps):
        return grade
    kept = [n for n, step in enumerate(shown.steps) if isinstance(step, Lut)]
    parts = {name: (*getattr(grade, name), *(getattr(shown, name)[n] for n in kept)) for name in ("steps", "names", "whence", "digests")}
    return replace(grade, **parts)


class Projector:
    """Args: cubes: of `Looks.write`."""

    def __init__(self, plan: Plan, picture: PictureSpec, looks: Looks, cubes: Mapping[tuple[str, ...], Path | Mended]) -> None:
        self._plan, self._picture, self._looks, self._cubes = plan, picture, looks, cubes
        self._open: dict[str, tuple[Reader, dict[tuple[str, ...], Fitter]]] = {}
        self._last: tuple[Any, av.VideoFrame | None] = (None, None)
        self._black: av.VideoFrame | None = None
        self._sheets: dict[tuple[Any, ...], Sheet] = {}

    def mixed(self, mix: Mix) -> av.VideoFrame:
        """A frame of the film."""
        wanted = tuple((weight, still.medium, still.frame, still.box, still.layer, self._looks.seals(still)) for weight, still in mix)
        if self._last[1] is not None and self._last[0] == wanted:
            return self._last[1]
        parts = [(weight, self._still(still)) for weight, still in mix if not still.layer]
        if not parts:
            made = self._nothing()
        elif len(parts) == 1 and parts[0][0] == 1:
            made = parts[0][1]
        else:
            made = blended(parts, full_range=self._picture.full_range)
        for layer in sorted({still.layer for _, still in mix if still.layer}):
            made = over(made, [(weight, self._sheet(still)) for weight, still in mix if still.layer == layer], full_range=self._picture.full_range)
        self._last = wanted, made
        return made

    def _sheet(self, still: Still) -> Sheet:
        """A picture to be laid over others; a still picture is worked out once."""
        medium = self._plan.media.get(still.medium)
        if medium is None or not medium.see_through:
            return Sheet(picture=self._still(still), cover=None)
        key = (still.medium, still.box, self._looks.seals(still))
        if medium.info is None and key in self._sheets:
            return self._sheets[key]
        reader, fitter = self._fitted(still)
        frame = reader.frame(still.frame)
        straight = medium.info is not None or bool(self._looks.seals(still))  # a look bends colours that are multiplied
        picture = fitter.fit(frame if straight else multiplied(frame), still.box)
        made = Sheet(picture=picture, cover=fitter.cover(frame, still.box), multiplied=not straight)
        if medium.info is None:
            if len(self._sheets) >= _OPEN:
                self._sheets.pop(next(iter(self._sheets)))
            self._sheets[key] = made
        return made

    def _still(self, still: Still) -> av.VideoFrame:
        if not still.medium:
            return self._nothing()
        reader, fitter = self._fitted(still)
        return fitter.fit(reader.frame(still.frame), still.box)

    def _fitted(self, still: Still) -> tuple[Reader, Fitter]:
        """What reads a medium, and what fits its frames."""
        if still.medium not in self._open:
            while len(self._open) >= _OPEN:
                self._open.pop(next(iter(self._open)))[0].close()
            medium = self._plan.media[still.medium]
            combed = self._picture.interlaced and medium.info is not None and medium.info.video is not None and medium.info.video.display_size == self._plan.size
            self._open[still.medium] = Reader(medium, combed=combed), {}
        else:
            self._open[still.medium] = self._open.pop(still.medium)
        reader, fitters = self._open[still.medium]
        seals = self._looks.seals(still)
        if seals not in fitters:
            given = self._cubes.get(seals)
            path, exact = (None, given) if isinstance(given, Mended) else (given, None)
            fitters[seals] = Fitter(self._plan.media[still.medium], self._picture, self._plan.size, look=path, exact=exact)
        return reader, fitters[seals]

    def _nothing(self) -> av.VideoFrame:
        if self._black is None:
            self._black = black(self._plan.size, self._picture.pixel_format, full_range=self._picture.full_range)
        return self._black

    def forget(self) -> None:
        """Start afresh: what comes next does not depend on what was shown before."""
        for reader, _ in self._open.values():
            reader.forget()
        self._last = (None, None)

    def close(self) -> None:
        for reader, _ in self._open.values():
            reader.close()
        self._open.clear()
