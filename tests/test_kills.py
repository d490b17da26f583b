"""Killed anywhere, started again: a tenth of what `python -m bench.kills` tries, at points that one seed draws."""

from __future__ import annotations

import pytest

from answerprint import config
from answerprint.cli import signing
from answerprint.providers import wire
from bench import kills

POINTS = {"brief": 3, "concepts with a writer": 1, "candidates": 2}


@pytest.mark.parametrize("name", POINTS)
def test_a_long_job_that_is_killed_and_started_again_pays_nothing_twice_and_leaves_nothing_half(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, own in ((config, "user_file"), (signing, "answer"), (wire, "PAUSE_S")):
        monkeypatch.setattr(module, own, getattr(module, own))  # what the bench changes is as before after it
    monkeypatch.setenv("LOCAL_KEY", kills.KEY)
    stage = kills.swept(next(one for one in kills.WORKS if one.name == name), POINTS[name], seed=3)
    assert stage.wrong == []
    assert stage.tried == POINTS[name]
