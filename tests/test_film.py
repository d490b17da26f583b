"""The film as a family: what a list of versions says, what each version inherits, and what a list may get wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from answerprint.film import Cut, Family, FilmError, Version, listed, read_versions
from answerprint.model.time import Span

HEAD = "version,of,differs,cut,shape,language,note\n"
LIST = (
    HEAD + "master,,,cuts/v03.otio,16:9,en,\nsquare,master,shape,cuts/v03_square.otio,1:1,en,\nfr,master,language,cuts/v03_fr.otio,16:9,fr,\n"
    "square_fr,square,language,cuts/v03_square_fr.otio,1:1,fr,\nshort,master,cutdown,cuts/v03_15.otio,16:9,en,\n"
)


def span(start: int, end: int) -> Span:
    return Span(start_s=Fraction(start), end_s=Fraction(end))


def cut(version: str, **other: object) -> Cut:
    picture = {"rushes/A.mp4": (span(2, 6),), "rushes/B.mp4": (span(0, 3), span(10, 12)), "assets/card_en.png": (span(0, 2),)}
    made = Cut(version=version, file=f"cuts/{version}.otio", seal=f"seal {version}", rhythm="rhythm", sound="sound", picture=picture,
               heard={"sound/T1.wav": (span(0, 9),)}, replaceable=frozenset({"assets/card_en.png", "assets/card_fr.png"}))  # fmt: skip
    return replace(made, **other)


def cuts(**other: Cut) -> dict[str, Cut]:
    return {name: cut(name) for name in ("master", "square", "fr", "square_fr", "short")} | other


@pytest.fixture
def family() -> Family:
    return read_versions(LIST.encode())


def test_without_a_list_there_is_one_version() -> None:
    assert Family().first == Version(name="master")


def test_a_list_is_read_as_spreadsheets_write_it() -> None:
    for raw in (LIST.encode("utf-8-sig"), LIST.replace(",", ";").encode(), LIST.replace("\n", "\r\n").encode(), (LIST + ",,,,,,\n").encode()):
        family = read_versions(raw)
        assert [one.name for one in family.versions] == ["master", "square", "fr", "square_fr", "short"]
        assert family["Square_FR"] == Version(name="square_fr", of="square", differs="language", cut="cuts/v03_square_fr.otio", shape="1:1", language="fr")
        assert [one.name for one in family.line("square_fr")] == ["square_fr", "square", "master"]
        assert family["short"].differs == "cut-down"


def test_the_first_version_need_not_be_listed() -> None:
    family = read_versions(b"version,of,differs,cut\nfr,master,language,\n")
    assert [one.name for one in family.versions] == ["master", "fr"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "row 1 is empty"),
        (b"version,of,differs\n", "row 1: there is no column cut"),
        (b"version,of,differs,cut,langage\n", "row 1, column 5: 'langage' is no column. Did you mean language?"),
        (b"version,of,differs,cut,cut\n", "row 1, column 5: 'cut' stands there twice"),
        ((HEAD + "fr,master,langauge,,,,\n").encode(), "row 2, column differs: 'langauge' is no way to differ. Did you mean language?"),
        ((HEAD + "fr,master,,,,,\n").encode(), "row 2, column differs: it is empty"),
        ((HEAD + "master,,,,,,\nfr,,language,,,,\n").encode(), "row 3, column of: fr differs by language, and from which version is not said"),
        ((HEAD + "master,,,,,,\nfr,mastre,language,,,,\n").encode(), "row 3, column of: there is no version called 'mastre'. Did you mean master?"),
        ((HEAD + "master,,,,,,\nMaster,,,,,,\n").encode(), "row 3, column version: 'Master' stands in row 2 already"),
        ((HEAD + "master,,,,,,\nother,,,,,,\n").encode(), "come from no other version"),
        ((HEAD + "master,,,,,,\na,b,shape,,,,\nb,a,shape,,,,\n").encode(), "row 3, column of: a comes from itself in a circle"),
        ((HEAD + ",master,shape,,,,\n").encode(), "row 2, column version: it has no name"),
        ((HEAD + "a@b,master,shape,,,,\n").encode(), "row 2, column version: 'a@b'"),
        ((HEAD + "fr,master,language,,16:9,fr,logo, larger\n").encode(), "row 2: it has 8 cells under 7 columns"),
        (b"version,of,differs,cut\nfr,\xff\xfe,language,\n", "not UTF-8 text"),
        (b'version,of,differs,cut\n"fr,master,language,\n', "not a CSV table"),
    ],
)
def test_a_wrong_list_is_a_sentence_with_row_and_column(raw: bytes, says: str) -> None:
    with pytest.raises(FilmError) as caught:
        read_versions(raw)
    assert says in str(caught.value)
    assert "versions.csv" in str(caught.value)


def test_a_version_that_does_not_exist_is_told_by_the_nearest_name(family: Family) -> None:
    with pytest.raises(FilmError, match="Did you mean square"):
        family["sqare"]


@pytest.mark.parametrize("judgment", ["final edit", "pacing", "grade", "mix", "music bed", "hero framing"])
def test_a_language_version_inherits_every_judgment_and_needs_its_sheet_seen(family: Family, judgment: str) -> None:
    assert family.inherits("fr", judgment, cuts()) == "master"
    assert family.inherits("square_fr", judgment, cuts()) == "square"
    assert family.needs_sheet("fr", cuts())
    assert not family.needs_sheet("master", cuts())


def test_another_shape_needs_hero_framing_of_its_own_and_nothing_else(family: Family) -> None:
    assert family.inherits("square", "hero framing", cuts()) is None
    assert {family.inherits("square", one, cuts()) for one in ("final edit", "pacing", "grade", "mix", "music bed")} == {"master"}


@pytest.mark.parametrize("differs", ["shape", "super", "language", "price"])
def test_a_shape_and_a_super_sound_like_what_they_come_from_or_need_a_mix_of_their_own(differs: str) -> None:
    family = read_versions(f"version,of,differs,cut\nmaster,,,m.otio\nother,master,{differs},o.otio\nafter,other,language,a.otio\n".encode())
    there = cuts(other=cut("other", sound="another sound", heard={"sound/T2.wav": (span(0, 9),)}), after=cut("after"))
    own = differs in ("shape", "super")
    assert {family.inherits("other", one, there) for one in ("mix", "music bed")} == {None if own else "master"}
    assert {family.inherits("other", one, there) for one in ("final edit", "pacing", "grade")} == {"master"}
    assert (family.other_sound("other", there) or "").startswith("other is listed as a" if own else "")
    assert family.inherits("after", "mix", there) == "other"
    assert family.other_sound("other", cuts(other=cut("other"))) is None


def test_another_end_card_and_another_voice_are_what_a_language_version_is_for(family: Family) -> None:
    french = cut("fr", picture={**{name: ranges for name, ranges in cut("fr").picture.items() if "card" not in name}, "assets/card_fr.png": (span(0, 2),)},
                 heard={"sound/VO_fr.wav": (span(0, 9),)})  # fmt: skip
    assert family.stranger("fr", cuts(fr=french)) is None
    assert family.edit_from("fr", cuts(fr=french)) == "master"


@pytest.mark.parametrize("other", [{"rhythm": "another"}, {"picture": {"rushes/A.mp4": (span(3, 7),), "rushes/B.mp4": (span(0, 3), span(10, 12))}}])
def test_a_language_version_that_is_cut_differently_is_a_cut_down_and_says_so(family: Family, other: dict[str, object]) -> None:
    there = cuts(fr=cut("fr", **other))
    assert "fr is listed as a language version of master and is cut differently" in str(family.stranger("fr", there))
    assert family.edit_from("fr", there) == "fr"
    assert family.inherits("fr", "final edit", there) is None
    assert family.inherits("fr", "pacing", there) is None
    assert not family.needs_sheet("fr", there)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"order": ((Fraction(4), "rushes/A.mp4", span(2, 6), Fraction(1)), (Fraction(0), "rushes/B.mp4", span(0, 3), Fraction(1)))}, "in another order"),
        ({"order": ((Fraction(0), "rushes/A.mp4", span(2, 6), Fraction(-1)), (Fraction(4), "rushes/B.mp4", span(0, 3), Fraction(1)))}, "at another speed"),
        ({"joints": ((Fraction(4), Fraction(1, 2), Fraction(1, 2)),)}, "its transitions are others"),
    ],
)
def test_the_same_stretches_put_together_otherwise_are_another_edit(family: Family, other: dict[str, object], says: str) -> None:
    first = ((Fraction(0), "rushes/A.mp4", span(2, 6), Fraction(1)), (Fraction(4), "rushes/B.mp4", span(0, 3), Fraction(1)))
    card_en, card_fr = (Fraction(7), "assets/card_en.png", span(0, 2), Fraction(1)), (Fraction(7), "assets/card_fr.png", span(0, 2), Fraction(1))
    there = cuts(master=cut("master", order=(*first, card_en)), fr=cut("fr", order=(*first, card_fr)))
    assert family.stranger("fr", there) is None
    there["fr"] = cut("fr", **{"order": (*first, card_fr), **other})
    assert says in (family.stranger("fr", there) or "")
    assert family.inherits("fr", "final edit", there) is None


def test_a_cut_down_inherits_grade_and_mix_only_where_its_ranges_are_the_parents(family: Family) -> None:
    shorter = {"rushes/B.mp4": (span(10, 12),)}
    there = cuts(short=cut("short", picture=shorter))
    assert [family.inherits("short", one, there) for one in ("final edit", "pacing", "grade", "mix")] == [None, None, "master", "master"]
    there = cuts(short=cut("short", picture={"rushes/B.mp4": (span(10, 13),)}))
    assert [family.inherits("short", one, there) for one in ("grade", "mix")] == [None, "master"]
    assert family.new_ranges("short", there) == {"rushes/B.mp4": (span(10, 13),)}
    there = cuts(short=cut("short", picture=shorter, heard={"sound/T1.wav": (span(0, 4),)}))
    assert [family.inherits("short", one, there) for one in ("grade", "mix", "music bed")] == ["master", None, None]


def test_rows_join_a_list_and_nothing_that_somebody_wrote_is_lost() -> None:
    raw = ("version;of;differs;cut;note\r\nmaster;;;cuts/v03.otio;the long one\r\nfr;master;language;;ours\r\n").encode("utf-8-sig")
    rows = [
        {"version": "FR", "of": "master", "differs": "language", "cut": "cuts/fr.otio", "language": "fr"},
        {"version": "de", "of": "master", "differs": "super", "cut": "cuts/de.otio", "language": "de"},
    ]
    made, kept = listed(raw, rows)
    assert kept == ()
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig").split("\r\n") == [
        "version;of;differs;cut;note;language", "master;;;cuts/v03.otio;the long one;", "fr;master;language;cuts/fr.otio;ours;fr", "de;master;super;cuts/de.otio;;de", "",
    ]  # fmt: skip
    assert listed(made, rows) == (made, ())
    again, kept = listed(made, [{**rows[1], "cut": "cuts/other.otio"}])
    assert again == made
    assert kept == ("versions.csv, row 4, column cut: de has 'cuts/de.otio' there, not 'cuts/other.otio'.",)
    assert listed(None, rows[1:])[0].decode().splitlines()[:2] == ["version,of,differs,cut,language", "master,,,,"]
    with pytest.raises(FilmError, match="no version called 'mastre'"):
        listed(raw, [{"version": "it", "of": "mastre", "differs": "super", "cut": ""}])
