"""The film's picture under a super: frames of a version as they are rendered, with look and grade, for a raster."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from answerprint.delivery.plan import Plan
    from answerprint.delivery.projecting import Projector
    from answerprint.desk import Desk

__all__ = ["Backdrops"]

_HELD = 48  #: pictures that are kept at hand; at HD they are 300 MB


class Backdrops:
    """Reads each picture once, and works each version out once for a raster. Close it when done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._films: dict[tuple[str, tuple[int, int]], tuple[Plan, Projector] | None] = {}
        self._held: OrderedDict[tuple[str, tuple[int, int], int], NDArray[np.uint8]] = OrderedDict()
        self._folder = tempfile.TemporaryDirectory(prefix="answerprint-looks-")
        self.says: dict[str, None] = {}  #: what could not be looked at, and why

    def close(self) -> None:
        for film in self._films.values():
            if film is not None:
                film[1].close()
        self._films.clear()
        self._folder.cleanup()

    def __enter__(self) -> Backdrops:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def frames(self, version: str, size: tuple[int, int], wanted: Sequence[int]) -> tuple[NDArray[np.uint8], ...]:
        """Frames of a version, uint8 RGB of shape (h, w, 3); none where its media are away, which `says` then says."""
        found = []
        for number in wanted:
            key = (version, size, number)
            if key not in self._held:
                film = self._film(version, size)
                if film is None:
                    return ()
                plan, projector = film
                try:
                    picture = projector.mixed(plan.frames[min(max(number, 0), len(plan.frames) - 1)])
                except AnswerprintError as error:
                    self.says[f"{version}: its picture could not be looked at: {error}"] = None
                    return ()
                self._held[key] = cast("Any", picture.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray())
                while len(self._held) > _HELD:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            found.append(self._held[key])
        return tuple(found)

    def _film(self, version: str, size: tuple[int, int]) -> tuple[Plan, Projector] | None:
        key = (version, size)
        if key not in self._films:
            try:
                self._films[key] = self._worked_out(version, size)
            except AnswerprintError as error:
                self.says[f"{version}: its picture could not be looked at: {error}"] = None
                self._films[key] = None
        return self._films[key]

    def _worked_out(self, version: str, size: tuple[int, int]) -> tuple[Plan, Projector]:
        from answerprint import films
        from answerprint.delivery.projecting import Looks, Projector
        from answerprint.model.charter import Judgment
        from answerprint.model.delivery import PictureSpec, Spec
        from answerprint.previews import planned

        picture = PictureSpec(codec="libx264", width=size[0], height=size[1])
        spec = Spec(name="sheet", title="a contact sheet", source="", dated="", container="mp4", picture=picture)
        chosen = [one for one in films.chosen(self._desk, version, drafts_first=True) if one.judgment != Judgment.MIX]
        plan, looks, _ = planned(self._desk, version, spec, chosen)
        seen = Looks(plan, looks)
        folder = Path(self._folder.name) / str(len(self._films))
        folder.mkdir()
        return plan, Projector(plan, picture, seen, seen.write(folder))
