"""Briefs in other languages: the same fields under their own heads, the same questions, the same sums."""

from __future__ import annotations

import pytest

from answerprint import briefing
from answerprint.briefing.heads import HEADS, bare, fields
from answerprint.briefing.marks import marks

#: What every language has to read; each brief says its own figures.
ASKED = ("client", "product", "audience", "must-haves", "mandatories", "budget", "dates", "tone", "message", "deliverables")

BRIEFS = {
    "de": """\
# Briefing Frühjahrskampagne

**Auftraggeber:** Salzwerk AG
**Produkt:** Salzwerk Flocken, 125 g

## 1. Zielgruppe
Leute zwischen 30 und 50, die gern kochen.

## 2. Kernbotschaft
Eine Prise genügt.

## 3. Tonalität
- trocken
- nicht lustig

## 4. Muss rein
- die Dose
- eine Hand

## 5. Pflichtangaben
Logo, 2 Sekunden

## 6. Tabus
- Keine Kinder, kein Bier und kein „Maldon“

## 7. Lieferumfang
30 Sekunden, 16:9 und Hochformat

## 8. Budget & Termine
| Budget | 40.000 Euro |
| Dreh | Montag, 19. Januar 2027 |
| Ausstrahlung | 1. März 2027 |
""",
    "fr": """\
BRIEF

ANNONCEUR
Salines du Nord

LE PRODUIT
Fleur de sel, 125 g

CIBLE
Des gens qui cuisinent.

MESSAGE CLÉ
Une pincée suffit.

TON
sec

INCONTOURNABLES
- la boîte
- une main

MENTIONS OBLIGATOIRES
logo, 2 secondes

LIVRABLES
30 secondes, vertical

BUDGET : à définir

DATES
Tournage : lundi 19 janvier 2027
Diffusion : 1er mars 2027
""",
    "es": """\
Cliente: Salinas del Sur
Producto: Escamas de sal, 125 g
Público objetivo: gente que cocina
Mensaje: Una pizca basta.
Tono: seco

Imprescindibles:
- la lata
- una mano

Textos legales: logo, 2 segundos
Entregables: 30 segundos, vertical
Presupuesto: 40.000 euros

Fechas:
- Rodaje: lunes 19 de enero de 2027
- Emisión: 1 de marzo de 2027
""",
    "it": """\
## Cliente
Saline del Sud
## Il prodotto
Scaglie di sale, 125 g
## Pubblico di riferimento
chi cucina
## Messaggio
Basta un pizzico.
## Tono di voce
asciutto
## Cosa deve esserci
- la scatola
- una mano
## Note legali
logo, 2 secondi
## Formati e durata
30 secondi, verticale
## Costi
40.000 euro
## Scadenze
- Riprese: lunedì 19 gennaio 2027
- Messa in onda: 1 marzo 2027
""",
    "nl": """\
| Klant | Zoutwerk BV |
|---|---|
| Product | Zoutvlokken, 125 g |
| Doelgroep | mensen die koken |
| Boodschap | Een snufje is genoeg. |
| Toon | droog |
| Verplichte elementen | logo, 2 seconden |
| Opleveringen | 30 seconden, staand |
| Begroting | 40.000 euro |

### Moet erin
1. het blik
2. een hand

### Planning
- Draaidag: maandag 19 januari 2027
- Uitzending: 1 maart 2027
""",
}


@pytest.mark.parametrize("language", list(BRIEFS))
def test_a_brief_in_another_language_is_read_under_its_own_heads(language: str) -> None:
    found = briefing.read(BRIEFS[language].encode())
    assert [field for field in ASKED if not found.points.get(field)] == []
    assert [len(found.says(field)) for field in ("client", "product", "must-haves", "dates")] == [1, 1, 2, 2]
    assert found.others == {}
    lines = BRIEFS[language].splitlines()
    assert all(one.text.rpartition(": ")[2] in lines[one.line - 1] for points in found.points.values() for one in points)
    assert briefing.asking.lengths_s(found) == (30,)
    asked = {one.about for one in briefing.questions(found)}
    assert not asked & (set(ASKED) - {"budget"}), "what stands there is not asked"
    assert ("budget" in asked) == (language == "fr"), "what only holds a place is"


@pytest.mark.parametrize("language", list(BRIEFS))
def test_a_weekday_that_is_another_is_said_in_every_language(language: str) -> None:
    (note,) = briefing.notes(briefing.read(BRIEFS[language].encode()))
    assert note.says.endswith("is a Tuesday.")
    assert "2027" in note.says
    assert "19" in BRIEFS[language].splitlines()[note.line - 1]


def test_a_head_leads_to_one_field_in_whatever_language_with_and_without_its_accents() -> None:
    for language, heads in HEADS.items():
        for field, words in heads.items():
            for head in words.split("|"):
                for one in (head, head.upper(), bare(head), f"3. {head} (netto)"):
                    assert fields(one) == (field,), f"{language}: {one}"


def test_two_heads_in_one_are_two_in_every_language() -> None:
    for head in ("Budget und Termine", "Budget et calendrier", "Presupuesto y fechas", "Budget e scadenze", "Budget en planning", "das Budget & die Termine"):
        assert fields(head) == ("budget", "dates")
    assert fields("Büro und Termine") == ()


def test_a_german_noun_that_is_to_be_avoided_is_nobodys_name_and_one_in_quotation_marks_is() -> None:
    assert marks(briefing.read(BRIEFS["de"].encode())) == ("Maldon",)
