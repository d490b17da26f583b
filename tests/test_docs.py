"""Nothing is in the house without a paragraph and a test: commands, tasks, formats; and the pages name nothing that is not there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from answerprint import cli
from answerprint.model.extend import found

ROOT = Path(__file__).parent.parent
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]}
TESTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tests/**/test_*.py"))}


def commands() -> dict[str, argparse.ArgumentParser]:
    parser = cli._parser(cli._texts())
    (action,) = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(action.choices)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_on_a_page_and_in_a_test(name: str) -> None:
    assert any(f"answerprint {name}" in text for text in PAGES.values()), f"no page shows `answerprint {name}`"
    assert any(f'"{name}"' in text for file, text in TESTS.items() if "test_docs" not in file), f"no test runs `answerprint {name}`"


@pytest.mark.parametrize("group", ["tasks", "formats", "providers"])
def test_every_plug_in_has_a_paragraph_and_a_test(group: str) -> None:
    for name in found(group, load_outside=False):
        heading = re.compile(rf"^#+ .*`?{re.escape(name)}`?", re.MULTILINE | re.IGNORECASE)
        assert any(heading.search(text) or f"**`{name}`**" in text for text in PAGES.values()), f"no page has a paragraph on {group} {name!r}"
        assert any(f'"{name}"' in text or f"tasks.{name}" in text or f"import {name}" in text for text in TESTS.values()), f"no test speaks of {name!r}"


def test_every_command_on_a_page_exists() -> None:
    known = set(commands())
    for page, text in PAGES.items():
        for block in re.findall(r"```(?:\w*)\n(.*?)```", text, re.DOTALL):
            for name in re.findall(r"^\s*(?:\$ )?answerprint ([a-z]+)\b", block, re.MULTILINE):
                assert name in known, f"{page} shows `answerprint {name}`, which does not exist"


def test_every_link_between_pages_leads_somewhere() -> None:
    for page, text in PAGES.items():
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (ROOT / page).parent.joinpath(target).exists(), f"{page} links to {target}, which is not there"


def test_every_text_a_person_reads_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for table, rows in cli._texts().items():
        for key in rows:
            assert f'"{key}"' in sources, f"texts/en.toml: [{table}] {key} is used nowhere"


@pytest.mark.parametrize("word", ["TODO", "FIXME", "not implemented"])
def test_no_page_and_no_source_promises_what_is_not_there(word: str) -> None:
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]:
        assert word not in path.read_text(encoding="utf-8"), f"{path.name} says {word}"
