"""What a budget buys beside what the record knows: nothing unlike is added, nobody's time is measured, an empty chair stays empty."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from answerprint import cli, cost, crew, marks, timekeeping, watched
from answerprint.cost import hours, words
from answerprint.cost.budget import budget_of, take_in
from answerprint.cost.machine import minutes, spend
from answerprint.cost.saved import acceptable
from answerprint.delivery.costs import CostError
from answerprint.model import bills
from answerprint.model.bills import Bill
from answerprint.model.charter import Execution
from answerprint.model.records import ModelError
from answerprint.model.time import Span
from tests.deciding import MARA, RATE, Crewed
from tests.ledger.signing import Hand

JO, KIM = Hand("Jo Abara"), Hand("Kim Client")
ONE = "version,of,differs,cut,specs\nmaster,,,cuts/en.otio,youtube tv-eu\n"


@pytest.fixture(scope="module")
def spot(tmp_path_factory: pytest.TempPathFactory) -> Crewed:
    """One spot for the whole module: each test writes into a place of its own."""
    made = Crewed.compose(tmp_path_factory.mktemp("cost"), versions=ONE)
    made.choose("film", "en.otio")
    made.record.sign(JO.enrols("gaffer"), MARA)
    made.record.sign(KIM.enrols("client"), MARA)
    return made


@pytest.fixture
def budget(spot: Crewed) -> Path:
    path = spot.production.path / "budget.csv"
    path.write_text(cost.EXAMPLE, encoding="utf-8")
    return path


def logged(spot: Crewed, **seconds: float) -> None:
    folder = spot.production.inside / "log"
    for old in folder.glob("*") if folder.is_dir() else ():
        old.unlink()
    for task, one in seconds.items():
        timekeeping.log(spot.production.inside, {"task": task, "seconds": one, "outcome": "done"})


# ---- the machine


def test_what_the_machine_makes_is_timed_once_however_much_of_it_calls_the_rest(spot: Crewed) -> None:
    logged(spot)

    @timekeeping.timed("clean-up", Execution.CLEAN_UP)
    def inner(production: Any) -> None: ...

    @timekeeping.timed("mix", Execution.CLEAN_UP)
    def outer(production: Any) -> None:
        inner(production)
        raise ValueError

    with pytest.raises(ValueError):
        outer(spot.production)
    inner(spot.desk)  # a desk is on a production
    assert [(one.task, one.done, one.execution) for one in timekeeping.spent(spot.production.inside)] == [("mix", False, "clean-up"), ("clean-up", True, "clean-up")]


def test_the_log_is_read_by_execution_and_a_line_that_a_crash_cut_off_is_left_out(spot: Crewed) -> None:
    logged(spot, sync=90.0, claps=30.0, critics=5.0, gone_task=1.0)
    with open(next((spot.production.inside / "log").glob("*")), "a", encoding="utf-8") as file:
        file.write('{"task": "sync", "seco')
    found = minutes(spot.production)
    assert [(one.name, one.seconds, one.times) for one in found.works] == [("sync", 120.0, 2), ("ideas of the critics", 5.0, 1), ("gone_task", 1.0, 1)]
    assert found.on(["transcript"]) is None


def test_what_was_refused_is_no_work_that_the_machine_did_and_what_broke_off_is_time_that_made_nothing(spot: Crewed) -> None:
    logged(spot)

    @timekeeping.timed("treatment", Execution.TREATMENT)
    def refused(production: Any) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        refused(spot.production)
    assert minutes(spot.production).works == ()
    timekeeping.log(spot.production.inside, {"task": "render", "execution": "render", "seconds": 90.0, "outcome": "refused"})
    found = minutes(spot.production)
    assert [(one.name, one.seconds, one.times, one.undone) for one in found.works] == [("render", 90.0, 0, 1)]
    assert found.on(["render", "treatment"]) is None, "no hours of a person's are saved by it"


def test_a_bill_takes_the_place_of_its_estimate_and_another_currency_stands_by_itself(spot: Crewed) -> None:
    assert words.spend(cost.cost(spot.desk)) == "None: no paid service was asked for anything."
    for bill in (Bill(provider="N", job="1", currency="USD", estimate="0.40"), Bill(provider="N", job="1", currency="USD", billed="0.38"), Bill(provider="M", job="1", currency="EUR", estimate="2")):
        spot.record.append(bills.KIND, bills.body(bill))
    spot.record.append(bills.KIND, {"schema": 2, "new": True})
    found = spend(spot.production)
    assert ([str(one) for one in found.estimated], [str(one) for one in found.billed], found.open, found.newer) == (["0.40 USD", "2 EUR"], ["0.38 USD"], 1, 1)
    for wrong in ({"currency": "Euro", "billed": "1"}, {"currency": "EUR"}, {"currency": "EUR", "billed": "1,5"}):
        with pytest.raises(ModelError):
            Bill(provider="N", job="1", **wrong)


# ---- who sits there


def test_a_person_of_the_crew_sits_there_a_holder_stands_beside_an_empty_chair_and_so_does_a_critic(spot: Crewed, budget: Path) -> None:
    logged(spot)
    assert [one.kind for one in next(one for one in cost.cost(spot.desk).gaps if one.missing.role.name == "assistant editor").seats] == ["empty"]
    logged(spot, sync=1.0)
    gaps = {one.missing.role.name: one for one in cost.cost(spot.desk).gaps}
    assert [(one.kind, one.who) for one in gaps["gaffer"].seats] == [("person", "Jo Abara"), ("critic", "gaffer")]
    assert not gaps["gaffer"].empty
    assert [(one.kind, one.what) for one in gaps["colourist"].seats] == [("empty", ""), ("holder", "grade")]
    assert [one.kind for one in gaps["assistant editor"].seats] == ["empty", "machine"]
    assert "DP" not in gaps
    assert "editor" not in gaps


def test_every_critic_speaks_beside_a_seat_of_the_table() -> None:
    from answerprint.critiquing.working import known
    from answerprint.delivery.costs import ROLES

    beside = {role.critic: role.chairs for role in ROLES if role.critic}
    assert {name: critic.seat in beside[name] for name, critic in known().items()} == dict.fromkeys(known(), True)
    assert {one for role in ROLES for one in role.chairs} & set(crew.ROLES) >= {"DP", "gaffer", "editor", "sound mixer", "colourist", "composer"}


# ---- films and hours


def test_a_film_is_watched_where_somebody_lets_it_be_known_that_they_played_it(spot: Crewed) -> None:
    mara = spot.person(MARA).id
    cut = spot.desk.cuts["master"]
    spot.film(spec="youtube")
    watched.mark(spot.production, mara, f"version:master@{cut.seal}", "played")
    assert cost.cost(spot.desk).watched == 0
    watched.allow(spot.production, mara, True)
    found = cost.cost(spot.desk)
    assert [(one.spec, one.rendered, one.left, one.played) for one in found.films] == [("youtube", True, False, 1), ("tv-eu", False, False, 1)]
    assert words.films(found.films).startswith("2 films asked for, 1 rendered, 0 left the house; 2 played")
    watched.erase(spot.production, mara)


def test_hours_are_saved_only_where_the_budget_says_so_and_the_machine_did_it(spot: Crewed, budget: Path) -> None:
    logged(spot)
    assert cost.cost(spot.desk).saved_hours == 0
    logged(spot, sync=700.0, transcript=140.0)
    found = cost.cost(spot.desk)
    assert (found.saved_hours, found.saved_seconds) == (Decimal(7), 840.0)
    assert words.saved(found) == "7 h saved, by this budget's own reckoning of what the machine did in 14 min."
    assert [words.reckoned(one) for one in found.saved][1] == "Captions in two languages: not done by the machine here, as far as the log knows (captions)."


def test_a_name_at_the_terminal_is_said_to_be_named_and_not_proved(spot: Crewed, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cost", str(spot.production.path), "--json"]) == 0
    assert capsys.readouterr().err == ""
    assert cli.main(["cost", str(spot.production.path), "--who", "Mara", "--json"]) == 0
    assert "Mara Lind was named here, and not proved by a key" in capsys.readouterr().err


def test_hours_are_their_owner_s_until_they_let_them_be_seen_and_what_is_only_acceptable_is_always(spot: Crewed) -> None:
    mara, jo = spot.person(MARA).id, spot.person(JO).id
    hours.bring(spot.production, mara, "h.csv", b"hours,what,shots\n6:20,selects,\n0:40,again,\"2, 4\"\n1,both,\"4, 5\"\n")
    for n in (2, 4):
        marks.put(spot.production, mara, marks.shot(f"blake3:{n:064x}", Span(start_s=10 / RATE, end_s=60 / RATE)), "acceptable")
    assert acceptable(spot.desk, mara) == (2, 4)
    (own,) = cost.cost(spot.desk, person=mara).hours
    assert words.theirs(own) == "Mara Lind: 8 h, as written down, for nobody else's eyes; 40 min on the 2 shots called only acceptable (2, 4)."
    assert cost.cost(spot.desk, person=jo).hours == ()
    hours.allow(spot.production, mara, True)
    (seen,) = cost.cost(spot.desk, person=jo).hours
    assert words.theirs(seen) == "Mara Lind: 8 h, as written down."
    assert hours.erase(spot.production, mara) == 3
    assert (hours.of(spot.production, mara), hours.allowed(spot.production, mara)) == ((), False)


# ---- taking it in, and who sees it


def test_a_budget_is_taken_in_as_a_copy_and_one_that_cannot_be_read_changes_nothing(spot: Crewed, budget: Path, tmp_path: Path) -> None:
    other = tmp_path / "Harbor v3.csv"
    other.write_text("description,estimate\nGaffer,300\n")
    take_in(spot.production, other)
    assert [one.says for one in budget_of(spot.production).lines] == ["Gaffer"]  # type: ignore[union-attr]
    other.write_text("description,estimate\nGaffer,much\n")
    with pytest.raises(CostError, match="a cell cannot be read"):
        take_in(spot.production, other)
    assert len(budget_of(spot.production).lines) == 1  # type: ignore[union-attr]
    (budget.parent / "budget.xlsx").write_bytes(b"PK")
    assert "two budgets" in cost.cost(spot.desk).wrong
    (budget.parent / "budget.xlsx").unlink()


def test_producer_and_director_see_it_the_crew_once_it_is_shown_and_the_client_never(spot: Crewed) -> None:
    book = spot.desk.book
    sees = lambda: [cost.may_see(spot.production, book, one) for one in (spot.person(MARA).id, spot.person(JO).id, spot.person(KIM).id)]  # noqa: E731
    assert sees() == [True, False, False]
    cost.share(spot.production, True)
    assert sees() == [True, True, False]
    cost.share(spot.production, False)
    assert cost.may_see(spot.production, None, None)  # nobody is enrolled


def test_the_terminal_prints_the_sections_and_the_same_as_json(spot: Crewed, budget: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(spot.production.path)
    assert cli.main(["cost", place, "--lines"]) == 0
    said = capsys.readouterr().out
    assert "B  " in said
    assert "2,250 EUR" in said
    assert "gaffer (at nought, row 9): creative friction, happy accidents. Now: Jo Abara, gaffer; beside it" in said
    assert cli.main(["cost", place, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["letter"] for one in found["budget"]["sections"]] == ["A", "B", "D", "I", "L", "P"]
    assert found["budget"]["sections"][1]["estimate"] == [{"amount": "2250", "currency": "EUR"}]
    budget.write_text("description,estimate\nGaffer,much\n")
    assert cli.main(["cost", place]) == 2
    assert "row 2, column 2 (estimate): 'much' is no figure" in capsys.readouterr().out
    budget.unlink()
    assert cli.main(["cost", place]) == 0
    assert "--example prints one" in capsys.readouterr().out
    assert cli.main(["cost", place, "--show-hours", "yes"]) == 2
    assert "--who NAME" in capsys.readouterr().err
