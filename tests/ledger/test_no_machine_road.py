"""Every road that was tried from what a machine makes to what a person signs. docs/no-machine-road.md lists them; each ends."""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerprint.book import Book
from answerprint.ledger import Record, Refused, signer
from answerprint.ledger.verify import HUMAN, MACHINE, NAMESPACE, verify
from answerprint.model import judgments
from answerprint.model.charter import Execution, Judgment
from answerprint.model.judgments import Decision, Enrol, Key, Seen
from answerprint.model.records import ModelError
from tests import test_layers
from tests.ledger.conftest import opened_up, put, sealed, task_body
from tests.ledger.signing import Hand, everything
from tests.ledger.stories import decided, takes

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "answerprint"
PAGE = ROOT / "docs" / "no-machine-road.md"
ANA = Hand("Ana Producer")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer", "director"), ANA)
        record.sign(everything(ANA), ANA)
        yield record


# ---- by types

ROADS = {
    "a fact for a decision": "Decision(gesture='choice', decisions=(fact,))  # [arg-type]",
    "facts for decisions": "Decision(gesture='choice', decisions=facts.facts)  # [arg-type]",
    "a fact for a choice": "Decided(judgment='take', about='item:1', choice=fact)  # [arg-type]",
    "a loss for a decision": "Decision(gesture='choice', decisions=(loss,))  # [arg-type]",
    "a task that returns decisions": "Task(name='x', execution=Execution.STRINGS, version=1, each='shoot', run=decides)  # [arg-type]",
    "a task that does a judgment": "Task(name='x', execution=Judgment.TAKE, version=1, each='shoot', run=measures)  # [arg-type]",
    "a fact to be signed": "record.sign(fact, signs)  # [arg-type]",
    "a plain body to be signed": "record.sign({'kind': 'decision'}, signs)  # [arg-type]",
    "a decision without hands": "record.sign(decision, None)  # [arg-type]",
    "a task's work as hands": "record.sign(decision, work)  # [arg-type]",
    "a decision appended": "record.append('decision', decision)  # [arg-type]",
    "a decision without a signature": "record.append_signed(prepared, None)  # [arg-type]",
    "a decision as what is prepared": "record.append_signed(decision, b'')  # [arg-type]",
    "a fact for an answer": "answers(fact)  # [arg-type]",
    "an answer of the machine's own": "Answer(objection=1, answer='auto')  # [arg-type]",
    "a next one that the machine chose": "Refusal(question='', cuts=(), because='', next='best')  # [arg-type]",
    "a holder that is a task": "Holder(person=task)  # [arg-type]",
    "a decision changed after it was made": "decided.choice = {'is': 'mine'}  # [misc]",
}


def test_by_types_nothing_that_a_machine_makes_is_taken_for_what_a_person_signs(tmp_path: Path) -> None:
    """mypy, as the house runs it, over one line for each road; and the honest line beside it, which passes."""
    from mypy import api

    head = textwrap.dedent('''
        from answerprint.ledger.store import Prepared, Record
        from answerprint.model.charter import Execution, Judgment
        from answerprint.model.extend import Loss, Task, Work
        from answerprint.model.judgments import Answer, Decided, Decision, Holder, Human, Refusal, Signs
        from answerprint.model.records import Fact, Facts
        def decides(work: Work) -> list[Decided]: return []
        def measures(work: Work) -> list[Fact]: return []
        def answers(human: Human) -> None: ...
        def roads(record: Record, fact: Fact, facts: Facts, loss: Loss, task: Task, work: Work, signs: Signs, decided: Decided, decision: Decision, prepared: Prepared) -> None:
            record.sign(Decision(gesture='choice', decisions=(decided,)), signs)
            record.append_signed(prepared, signs.sign(prepared.body, 'x'))
            Task(name='x', execution=Execution.STRINGS, version=1, each='shoot', run=measures)
            answers(decision)
    ''').lstrip()
    lines = [f"    {code.partition('  # ')[0]}" for code in ROADS.values()]
    (tmp_path / "roads.py").write_text(head + "\n".join(lines) + "\n")
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {ROOT / 'src'}\npython_version = 3.11\n")
    said, broke, _ = api.run([str(tmp_path / "roads.py"), "--config-file", str(tmp_path / "mypy.ini"), "--cache-dir", str(tmp_path / "cache"), "--follow-imports", "silent", "--no-error-summary"])
    assert broke == ""
    first = head.count("\n") + 1
    found = {int(line): code for line, code in re.findall(r"roads\.py:(\d+): error: .*\[([a-z-]+)\]", said)}
    wanted = {first + number: code.partition("  # ")[2].strip("[]") for number, code in enumerate(ROADS.values())}
    assert found == wanted, said


# ---- by the import law


@pytest.mark.parametrize(("file", "line"), [
    ("tasks/greedy.py", "from answerprint.ledger.store import Record"), ("tasks/greedy.py", "def run(work):\n    import answerprint.ledger.signer"),
    ("critics/sly.py", "from answerprint.ledger import admit"), ("critics/sly.py", "from answerprint import ledger"), ("providers/wide.py", "from ..ledger import store"),
    ("timeline/sly.py", "from answerprint.ledger import store"), ("media/sly.py", "import answerprint.ledger"), ("signal/sly.py", "import answerprint.ledger"),
    ("run.py", "from answerprint.ledger.signer import find"), ("production.py", "import answerprint.ledger.signer"), ("book.py", "from answerprint.ledger.signer import find"),
    ("assistant.py", "from answerprint.ledger import Record"), ("plan.py", "from answerprint.ledger import Record"),
])  # fmt: skip
def test_by_imports_only_the_terminal_and_the_room_reach_a_key(tmp_path: Path, file: str, line: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line)
    assert test_layers.broken(tmp_path), f"{line!r} in {file} was let through"


def test_by_imports_the_house_keeps_its_own_law() -> None:
    """And nobody goes round it: no module below the terminal loads another by its name's text, but the one that finds plug-ins."""
    assert not [fault for fault in test_layers.broken(SRC) if "ledger" in fault]
    named = []
    for path in SRC.rglob("*.py"):
        if path.relative_to(SRC).parts[0] in ("cli", "room"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("importlib.import_module", "import_module", "__import__", "exec", "eval"):
                named.append(str(path.relative_to(SRC)))
    assert set(named) <= {"model/extend.py"}


def test_only_the_door_of_persons_writes_a_signature() -> None:
    """In the whole house one statement inserts into the record, and one caller hands it a signature: `append_signed`, behind `person_door`."""
    inserts = [str(path.relative_to(SRC)) for path in SRC.rglob("*.py") if re.search(r"INSERT INTO entry", path.read_text(encoding="utf-8"))]
    assert sorted(inserts) == ["ledger/copied.py", "ledger/store.py"]  # a copy: what stands in the record already, checked before it has a name
    store = (SRC / "ledger/store.py").read_text(encoding="utf-8")
    assert store.count("self._insert(") == 2
    assert re.search(r"machine_door\(state, entry\)\n\s+self\._insert", store)
    assert re.search(r"person_door\(state, entry\)\n\s+self\._insert", store)


# ---- by the two lists


def test_no_value_is_both_an_execution_and_a_judgment() -> None:
    assert not {one.value for one in Execution} & {one.value for one in Judgment}
    assert not HUMAN & set(MACHINE)


def test_an_execution_is_not_decided_unless_it_was_made_stricter(record: Record) -> None:
    with pytest.raises(Refused, match="does not hold the rough assembly: nobody holds it yet"):
        record.sign(Decision(gesture="choice", decisions=(decided("rough assembly", "film:master", "the machine's"),)), ANA)
    with pytest.raises((Refused, ModelError), match="is no judgment"):
        record.sign(Decision(gesture="choice", decisions=(decided("best take", "item:1", "A"),)), ANA)


# ---- by the API


@pytest.mark.parametrize("kind", sorted(HUMAN))
def test_by_the_api_the_machines_door_lets_no_persons_kind_in(record: Record, kind: str) -> None:
    body = {"schema": 1, "kind": kind, "by": ANA.key_id, "at": "2026-03-01T10:00:00.000Z", "seen": {"n": 2, "hash": record.head()[1]}}
    for attempt in (body, judgments.body(takes("A#1"), by=ANA.key_id, at="2026-03-01T10:00:00.000Z", seen=Seen(n=2, hash=record.head()[1]))):
        with pytest.raises(Refused, match="the machine does not write a"):
            record.append(kind, attempt)
        with pytest.raises(Refused):
            record.append_many([("task", task_body(1)), (kind, attempt)])
    assert record.head()[0] == 2


def test_by_the_api_a_signature_of_nobodys_is_refused(record: Record) -> None:
    prepared = record.prepare(takes("A#1"), by=ANA.key_id)
    for signature in (b"", b"x", bytes(64), b"SSHSIG" + bytes(100), Hand("Eve").sign(prepared.body, NAMESPACE), ANA.sign(b"something else", NAMESPACE)):
        with pytest.raises(Refused):
            record.append_signed(prepared, signature)
    assert record.head()[0] == 2


def test_by_the_api_nothing_reopens_what_was_signed(record: Record) -> None:
    """The record has no verb that changes, removes or replaces an entry."""
    verbs = {name for name in dir(Record) if not name.startswith("_")}
    assert not [name for name in verbs if re.search("update|delete|remove|set|replace|edit|accept|approve|auto", name)]


# ---- by another name


@pytest.mark.parametrize("kind", sorted(set(MACHINE) - {"task"}))
def test_by_relabelling_what_a_machine_writes_decides_nothing(record: Record, kind: str) -> None:
    """The whole body of a decision, rightly signed, in an entry of the machine's: it says what it says and counts for nothing."""
    prepared = record.prepare(takes("A#1"), by=ANA.key_id)
    body = judgments.body(takes("A#1"), by=ANA.key_id, at=prepared.at, seen=Seen(n=2, hash=record.head()[1]))
    record.append(kind, body)
    assert Book(record).decisions == {}
    assert record.state().decisions == {}
    n, head = record.head()
    signed = sealed(n + 1, head, kind, prepared.body, at=prepared.at, signature=ANA.sign(prepared.body, NAMESPACE))
    with opened_up(record.path) as db:
        put(db, signed)
    assert any(f"of the kind {kind}, which the machine writes, and carries a signature" in finding.says for finding in verify(record.path).findings)
    with Record.open(record.path) as reader:
        assert Book(reader).decisions == {}


def test_by_relabelling_a_persons_entry_stays_what_it_was(record: Record) -> None:
    """An objection cannot become a decision, nor a decision an approval: the kind is inside the signature."""
    prepared = record.prepare(takes("A#1"), by=ANA.key_id)
    n, head = record.head()
    for kind in sorted(HUMAN - {"decision"}):
        with opened_up(record.path) as db:
            put(db, sealed(n + 1, head, kind, prepared.body, at=prepared.at, signature=ANA.sign(prepared.body, NAMESPACE)))
        assert [finding.n for finding in verify(record.path).findings] == [n + 1]
        with opened_up(record.path) as db:
            db.execute("DELETE FROM entry WHERE n = ?", (n + 1,))


# ---- by raw SQL, by replay (a plug-in that does it is in test_hostile.py; every entry's in test_tampering.py)


def test_by_raw_sql_a_row_without_a_key_counts_for_nobody(record: Record) -> None:
    prepared = record.prepare(takes("A#1"), by=ANA.key_id)
    n, head = record.head()
    with opened_up(record.path) as db:
        put(db, sealed(n + 1, head, "decision", prepared.body, at=prepared.at))
    assert record.state().decisions == {}
    assert n + 1 in record.unsound
    assert [finding.n for finding in verify(record.path).findings] == [n + 1]
    record.append("task", task_body(1))
    assert record.state().decisions == {}


def test_by_replay_a_signature_counts_once(record: Record) -> None:
    prepared = record.prepare(takes("A#1"), by=ANA.key_id)
    signature = ANA.sign(prepared.body, NAMESPACE)
    made = record.append_signed(prepared, signature)
    with pytest.raises(Refused, match="a signature counts once"):
        record.append_signed(prepared, signature)
    record.sign(takes("B#1", replaces={1: f"{made.n}/1"}), ANA)
    with pytest.raises(Refused, match="a signature counts once"):
        record.append_signed(prepared, ANA.sign(prepared.body, NAMESPACE))


# ---- by the folder of a production, by a setting, by an option


@pytest.mark.parametrize("line", ['sign = "auto"', "auto = true", 'key = "ana"', 'holder = "machine"', 'passphrase = "x"', "[charter]\ntake = \"machine\"", 'plugins = ["evil"]'])
def test_by_configuration_nothing_about_judgment_can_be_set(tmp_path: Path, line: str) -> None:
    from answerprint.config import ConfigError, load

    (tmp_path / "answerprint.toml").write_text(f'title = "spot"\n{line}\n')
    with pytest.raises(ConfigError):
        load(tmp_path)


def test_by_configuration_no_setting_speaks_of_keys_seats_or_signatures() -> None:
    from answerprint import config

    files_are_signed_with = {"certificate", "certificate_key"}  # an organisation's, under a file's credentials; no entry of a record is
    for name, spec in config._KEYS.items():
        if name in files_are_signed_with:
            assert spec.user_only, name
            continue
        assert not re.search(r"sign|key|pass|holder|role|judg|charter|approv|auto|accept|best", f"{name} {spec.says}"), name


def test_by_the_folder_of_a_production_no_code_and_no_key_is_taken_from_it(tmp_path: Path) -> None:
    """A folder that came by mail, with modules of the names that Python and the house look for: none of them is loaded when somebody stands in it."""
    for name in ("answerprint.py", "sitecustomize.py", "getpass.py", "cryptography.py", "signer.py", "plugin.py", "conftest.py"):
        (tmp_path / name).write_text("open('ran', 'w').write('x')\n")
    (tmp_path / "answerprint.toml").write_text('title = "spot"\nrate = "25"\n')
    (tmp_path / ".answerprint").mkdir()
    program = Path(sys.executable).with_name("answerprint")
    done = subprocess.run([str(program), "crew"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)})
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ran").exists()


def test_by_an_option_no_command_chooses_by_itself() -> None:
    """`--yes` skips the question of the terminal; nothing skips the choice or the key."""
    from answerprint import cli

    options = {option for parser in _parsers(cli._parser(cli._texts())) for action in parser._actions for option in action.option_strings}
    assert "--help" in options
    assert not [option for option in options if re.search(r"auto|accept|all-|quiet|silent|best|default|force|passphrase|password|skip-sign", option)]


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from _parsers(one)


def test_by_yes_without_a_terminal_nobody_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--yes`, the key at hand, its passphrase in the environment, in a pipe, in a file beside it: the passphrase is asked at a terminal or not at all."""
    monkeypatch.setattr(signer, "ROUNDS", 1)
    own = signer.new_key("Ana", passphrase="four words of mine", folder=tmp_path / "config/answerprint/keys")
    (own.path.with_suffix(".passphrase")).write_text("four words of mine")
    spot = tmp_path / "spot"
    (spot / ".answerprint").mkdir(parents=True)
    (spot / "answerprint.toml").write_text('title = "spot"\nrate = "25"\n')
    with Record.create(spot / ".answerprint/record.db") as record:
        enrol = Enrol(person=ANA.key_id, name="Ana", roles=("producer",), key=Key(algorithm="ssh-ed25519", public=ANA.public))
        record.sign(enrol, ANA)
        record.sign(Enrol(person=ANA.key_id, name="Ana", roles=("producer",), key=Key(algorithm="ssh-ed25519", public=own.public)), ANA)
        head = record.head()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SSH")}
    environment |= {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path), "PASSPHRASE": "four words of mine", "ANSWERPRINT_PASSPHRASE": "four words of mine"}
    for given in ("", "four words of mine\n", "y\nfour words of mine\n"):
        done = subprocess.run([sys.executable, "-m", "answerprint", "object", "too polite", "--on", "film:master", "--in", str(spot), "--yes", "--key", str(own.path)],
                              input=given, env=environment, cwd=spot, capture_output=True, text=True, timeout=60, check=False, start_new_session=True)  # fmt: skip
        assert done.returncode != 0
        assert "passphrase" in done.stderr
        assert "Traceback" not in done.stderr
    with Record.open(spot / ".answerprint/record.db") as record:
        assert record.head() == head


# ---- the page


def test_the_page_names_a_test_for_every_road() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`", page)
    room = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    missing = [name for name in named if f"def {name}(" not in room]
    assert len(named) >= 25
    assert missing == []
    here = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in re.findall(r"^def (test_\w+)", here, re.M) if name not in named and name != "test_the_page_names_a_test_for_every_road"] == []
