"""A table is read as any spreadsheet saves it; what is none is a sentence of the room that asked."""

from __future__ import annotations

import pytest

from answerprint.model.records import AnswerprintError
from answerprint.model.tables import read


class PaperError(AnswerprintError):
    """Of the room that asks."""


@pytest.mark.parametrize("raw", [b"item,text\n1,Salt\n", b"item;text\r\n1;Salt\r\n", b"item\ttext\n1\tSalt", b"\xef\xbb\xbfitem,text\r1,Salt\r"])
def test_commas_semicolons_tabs_marks_and_line_ends_of_any_system_are_read_alike(raw: bytes) -> None:
    assert read(raw, "words.csv", PaperError) == [["item", "text"], ["1", "Salt"]]


def test_an_empty_file_has_no_rows() -> None:
    assert read(b"", "words.csv", PaperError) == []


@pytest.mark.parametrize(("raw", "why"), [(b"item\n\xff\n", "words.csv: it is not UTF-8 text"), (b'item\n"1', "words.csv: it is not a CSV table")])
def test_what_is_no_table_is_a_sentence_with_its_name(raw: bytes, why: str) -> None:
    with pytest.raises(PaperError, match=why):
        read(raw, "words.csv", PaperError)
