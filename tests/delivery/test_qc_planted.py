"""Every second planted fault is found where it was planted, and nothing is said about clean films; bench/qc.py does all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerprint.delivery.qc import BEST_WORDS, check, examine
from answerprint.model.delivery import Spec
from bench.qc import found
from tests.delivery.films import Film, write
from tests.delivery.planted import CLEAN, FAULTS, Fault


@pytest.mark.parametrize("fault", FAULTS[::2], ids=lambda fault: fault.name)
def test_a_planted_fault_is_found_where_it_lies(fault: Fault, tmp_path: Path) -> None:
    report = examine(write(fault.film, tmp_path), fault.spec)
    assert found(report, fault), [(one.check, one.weight, one.says, one.where) for one in report.findings]
    assert report.verdict != BEST_WORDS


@pytest.mark.parametrize(("name", "film", "spec"), CLEAN[1::4], ids=lambda value: value if isinstance(value, str) else "")
def test_nothing_is_said_about_a_clean_film(name: str, film: Film, spec: Spec | None, tmp_path: Path) -> None:
    report = examine(write(film, tmp_path), spec)
    assert [one for one in report.findings if one.weight != "note"] == []
    assert report.verdict == "nothing wrong found"


def test_every_check_has_a_planted_fault() -> None:
    """The names that the sources give to findings are those that the planted films are asked for."""
    import re

    import answerprint.delivery.qc as room

    sources = "".join(path.read_text(encoding="utf-8") for path in Path(room.__file__ or "").parent.glob("*.py"))
    named = set(re.findall(r'check="([a-z -]+)"', sources)) | set(re.findall(r'_fail\("([a-z -]+)"', sources)) | {"flash", "red flash", "levels", "gamut", "head", "tail"}
    assert named - {"rotation"} == {fault.check for fault in FAULTS}


def test_the_findings_alone_are_those_of_the_report(tmp_path: Path) -> None:
    path = write(Film(lufs=-20.0), tmp_path)
    told: list[float] = []
    spec = FAULTS[4].spec
    assert check(path, spec, progress=told.append) == examine(path, spec).findings
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_same_film_is_judged_the_same_twice(tmp_path: Path) -> None:
    path = write(Film(lufs=-20.0), tmp_path)
    assert examine(path, None).findings == examine(path, None).findings
