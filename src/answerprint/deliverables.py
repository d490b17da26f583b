"""What a version is to be delivered for, and on which raster: what versions.csv, the specs and the production say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.model.delivery import Spec

__all__ = ["raster", "wanted"]


def wanted(desk: Desk, version: str) -> tuple[str, ...]:
    """The specs that a version is to be delivered for: those that versions.csv gives it, else the production's."""
    return desk.family[version].specs or tuple(desk.production.settings["specs"])


def raster(spec: Spec, desk: Desk, version: str) -> tuple[int, int]:
    """The raster of a version for a spec: the spec's, else the production's, the cut's, or the largest clip's."""
    from answerprint.timeline.cut import cut_info

    cut = cut_info(desk.timeline(version))
    if spec.picture.width and spec.picture.height:
        return spec.picture.width, spec.picture.height
    if desk.production.settings["raster"]:
        width, height = desk.production.settings["raster"]
        return int(width), int(height)
    if cut.width and cut.height:
        return cut.width, cut.height
    sizes = [unit.info.video.display_size for unit in desk.shoot.clips if unit.info.video is not None]
    return max(sizes, default=(1920, 1080))
