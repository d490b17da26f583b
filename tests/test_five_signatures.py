"""A twelve-shot spot in three shapes and two languages takes at most five signatures; a client's round that changes the logo takes one."""

from __future__ import annotations

from pathlib import Path

from tests.deciding import FAMILY, Crewed


def test_a_spot_in_three_shapes_and_two_languages_takes_at_most_five(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path)
    assert len(spot.desk.items) == 12
    spot.choose_everything()
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture)
    spot.look_at_every_sheet()
    spot.sign_off()
    assert spot.signatures() <= 5
    verdict = spot.verdict()
    assert verdict.versions == FAMILY
    assert verdict.missing == ()
    assert len({(one.judgment, one.about) for one in verdict.stands}) == 11 + 2 + 3 + 3 + 6  # takes, lock, finish, framings, a sign-off each


def test_after_a_round_that_changes_the_logo_it_takes_one(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path)
    spot.choose_everything()
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture)
    spot.look_at_every_sheet()
    spot.sign_off()
    before = spot.signatures()
    for name in ("logo_large.png", "logo_large_fr.png"):
        (spot.production.path / "assets" / name).write_bytes(b"larger")
    for file in ("en", "en_square", "en_tall", "fr", "fr_square", "fr_tall"):
        language = file.startswith("fr")
        spot.cut(file, card="logo_large_fr.png" if language else "logo_large.png", voice="fr" if language else "en")
    stale = set(spot.desk.stale)
    assert stale == {("final edit", "film:master"), ("grade", "film:master")}
    assert {one.what for one in spot.verdict().missing} == {"final edit", "grade", "contact sheet", "sign-off"}
    assert any(one.says.endswith("answerprint watched FOLDER --sheet square --who 'Mara Lind'") for one in spot.verdict().missing)
    spot.look_at_every_sheet()
    page = spot.page()
    assert any("logo" in line for line in page.lines)
    spot.sign_off()
    assert spot.signatures() - before == 1
    assert spot.verdict().missing == ()
