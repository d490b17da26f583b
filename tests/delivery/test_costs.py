"""A budget is read as it is kept, exactly, or the cell that cannot be read is named."""

from __future__ import annotations

import contextlib
import csv
import io
import sys
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.delivery.costs import ROLES, SECTIONS, CostError, Input, Money, lumped, missing, read_budget, section_of
from answerprint.delivery.costs.figures import figure, mark_of
from answerprint.delivery.costs.hours import read_hours
from answerprint.delivery.costs.sections import summed

#: As producers keep them: a title over merged cells, headings again for each section, subtotals, euro decimals, a quoted comma.
GERMAN = """\ufeffHARBOR COFFEE 30s;;;;;
"Angebot vom 3. Mai; Währung: EUR";;;;;
A;PRE-PRODUCTION AND WRAP LABOR;;;;
Line;Crew;Days;Rate;Estimate;Actual
1;"Producer, prep and shoot";5;1.000,00;5.000,00;5.200,00
2;1st AD;0;;;
;Total A;;;5.000,00;5.200,00
B: SHOOTING CREW LABOR;;;;;
51;DP / camera operator;1;1.250;1.250,00;
53;Gaffer;;;-;
54;Sound recordist;1,5;600;;
;Total B;;;2.000,00;
L;Director / creative fees;;;3.000;
;Insurance 2 %;;;120,50;
;Grand total;;;10.270,50;
"""


def csv_of(text: str) -> Any:
    return read_budget("budget.csv", text.encode("utf-8"))


def test_a_budget_is_read_as_it_is_kept_section_by_section() -> None:
    found = csv_of(GERMAN)
    sums = {one.letter: (one.estimate, one.actual) for one in found.sections}
    eur = {name: Money(amount=Decimal(amount), currency="EUR") for name, amount in {"A": "5000", "a": "5200", "B": "2150", "L": "3000", "": "120.50"}.items()}
    assert sums == {"A": ((eur["A"],), (eur["a"],)), "B": ((eur["B"],), ()), "L": ((eur["L"],), ()), "": ((eur[""],), ())}
    assert [line.row for line in found.lines] == [5, 6, 9, 10, 11, 13, 14]  # titles and totals are no lines
    assert found.lines[4].estimate == Money(amount=Decimal("900.0"), currency="EUR")  # a day and a half at the rate
    assert found.says == ("row 12, column 5: the file says 2,000 EUR for B Shooting crew labour; its lines come to 2,150 EUR.",)


def test_one_currency_is_never_added_to_another_and_nothing_is_said_where_none_is() -> None:
    found = csv_of("description,currency,estimate\nGaffer,EUR,100\nDP,usd,100.10\nGrip,,7\nDrone,GBP,€ 5\n")
    (section,) = found.sections
    assert [(str(one.amount), one.currency) for one in section.estimate] == [("105", "EUR"), ("100.10", "USD"), ("7", "")]


def test_a_bare_dollar_is_the_dollar_that_the_file_states() -> None:
    assert csv_of("All figures in CAD,,\ndescription,rate,estimate\nGaffer,,$12\n").lines[0].estimate == Money(amount=Decimal(12), currency="CAD")
    assert csv_of("description,rate,estimate\nGaffer,,$12\n").lines[0].estimate == Money(amount=Decimal(12), currency="$")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,200.50", "1200.50"), ("1.200,50", "1200.50"), ("1'200.-", "1200"), ("(300)", "-300"), ("300-", "-300"), ("EUR 12 000", "12000"), ("€1.234", "1234"), ("1.200.000", "1200000"),
     ("0.125", "0.125"), ("–", "0"), ("12,5", "12.5")],
)  # fmt: skip
def test_figures_are_read_as_people_write_them(text: str, value: str) -> None:
    assert figure(text, mark_of([text])) == Decimal(value)


@pytest.mark.parametrize("text", ["about 300", "1.2.3", "12,34,5", "TBD", "9" * 40, "5 %", "1e3", "12 XYZ"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no figure"):
        figure(text)


def test_three_digits_after_a_mark_are_read_as_the_rest_of_the_table_is_written() -> None:
    assert figure("1.234", mark_of(["12,50", "1.234"])) == 1234
    assert figure("1.234", mark_of(["12.50", "1.234"])) == Decimal("1.234")
    with pytest.raises(ValueError, match="may be two figures"):
        figure("1.234", mark_of(["12.50", "12,50"]))


@settings(max_examples=60, deadline=None)
@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_what_is_written_in_any_of_the_three_ways_comes_back_exactly(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    for text in (english, english.translate(str.maketrans(",.", ".,")), english.replace(",", "'")):
        assert figure(text, mark_of([text])) == amount


def test_cells_that_cannot_be_read_are_named_all_at_once_with_what_to_write() -> None:
    with pytest.raises(CostError) as told:
        csv_of("description,rate,estimate\nGaffer,about 300,12\nDP,300,1.2.3\n")
    assert told.value.more == (
        "row 2, column 2 (rate): 'about 300' is no figure. Write 1200 or 1200.50, or leave the cell empty.",
        "row 3, column 3 (estimate): '1.2.3' is no figure: its thousands do not come in threes. Write 1200 or 1200.50.",
    )


def test_a_table_without_headings_says_which_and_names_the_nearest() -> None:
    with pytest.raises(CostError, match=r"no row names the columns.*Is 'Estmate' meant for 'estimate'"):
        csv_of("Crew name,Estmate\nGaffer,12\n")
    with pytest.raises(CostError, match=r"\.csv or \.xlsx"):
        read_budget("budget.xls", b"")
    with pytest.raises(CostError, match="not UTF-8"):
        read_budget("budget.csv", b"description,estimate\nB\xe9n,12\n")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.one_of(st.sampled_from(["description", "estimate", "days", "rate", "A", "Total", "B: Shooting crew labor", "1.234", "€", "-", "()", "Gaffer"]), st.text(max_size=6)), max_size=5), max_size=8))
def test_whatever_a_table_holds_it_is_a_budget_or_a_sentence(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["description", "days", "rate", "estimate"], *rows])
    with contextlib.suppress(CostError):
        found = read_budget("budget.csv", out.getvalue().encode("utf-8", "replace"))
        missing(found)
        assert all(line.section in {*SECTIONS, ""} for line in found.lines)


# ---- sections and the usual crew


def test_titles_are_taken_by_their_words_and_lines_are_not_taken_for_titles() -> None:
    assert {letter: section_of(f"{letter}: {title}") for letter, title in SECTIONS.items()} == {letter: letter for letter in SECTIONS}
    assert [section_of(one) for one in ("SHOOTING CREW LABOR", "Section B", "Prep and wrap crew", "Art department labor", "Post production labor", "Editorial & finishing")] == list("BBAGOP")
    assert [section_of(one) for one in ("Director of photography", "Camera rental", "A camera body", "Set dresser", "")] == [None] * 5
    assert summed("Totals A and C") == {"A", "C"}
    assert summed("TOTAL A to K") == set("ABCDEFGHIJK")


def test_a_summary_beside_its_lines_is_not_counted_twice_and_alone_it_is_the_budget() -> None:
    summary = "description,estimate\nPre-production and wrap costs (Totals A and C),500\nShooting crew labor,900\n"
    alone = csv_of(summary)
    assert [(one.letter, str(one.estimate[0])) for one in alone.sections] == [("B", "900"), ("", "500")]  # one sum of two sections is in neither
    assert lumped(alone) == lumped(csv_of("description,estimate\nShooting crew labor: Total B,900\n")) == ("B",)
    assert "gaffer" not in [one.role.name for one in missing(alone)]  # who is in it, nobody can say
    both = csv_of(summary + "B: SHOOTING CREW LABOR,\nGaffer,400\nGrip,500\n")
    assert [(one.letter, str(one.estimate[0])) for one in both.sections] == [("B", "900"), ("", "500")]
    assert [one.letter for one in csv_of(summary.replace("labor,", "labor: Total B,") + "A: PRE-PRODUCTION AND WRAP LABOR,\nProducer,500\nB: SHOOTING CREW LABOR,\nGaffer,900\n").sections] == ["A", "B"]


def test_whom_a_budget_leaves_out_is_named_and_whom_it_pays_is_not() -> None:
    gone = {one.role.name: one for one in missing(csv_of(GERMAN))}
    assert not {"DP", "camera operator", "sound recordist", "line producer"} & gone.keys()
    assert (gone["gaffer"].how, [line.row for line in gone["gaffer"].lines]) == ("at nought", [10])
    assert gone["assistant director"].how == "at nought"
    assert gone["script supervisor"].how == "no line"


@pytest.mark.parametrize(
    ("line", "role"),
    [("Assistant editor", "editor"), ("Camera package", "DP"), ("2nd assistant director", "assistant director"), ("Sound equipment", "sound recordist"), ("Grip truck", "key grip"),
     ("Art director", "assistant director"), ("Music licence", "composer"), ("Hair stylist", "stylist"), ("Gaffer tape", "gaffer"), ("Director", "DP")],
)  # fmt: skip
def test_a_line_for_something_else_does_not_fill_a_chair(line: str, role: str) -> None:
    assert role in [one.role.name for one in missing(csv_of(f"description,estimate\nB: Shooting crew labor,\n{line},400\n"))]


def test_every_seat_of_the_table_brought_something_and_says_what() -> None:
    assert all(role.brought and role.why and role.section in SECTIONS and set(role.brought) <= set(Input) for role in ROLES)
    assert len({role.name for role in ROLES}) == len(ROLES)


# ---- workbooks


def book(rows: list[list[Any]], **more: list[list[Any]]) -> bytes:
    import openpyxl

    made = openpyxl.Workbook()
    made.active.title = "Bid"
    for name, lines in {"Bid": rows, **more}.items():
        sheet = made["Bid"] if name == "Bid" else made.create_sheet(name)
        for line in lines:
            sheet.append(line)
        if name == "Hidden":
            sheet.sheet_state = "hidden"
    made["Bid"].merge_cells("A1:C1")
    for cell in made["Bid"]["C"]:
        cell.number_format = '#,##0.00 "€"'
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


ROWS: list[list[Any]] = [["Harbor coffee", None, None], ["B: Shooting crew labor"], ["Crew", "Days", "Estimate"], ["Gaffer", 1, 0.1], ["Key grip", 1, 0.2], ["Total B", None, 0.30000000000000004]]


def test_a_workbook_is_read_with_the_currency_of_its_cells_and_without_a_binary_float() -> None:
    found = read_budget("budget.xlsx", book(ROWS, Hidden=[["description", "estimate"], ["Gaffer", 9]], Notes=[["Weather days are extra"]]))
    (section,) = found.sections
    assert (section.letter, section.estimate) == ("B", (Money(amount=Decimal("0.3"), currency="EUR"),))
    assert found.says == ("The sheet Hidden is hidden and was not read.", "The sheet Notes has no heading that names columns and was not read.")


def test_a_formula_without_a_value_is_named_by_its_cell() -> None:
    with pytest.raises(CostError) as told:
        read_budget("budget.xlsx", book([*ROWS[:4], ["DP", 2, "=B5*600"]]))
    assert told.value.more == ("sheet Bid, cell C5 (estimate): a formula without its value: open it in the spreadsheet and save it there.",)


def test_a_hostile_or_broken_workbook_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CostError, match="no workbook"):
        read_budget("budget.xlsx", b"PK\x03\x04 nothing")
    out = io.BytesIO(book(ROWS))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("xl/more.xml", '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>')
    with pytest.raises(CostError, match="declares a document type"):
        read_budget("budget.xlsx", out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * (65 * 2**20))
    with pytest.raises(CostError, match="larger than 64 MB"):
        read_budget("budget.xlsx", out.getvalue())
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(CostError, match=r"pip install 'answerprint\[budget\]'"):
        read_budget("budget.xlsx", book_bytes)


book_bytes = b"PK"


# ---- hours


def test_hours_are_read_as_people_write_them_down() -> None:
    found = read_hours("h.csv", b"date;hours;what;shots\n2026-11-20;1:30;selects;\n2026-11-21;0,5;again;4, 9 11-13\n;;;\n")
    assert [(one.minutes, one.shots) for one in found] == [(Decimal(90), ()), (Decimal(30), (4, 9, 11, 12, 13))]
    for text, says in (("date,hourss\n", "Is 'hourss' meant"), ("hours\nlong\n", "row 2, column hours"), ("hours\n-2\n", "less than nothing"), ("hours,shots\n1,kettle\n", "'kettle' is no shot")):
        with pytest.raises(CostError, match=says):
            read_hours("h.csv", text.encode())
