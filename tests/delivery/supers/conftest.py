"""One font set for all of it: making one weight of a variable font takes a second."""

from __future__ import annotations

import pytest

from answerprint.delivery import supers


@pytest.fixture(scope="session")
def fonts() -> supers.Fonts:
    return supers.fonts(system=False)


@pytest.fixture(scope="session")
def stage(fonts: supers.Fonts) -> supers.Stage:
    return supers.Stage(size=(320, 180), fonts=fonts)


PLATE = """
schema = 1
title = "Plate"
use = "tests"
[palette]
ground = "#101010"
[[layer]]
name = "plate"
kind = "block"
around = ["line"]
pad = [20, 12]
colour = "ground"
keys = [{ at = 0, reveal = 0 }, { at = 0.4, reveal = 1, ease = "out" }, { end = 0.2, opacity = 1 }, { end = 0, opacity = 0 }]
[[layer]]
name = "line"
kind = "text"
slot = "line"
role = "legal"
box = [0.05, 0.6, 0.6, 0.35]
stand = "bottom"
size = 60
least = 50
lines = 2
keys = [{ at = 0.2, opacity = 0, x = -20 }, { at = 0.4, opacity = 1, x = 0 }]
"""


@pytest.fixture(scope="session")
def plate() -> supers.Template:
    return supers.read(PLATE, "plate")
