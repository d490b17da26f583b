"""What is written, as it is said."""

from __future__ import annotations

import pytest

from answerprint.script import sentences, words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("24/7", "twenty four seven"), ("$9.99", "nine ninety nine"), ("$9.99", "nine dollars and ninety nine cents"), ("$5.05", "five oh five"),
        ("$1", "one dollar"), ("€5", "five euros"), ("5€", "five euros"), ("$1.5M", "one point five million dollars"), ("$0.99", "ninety nine cents"),
        ("answerprint.com", "answerprint dot com"), ("www.larkfield.com/pour", "larkfield dot com slash pour"), ("hi@larkfield.com", "hi at larkfield dot com"),
        ("3rd", "third"), ("21st", "twenty first"), ("20th", "twentieth"), ("Dr.", "doctor"), ("No. 1", "number one"), ("No", "no"), ("1984", "nineteen eighty four"),
        ("2004", "two thousand four"), ("2026", "twenty twenty six"), ("1,250", "one thousand two hundred fifty"), ("118", "one hundred and eighteen"),
        ("007", "oh oh seven"), ("50%", "fifty percent"), ("200g", "two hundred grams"), ("1kg", "one kilo"), ("7:30am", "seven thirty a m"), ("'90s", "nineties"),
        ("1990s", "nineteen nineties"), ("½", "one half"), ("2½", "two and a half"), ("3/4", "three quarters"), ("#firstpour", "hashtag firstpour"),
        ("AT&T", "a t and t"), ("TV", "t v"), ("U.S.", "u s"), ("mp3", "mp three"), ("don’t", "don't"), ("e-mail", "email"), ("9.5", "nine point five"),
        ("1-800-555-0199", "one eight hundred five five five oh one nine nine"), ("-5°", "minus five degrees"), ("4K", "four k"), ("and/or", "and or"),
    ],
)  # fmt: skip
def test_how_it_is_said(written: str, said: str) -> None:
    found = words(f"so {written} now")[1:-1]
    heard = [""]
    for word in found:
        heard = [f"{head} {' '.join(reading)}".strip() for head in heard for reading in word.readings]
    assert said in heard


def test_marks_are_not_words_and_each_word_leads_back_to_its_letters() -> None:
    text = '“Morning—” he said... (twice), *again* – "OK?"'
    assert [word.spoken for word in words(text)] == [("morning",), ("he",), ("said",), ("twice",), ("again",), ("ok",)]
    assert all(text[word.start : word.end] == word.written for word in words(text))


def test_another_language_passes_through() -> None:
    assert [word.spoken for word in words("24 Stunden für 9,99 €, Dr. Müller", "de")] == [("24",), ("stunden",), ("für",), ("9", "99"), ("dr",), ("müller",)]


def test_nothing_gives_nothing() -> None:
    assert words(" — ... ") == ()
    assert sentences("  ") == ()


def test_sentences_end_where_one_would_breathe() -> None:
    text = "Dr. Smith said no. Not today! “Really?” Yes... maybe. At 5 a.m. he goes. No. 1 wins. It costs $9.99 now."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Dr. Smith said no.", "Not today!", "“Really?”", "Yes... maybe.", "At 5 a.m. he goes.", "No. 1 wins.", "It costs $9.99 now.",
    ]  # fmt: skip
