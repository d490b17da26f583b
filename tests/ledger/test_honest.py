"""No false alarm: 20 records by honest people in any order (200 in bench/record.py)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ledger.honest import Honest


def test_20_honest_records_give_no_finding_at_any_step():
    run_state_machine_as_test(
        Honest, settings=settings(max_examples=20, stateful_step_count=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    )
