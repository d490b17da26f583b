"""What a clip's file name says: camera, roll and clip number, or scene and take where somebody named it so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from answerprint.model.attempts import Reading
from answerprint.script.settling import clean_scene

__all__ = ["named", "stem"]

#: ARRI, RED, Sony and most others: A001_C003_0607AB, A001C003_260607_R1AB, B003C012
_CAMERA = re.compile(r"^([A-Z])(\d{3,4})[_-]?C(\d{3,4})(?:[_-].*)?$", re.IGNORECASE)
_SLATED = (
    re.compile(r"^S(?:C(?:ENE)?)?[_ .-]?(\d{1,4}[A-Z]{0,2})[_ .-]*(?:T(?:K|AKE)?)[_ .-]?(\d{1,3})(PU)?(?:[_ .-].*)?$", re.IGNORECASE),  # S01T02, Scene 1A Take 3
    re.compile(r"^(\d{1,4}[A-Z]{0,2})[_ .-]+(?:T(?:K|AKE)?[_ .-]?)?(\d{1,3})(PU)?(?:[_ .-][A-Z])?$", re.IGNORECASE),  # 1A-3, 1A_T03, 42-2
)
_DATES = re.compile(r"^(?:19|20)\d{2}$")  # 2026-11 is a month, no slate


def stem(file: str) -> str:
    """A path's last part without its suffix."""
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def named(file: str) -> Iterable[Reading]:
    """Readings of one file name; none where it says nothing anybody meant."""
    name = stem(file)
    if match := _CAMERA.match(name):
        yield Reading(what="camera", value=match[1].upper(), source="file name")
        return
    for pattern in _SLATED:
        if (match := pattern.match(name)) and not _DATES.match(match[1]):
            scene = clean_scene(match[1])
            yield Reading(what="slate" if scene.isdigit() and not name.upper().startswith("S") else "scene", value=scene, source="file name")
            yield Reading(what="take", value=str(int(match[2])), source="file name")
            if match[3]:
                yield Reading(what="pickup", value="yes", source="file name")
            return
