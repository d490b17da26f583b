"""Records of every release so far are read as they were read then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from answerprint.ledger import Record
from answerprint.ledger.verify import HUMAN, MACHINE, verify
from answerprint.model import judgments
from tests.baselines.make import crew, make, what_is_read

HERE = Path(__file__).parent
RECORDS = sorted(path.stem for path in HERE.glob("*.db"))


@pytest.fixture(params=RECORDS)
def baseline(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy: nothing that a test does may touch the baseline itself."""
    for end in (".db", ".json", ".checkpoint"):
        shutil.copyfile(HERE / f"{request.param}{end}", tmp_path / f"{request.param}{end}")
    return tmp_path / f"{request.param}.db"


def test_a_record_of_an_older_release_is_read_as_it_was(baseline: Path) -> None:
    assert json.loads(json.dumps(what_is_read(baseline))) == json.loads(baseline.with_suffix(".json").read_text(encoding="utf-8"))


def test_a_record_of_an_older_release_verifies_with_what_was_kept_of_it(baseline: Path) -> None:
    report = verify(baseline, checkpoint=baseline.with_suffix(".checkpoint").read_bytes(), producer=crew().producer.public)
    assert report.findings == ()
    assert report.newer == {}
    assert report.vouched_to == report.entries


def test_work_goes_on_in_a_record_of_an_older_release(baseline: Path) -> None:
    with Record.open(baseline, write=True) as record:
        entries = record.head()[0]
        record.sign(judgments.Checkpoint(title="years later"), crew().producer)
        record.append("remark", {"schema": 1, "text": "still here"})
    assert (verify(baseline).findings, verify(baseline).entries) == ((), entries + 2)


def test_the_first_baseline_has_every_kind_that_people_sign(baseline: Path) -> None:
    with Record.open(baseline) as record:
        kinds = {entry.kind for entry in record.entries()}
        read = [judgments.read(entry.read() or {}).content for entry in record.signed()]
    assert kinds >= HUMAN
    assert kinds & set(MACHINE)
    assert not [one for one in read if isinstance(one, judgments.Newer)]
    assert baseline.stat().st_size < 100_000


@pytest.mark.parametrize("name", RECORDS)
def test_this_release_writes_the_same_record_from_the_same_hands_at_the_same_times(tmp_path: Path, name: str) -> None:
    """Byte for byte what is signed: a change here is a new schema number, not a new baseline in the old one's place."""
    path, read, kept = make(tmp_path, name)
    assert json.loads(read) == json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    assert kept == (HERE / f"{name}.checkpoint").read_bytes()
    with Record.open(path) as now, Record.open(HERE / f"{name}.db") as then:
        assert list(now.entries()) == list(then.entries())
