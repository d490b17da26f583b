"""The import law of the house, held by walking the syntax tree: imports go down only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "answerprint"

#: room -> the rooms it may import; a room may always import itself
ROOMS: dict[str, set[str]] = {
    "model": set(),
    "ledger": {"model"},
    "signal": {"model"},
    "script": {"model"},
    "media": {"model", "signal"},
    "timeline": {"model"},
    "delivery": {"model", "media", "signal", "timeline"},
    "providers": {"model"},
    "tasks": {"model", "media", "script", "signal", "timeline", "delivery"},
    "critics": {"model", "signal", "timeline"},
    "library": {"model", "media", "signal"},
}
#: what unlocks, finds or makes a key
KEYS = ("answerprint.ledger.signer", "answerprint.ledger.keyfile", "answerprint.ledger.agent", "answerprint.ledger.recovery")
#: modules beside the rooms, lowest first: each may import the rooms it names and the modules before it
ABOVE = [
    "config", "keep", "timekeeping", "rushes", "worker", "plan", "locking", "copying", "production", "run", "shoot", "status", "vouching", "relinking", "turnover", "drafts",
    "book", "assistant", "progress", "crew", "intent", "arguments", "film", "stale", "desk", "deliverables", "finishing", "assets", "reframing",
    "films", "rights", "previews", "slots", "supering", "exchanged", "disclosing", "accidents", "watched", "sharing", "captioning", "brought", "choosing",
    "easiness", "correcting", "critiquing", "gestures", "finished", "gate", "signoff", "rounds", "copies", "checkpoints", "seeing", "marks", "chronicle",
    "record_style", "record_page", "claims", "agreeing", "papers", "appearing", "making", "delivering", "cleaning", "versioning", "briefing", "passages", "shelving", "calling",
    "drafting", "cost", "filling", "referencing", "presenting", "spot", "room", "cli", "__main__",
]
#: what a room may import from outside, beyond the standard library; None is free
OUTSIDE: dict[str, set[str] | None] = {"model": set(), "ledger": {"cryptography", "platformdirs", "reportlab"}, "signal": {"numpy"}, "script": {"lxml", "reportlab"}, "timeline": {"opentimelineio", "lxml"}}


def imports(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """(line, full module name) of every import in a file, also those inside functions; TYPE_CHECKING ones too."""
    package = ["answerprint", *path.relative_to(root).with_suffix("").parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            module = f"{base}{node.module or ''}".rstrip(".")
            yield node.lineno, module
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def broken(root: Path) -> list[str]:
    """Every import that goes up, sideways where it may not, or outside where the room is closed."""
    faults = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        room = parts[0]
        for line, name in imports(path, root):
            top, _, rest = name.partition(".")
            target = rest.split(".")[0]
            where = f"{path.relative_to(root)}:{line}: {room} imports {name}"
            if top == "answerprint" and target:
                if parts[-1] == "verify" and room == "ledger":
                    faults.append(f"{where}; verify.py is handed out alone")
                elif room in ROOMS and (target in ROOMS or (root / f"{target}.py").exists()):
                    if target != room and target not in ROOMS[room]:
                        faults.append(where)
                elif room in ABOVE and target in ABOVE and ABOVE.index(target) > ABOVE.index(room):
                    faults.append(where)
                if name.startswith(KEYS) and room not in ("ledger", "cli", "room"):
                    faults.append(f"{where}; only cli and room may sign")
                if target == "ledger" and room not in ("ledger", "production", "run", "vouching", "book", "intent", "copies", "checkpoints", "chronicle", "cli", "room", "gate"):
                    faults.append(where)
            elif top != "answerprint" and room in OUTSIDE and top not in sys.stdlib_module_names:
                allowed = OUTSIDE[room]
                if allowed is not None and top not in allowed:
                    faults.append(where)
    return sorted(set(faults))


def test_imports_go_down_only() -> None:
    assert broken(SRC) == []


def test_every_room_is_under_the_law() -> None:
    rooms = {path.name for path in SRC.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    modules = {path.stem for path in SRC.glob("*.py")} - {"__init__"}
    assert rooms <= {*ROOMS, *ABOVE}
    assert modules <= set(ABOVE)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("tasks/greedy.py", "from answerprint.ledger.store import Record"),
        ("tasks/greedy.py", "def run(work):\n    from answerprint.ledger import store"),
        ("tasks/greedy.py", "from ..ledger import store"),
        ("tasks/calls.py", "import answerprint.providers.images"),
        ("critics/sly.py", "from answerprint import ledger"),
        ("signal/wide.py", "import av"),
        ("model/heavy.py", "import numpy"),
        ("model/upward.py", "from answerprint.tasks import sync"),
        ("ledger/verify.py", "from answerprint.model import records"),
        ("run.py", "from answerprint.ledger.signer import sign"),
        ("status.py", "def status():\n    from answerprint import room"),
        ("films.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from answerprint.gate import Check"),
    ],
)
def test_a_module_that_reaches_up_is_caught(tmp_path: Path, file: str, line: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line)
    assert broken(tmp_path), f"{line!r} in {file} was let through"


def test_help_and_status_load_nothing_heavy() -> None:
    code = "import sys, answerprint.cli, answerprint.status, answerprint.production as p; p.found('tasks', load_outside=False); print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"av", "numpy", "PIL", "opentimelineio", "lxml", "cryptography", "rich", "piper"}
