"""Names that a brief keeps out go into no request for pictures."""

from __future__ import annotations

import pytest

from answerprint import briefing, calling
from answerprint.briefing.brief import read
from answerprint.desk import Desk
from answerprint.model.providers import Request
from answerprint.spot import Spot
from tests.crewed import crewed
from tests.providers.serving import set_up

BRIEF = """# Nordbrew One

Client: Nordbrew
Product: Nordbrew One

## Competitors
- Fizz Cola
- Kettle & Sons (premium)
- adidas - strong in sport
- others

## Avoid
- No mention of Halde or Brewdog.
- Music that swells
- “Just do it”
- NO CGI AT ALL
- Never show Nordbrew cans upside down. No iPhone on screen.
- Don't show the TV
"""


def test_competitors_and_what_is_named_under_avoid_are_kept_out_and_nothing_else() -> None:
    assert briefing.marks(read(BRIEF.encode())) == ("Fizz Cola", "Kettle & Sons", "adidas", "Halde", "Brewdog", "Just do it", "iPhone")


@pytest.mark.parametrize(("text", "names"), [
    ("Client: Halde\nBackground: The market is led by others.\nCompetitors: Pepsi, 7UP and innocent; own-label brands\nDo nots: nothing that looks like Coca-Cola\n", ("Pepsi", "7UP", "innocent", "Coca-Cola")),
    ("# Oats\n\n**Competitive set:** Oatly vs. Alpro\n\n**Please avoid**\n\nShots of people drinking alone. Anything that feels like a bank.\n", ("Oatly", "Alpro")),
    ("**Competitive set:** Oatly, Alpro\n\nClient: Halde\n", ("Oatly", "Alpro")),
    ("Competitors: Oatly and Alpro\n\nClient: Halde\n", ("Oatly", "Alpro")),
    ("**Competitors**\n\n- Oatly\n- Alpro\n", ("Oatly", "Alpro")),
    ("# Oats\n\n## Competitors: Oatly, Alpro\n\nThey shout.\n", ("Oatly", "Alpro")),
    ("# Hafer\n\n## Wettbewerber\n- Oatly\n- Alpro\n", ("Oatly", "Alpro")),
    ("# Hafer\n\nWettbewerb: Oatly und Alpro\n", ("Oatly", "Alpro")),
    ("# Hafer\n\n## Markt und Wettbewerb\n\nDie Marken im Regal verkaufen Milch und den Preis. „Oatly“ ist am lautesten.\n", ("Oatly",)),
    ("# Avoine\n\n## Concurrents directs\n\nOatly et Alpro\n", ("Oatly", "Alpro")),
    ("# Avoine\n\n**Marques concurrentes :** Oatly, Bjorg\n", ("Oatly", "Bjorg")),
    ("# Avena\n\n**Competencia:** Oatly y Alpro\n", ("Oatly", "Alpro")),
    ("# Avena\n\n## Principali concorrenti\n\n- Oatly\n- Alpro\n", ("Oatly", "Alpro")),
    ("# Haver\n\nBelangrijkste concurrenten: Oatly en Alpro\n", ("Oatly", "Alpro")),
    ("# Woda\n\n## Competitors\n- Škoda\n- Žabka and Łomża\n- Żywiec Zdrój, which is cheaper\n", ("Škoda", "Žabka", "Łomża", "Żywiec Zdrój")),
    ("# Woda\n\n## Avoid\n\nNothing that looks like Žabka or Балтика.\n", ("Žabka", "Балтика")),
    ("# Water\n\nCompetitors: 农夫山泉、怡宝\n", ("农夫山泉", "怡宝")),
    ("# Coffee\n\n## Competitors\n- Nescafe\u0301\n- Ha\u0308agen\n", ("Nescafé", "Häagen")),
    ("# Nothing\n\n## Avoid\n\nNo crying. Nobody in bed.\n", ()),
])  # fmt: skip
def test_a_brief_names_them_in_many_ways(text: str, names: tuple[str, ...]) -> None:
    assert briefing.marks(read(text.encode())) == names


def test_no_picture_is_asked_for_with_a_name_that_the_brief_or_the_policy_keeps_out(tmp_path, monkeypatch) -> None:
    with set_up(tmp_path, monkeypatch, "stills") as (server, _), crewed(tmp_path) as (spot, _):
        there = Spot(spot.path)
        stills = calling.opened(there.settings, "stills")

        def against(words: str) -> str:
            return " ".join(calling.why_not(Desk(there), stills, Request(kind="pictures", words=words)))

        assert "Fizz Cola" not in against("a fizz cola can in the rain")
        (spot.path / "brief.md").write_text(BRIEF, encoding="utf-8")
        assert "the request names Fizz Cola, a trademark, or a name that is kept out: by the brief" in against("a fizz cola can in the rain")
        (spot.path / "policy.toml").write_text('client = "Nordbrew"\ndated = 2026-10-01\ncompetitors = ["Salt Lager"]\n', encoding="utf-8")
        assert "the request names Salt Lager, a competitor in the AI policy of Nordbrew" in against("a salt lager sign")
        (spot.path / "brief.md").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(briefing.BriefError):
            against("rain on a window")
        assert server.asked == []
