"""Every single thing that can be missing, missing alone: it stops the film, and is named with whose it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import answerprint
from answerprint.gate import EMPTY_CHAIR
from answerprint.model.judgments import Charter, Holder, Objection
from answerprint.signoff import SignOffError
from tests.deciding import MARA, Crewed
from tests.ledger.signing import Hand, everything

JO = Hand("Jo Abara")
WHOLE = {"film": None, "grade": "grade.cdl", "mix": "mix.wav", "bed": "bed.wav", "framing:5": "as shot"}
TAKES = {f"item:{n}": f"A001_C{n:03d}#1" for n in range(1, 12)}


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    made = Crewed.compose(tmp_path, versions="")
    made.production.path.joinpath("versions.csv").write_text("version,of,differs,cut\nmaster,,,cuts/en.otio\nfr,master,language,cuts/fr.otio\n", encoding="utf-8")
    made.cut("fr", card="logo_fr.png", voice="fr")
    made.put(MARA.enrols("DP", other=JO))
    return made


def signed(spot: Crewed, *without: str) -> Crewed:
    """Everything chosen, signed and rendered but this."""
    spot.choose_all({what: choice for what, choice in (TAKES | WHOLE).items() if what not in without} | {"mix:fr": "mix.wav", "bed:fr": "bed.wav"})
    for gesture in ("selects", "finish") if "film" in without else ("selects", "lock", "finish"):
        spot.sign(gesture)
    spot.look_at_every_sheet()
    return spot


def objected(spot: Crewed) -> None:
    spot.put(Objection(on="film:master", text="The window is too polite."), JO)


def failed(spot: Crewed) -> None:
    spot.film("master", findings=[("duration", "FAIL", "the film has 600 frames")])


def warned(spot: Crewed) -> None:
    spot.film("master", findings=[("black", "WARN", "14 frames are black")])


def not_rendered(spot: Crewed) -> None:
    spot.render()
    spot.renders = False
    (spot.production.path / "versions.csv").write_text("version,of,differs,cut,specs\nmaster,,,cuts/en.otio,tv-eu\nfr,master,language,cuts/fr.otio,youtube\n", encoding="utf-8")


def sheet_unseen(spot: Crewed) -> None:
    spot.seen.clear()


def disk_away(spot: Crewed) -> None:
    path = spot.production.path / "answerprint.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("media")) + f'\nmedia = ["{spot.production.path.parent / "DISK"}"]\n', encoding="utf-8")
    spot.production = answerprint.open(spot.production.path)


def chair_empty(spot: Crewed) -> None:
    spot.put(Charter(holders=everything(MARA).holders | {"grade": Holder()}, replaces=2))


def cut_gone(spot: Crewed) -> None:
    (spot.production.path / "cuts" / "fr.otio").unlink()


#: what is missing, what was left out of the choices, what was done, (what, who) as the verdict says it
ALONE: list[tuple[str, tuple[str, ...], Callable[[Crewed], None] | None, set[tuple[str, str]]]] = [
    ("a take", ("item:3",), None, {("take", "Mara Lind")}),
    ("the edit", ("film",), None, {("final edit", "Mara Lind"), ("pacing", "Mara Lind")}),
    ("the grade", ("grade",), None, {("grade", "Mara Lind")}),
    ("the mix", ("mix",), None, {("mix", "Mara Lind")}),
    ("the bed", ("bed",), None, {("music bed", "Mara Lind")}),
    ("the hero framing", ("framing:5",), None, {("hero framing", "Mara Lind")}),
    ("an answer to an objection", (), objected, {("objection", "Jo Abara")}),
    ("a film", (), not_rendered, {("technical QC", "Mara Lind")}),
    ("a film without a FAIL", (), failed, {("technical QC", "Mara Lind")}),
    ("a note to a WARN", (), warned, {("technical QC", "Mara Lind")}),
    ("a look at the contact sheet", (), sheet_unseen, {("contact sheet", "Mara Lind")}),
    ("a disk", (), disk_away, {("media", "Mara Lind")}),
    ("a holder", (), chair_empty, {("grade", EMPTY_CHAIR)}),
]


@pytest.mark.parametrize(("without", "then", "says"), [pytest.param(*one[1:], id=one[0]) for one in ALONE])
def test_one_thing_alone_stops_the_film_and_is_named_with_whose_it_is(spot: Crewed, without: tuple[str, ...], then: Callable[[Crewed], None] | None, says: set[tuple[str, str]]) -> None:
    signed(spot, *without)
    if then is not None:
        then(spot)
    assert {(one.what, one.who) for one in spot.verdict().open} == says
    with pytest.raises(SignOffError):
        spot.sign_off("all")


def test_with_nothing_missing_only_the_question_is_and_then_nothing(spot: Crewed) -> None:
    signed(spot)
    assert [(one.what, one.who) for one in spot.verdict().missing] == [("sign-off", "Mara Lind")] * 2
    spot.sign_off("all")
    assert spot.verdict().missing == ()


def test_a_cut_that_went_away_stops_its_version_and_no_other(spot: Crewed) -> None:
    signed(spot)
    cut_gone(spot)
    assert {one.what for one in spot.verdict("fr").open} >= {"the cut"}
    assert spot.verdict("master").open == ()
