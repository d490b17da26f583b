"""A file that says something else than its record is caught, and the sentence names what; one that is honest is left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from answerprint.delivery.credentials import Public
from answerprint.delivery.credentials.comparing import compare
from answerprint.delivery.essence import essence
from tests.delivery.credentials.lies import LIES, Lie, caught
from tests.delivery.credentials.made import EDIT, Shot


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lie_is_caught_and_named(lie: Lie, spot: Shot, broadcast: Shot, tmp_path: Path) -> None:
    said, wrong = caught(broadcast if lie.broadcast else spot, lie, tmp_path)
    assert any(re.search(lie.words, line) for line in wrong), f"{wrong}\n{said.codes}"
    assert all(line.endswith(".") and "\n" not in line for line in wrong)


@pytest.mark.parametrize("public", [Public(), Public(names=True), Public(ingredients=True), Public(names=True, ingredients=True)])
@pytest.mark.parametrize("suffix", [".mp4", ".mxf"])
def test_an_honest_file_is_left_alone(public: Public, suffix: str, spot: Shot, broadcast: Shot, tmp_path: Path) -> None:
    shot = spot if suffix == ".mp4" else broadcast
    out = shot.sign(str(tmp_path / f"out{suffix}"), public=public)
    assert compare(shot.says(out), shot.claims, essence_now=essence(out, edit=EDIT).digest, certificate=shot.certificate.seal) == ()
