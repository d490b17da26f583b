"""The card's own paper is found, held against its chain, and believed file by file."""

from __future__ import annotations

import hashlib

import pytest

from answerprint.media import digests, mhl

FIRST = """<?xml version="1.0" encoding="UTF-8"?>
<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0">
  <creatorinfo>
    <creationdate>2026-03-02T11:31:47+00:00</creationdate>
    <hostname>dit</hostname>
    <tool version="1.2">ascmhl</tool>
  </creatorinfo>
  <processinfo>
    <process>in-place</process>
    <roothash>
      <content>
        <xxh64 hashdate="2026-03-02T11:31:47.167859+00:00">bb6dea372ef4fa71</xxh64>
      </content>
    </roothash>
    <ignore>
      <pattern>.DS_Store</pattern>
    </ignore>
  </processinfo>
  <hashes>
    <hash>
      <path size="6" lastmodificationdate="2026-03-02T11:31:46+00:00">Clips/A001C001 \u00fc&amp;.mov</path>
      <xxh64 action="original" hashdate="2026-03-02T11:31:47.167659+00:00">e4c191d091bd8853</xxh64>
    </hash>
    <hash>
      <path size="2" lastmodificationdate="2026-03-02T11:31:46+00:00">Clips/b.wav</path>
      <xxh64 action="original" hashdate="2026-03-02T11:31:47.167787+00:00">1bc5b06c5e14854b</xxh64>
    </hash>
    <directoryhash>
      <path lastmodificationdate="2026-03-02T11:31:46+00:00">Clips</path>
      <content>
        <xxh64 hashdate="2026-03-02T11:31:47.167820+00:00">5baf092a380c95d5</xxh64>
      </content>
    </directoryhash>
  </hashes>
</hashlist>
"""
SECOND = """<?xml version="1.0" encoding="UTF-8"?>
<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0">
  <hashes>
    <hash>
      <path size="6" lastmodificationdate="2026-03-02T11:31:46+00:00">Clips/A001C001 \u00fc&amp;.mov</path>
      <md5 action="verified" hashdate="2026-03-02T11:31:47.634143+00:00">B1946AC92492D2347C6235B4D2611184</md5>
      <xxh128 action="verified" hashdate="2026-03-02T11:31:47.634158+00:00">6bba86c7e069f56d5a10b435f1c8e49c</xxh128>
    </hash>
    <hash>
      <path size="4" lastmodificationdate="2026-03-02T11:31:47+00:00">Clips/b.wav</path>
      <xxh64 action="failed" hashdate="2026-03-02T11:31:47.634232+00:00">6c9911a1017b2832</xxh64>
    </hash>
  </hashes>
</hashlist>
"""
LEGACY = """<?xml version="1.0" encoding="UTF-8"?>
<hashlist version="1.1">
  <creatorinfo><name>DIT</name><tool>Silverstack</tool></creatorinfo>
  <hash>
    <file>Clips/b.wav</file>
    <size>2</size>
    <lastmodificationdate>2026-03-02T11:31:46Z</lastmodificationdate>
    <xxhash64be>1BC5B06C5E14854B</xxhash64be>
    <hashdate>2026-03-02T11:31:47Z</hashdate>
  </hash>
  <hash>
    <file>Clips/old.wav</file>
    <size>2</size>
    <xxhash64>4b85145e6cb0c51b</xxhash64>
  </hash>
</hashlist>
"""


@pytest.fixture
def card(tmp_path):
    """A card with two files, as ascmhl 1.2 sealed it."""
    roll = tmp_path / "CARD" / "A001"
    (roll / "Clips").mkdir(parents=True)
    (roll / "ascmhl").mkdir()
    (roll / "Clips" / "A001C001 \u00fc&.mov").write_bytes(b"hello\n")
    (roll / "Clips" / "b.wav").write_bytes(b"w\n")
    return tmp_path / "CARD"


def seal(card, *lists: str) -> None:
    folder = card / "A001" / "ascmhl"
    chain = ""
    for number, text in enumerate(lists, start=1):
        name = f"{number:04d}_A001_2026-03-02_113147Z.mhl"
        (folder / name).write_text(text, encoding="utf-8")
        value = digests.c4(hashlib.sha512(text.encode()).digest())
        chain += f'<hashlist sequencenr="{number}"><path>{name}</path><c4>{value}</c4></hashlist>'
    (folder / "ascmhl_chain.xml").write_text(f'<ascmhldirectory xmlns="urn:ASC:MHL:DIRECTORY:v2.0">{chain}</ascmhldirectory>')


def test_every_file_of_a_card_meets_its_hash(card):
    seal(card, FIRST)
    index = mhl.find(card)
    assert len(index) == 2
    assert index.problems == []
    for path in (card / "A001" / "Clips").iterdir():
        expected = index.expected(path)
        assert expected is not None
        assert digests.read(path, also=(expected.algorithm,)).others[expected.algorithm] == expected.value
        assert expected.size_bytes == path.stat().st_size


def test_the_newest_generation_wins_by_its_fastest_hash(card):
    seal(card, FIRST, SECOND)
    expected = mhl.find(card).expected(card / "A001" / "Clips" / "A001C001 \u00fc&.mov")
    assert expected is not None
    assert (expected.algorithm, expected.value) == ("xxh128", "6bba86c7e069f56d5a10b435f1c8e49c")
    assert expected.mhl.name.startswith("0002_")


def test_a_recorded_failure_is_said_and_its_hash_is_not_believed(card):
    seal(card, FIRST, SECOND)
    index = mhl.find(card)
    expected = index.expected(card / "A001" / "Clips" / "b.wav")
    assert expected is not None
    assert expected.value == "1bc5b06c5e14854b"
    assert expected.failed is not None
    assert ["b.wav failed" in problem.says for problem in index.problems] == [True]


def test_a_list_changed_after_its_chain_is_not_used(card):
    seal(card, FIRST, SECOND)
    second = card / "A001" / "ascmhl" / "0002_A001_2026-03-02_113147Z.mhl"
    second.write_text(SECOND.replace("6bba", "6bbb"), encoding="utf-8")
    index = mhl.find(card)
    expected = index.expected(card / "A001" / "Clips" / "A001C001 \u00fc&.mov")
    assert expected is not None
    assert expected.algorithm == "xxh64"
    assert "changed after it was written" in index.problems[0].says


def test_composed_and_decomposed_letters_are_one_name(card):
    seal(card, FIRST)
    assert mhl.find(card).expected(card / "A001" / "Clips" / "A001C001 u\u0308&.mov") is not None


def test_an_old_list_beside_the_media_is_read(card):
    (card / "A001" / "A001.mhl").write_text(LEGACY)
    index = mhl.find(card)
    expected = index.expected(card / "A001" / "Clips" / "b.wav")
    assert expected is not None
    assert (expected.algorithm, expected.value, expected.size_bytes) == ("xxh64", "1bc5b06c5e14854b", 2)
    assert index.expected(card / "A001" / "Clips" / "old.wav") is None
    assert "not checked here" in index.problems[0].says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<hashlist version='2.0'><hashes>", "not XML"),
        ("", "not XML"),
        ("<other/>", "version 1 or 2"),
        ('<!DOCTYPE h [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><hashlist version="2.0">&b;</hashlist>', "entities"),
        ('<!DOCTYPE h SYSTEM "http://host/x.dtd"><hashlist version="2.0"/>', "entities"),
    ],
)
def test_broken_and_hostile_lists_are_problems_and_the_others_count(card, text, says):
    seal(card, FIRST)
    (card / "A001" / "bad.mhl").write_text(text)
    index = mhl.find(card)
    assert len(index) == 2
    assert [says in problem.says for problem in index.problems] == [True]


def test_a_path_that_leaves_the_card_names_no_file_of_it(card):
    seal(card, FIRST.replace("Clips/b.wav", "../../../etc/passwd"))
    index = mhl.find(card)
    assert index.expected(card / "A001" / "Clips" / "b.wav") is None


def test_several_media_are_one_index_and_none_is_none(card, tmp_path):
    seal(card, FIRST)
    (tmp_path / "OTHER").mkdir()
    index, problems = mhl.gather([tmp_path / "OTHER", card])
    assert index is not None
    assert problems == []
    assert mhl.gather([tmp_path / "OTHER"]) == (None, [])
