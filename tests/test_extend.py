"""A second package, really installed, adds a task; two of one name are an error; the process of the record never loads it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from answerprint.model.extend import ExtendError, found
from tests import made

TASK = '''
import os
from answerprint.model.charter import Execution
from answerprint.model.extend import Task
from answerprint.model.records import Fact

def run(work):
    yield Fact(about=work.subject.digest, name="loudest.rms_dbfs", value=work.subject.facts["listen"].value("sound.channels")[0]["rms_dbfs"], method="read from listen")
    yield Fact(about=work.subject.digest, name="loudest.process", value=os.getpid(), method="asked the system")

task = Task(name="{name}", execution=Execution.READING, version=1, each="sound", after=("listen",), run=run)
'''


def install(tmp_path: Path, package: str, name: str) -> Path:
    """Build a wheel of a package with one task as an entry point and install it with pip; returns the folder it is in."""
    wheel = tmp_path / f"{package}-1.0-py3-none-any.whl"
    info = f"{package}-1.0.dist-info"
    files = {
        f"{package}.py": TASK.replace("{name}", name),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[answerprint.tasks]\n{name} = {package}:task\n",
    }
    rows = [f"{file},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}" for file, text in files.items()]
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,"]))
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True)
    return target


def run(arguments: list[str], site: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run([sys.executable, "-m", "answerprint", *arguments], env=environment, cwd=folder, capture_output=True, text=True, timeout=120)


def test_a_second_package_adds_a_task(tmp_path: Path) -> None:
    site = install(tmp_path, "loudest_take", "loudest")
    _, sound, _ = made.card(tmp_path, clips=1)
    assert run(["new", "spot", "--media", str(sound), "--rate", "25"], site, tmp_path).returncode == 0
    prepped = run(["prep", "spot"], site, tmp_path)
    assert prepped.returncode == 0, prepped.stderr
    entries = json.loads(run(["record", "spot", "--json"], site, tmp_path).stdout)
    mine = [entry["body"] for entry in entries if entry["body"]["task"] == "loudest"]
    assert len(mine) == 1
    facts = json.loads((tmp_path / "spot/.answerprint/keep" / mine[0]["facts"][7:9] / mine[0]["facts"][7:]).read_text())["facts"]
    assert [fact["name"] for fact in facts] == ["loudest.rms_dbfs", "loudest.process"]
    assert facts[1]["value"] not in (os.getpid(), 0)


def test_two_tasks_of_one_name_are_an_error_naming_both(tmp_path: Path) -> None:
    site = install(tmp_path, "my_listen", "listen")
    code = "from answerprint.model.extend import found; found('tasks', load_outside=True)"
    ran = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True)
    assert "two tasks are called 'listen': answerprint.tasks.listen and my_listen:task of my_listen" in ran.stderr


def test_the_house_does_not_load_other_peoples_code_unless_it_is_told_to(tmp_path: Path) -> None:
    site = install(tmp_path, "loudest_take", "loudest")
    code = "import sys; from answerprint.model.extend import found, outside; print(sorted(found('tasks', load_outside=False)), [p.name for p in outside('tasks')], 'loudest_take' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, check=True)
    assert "['loudest'] False" in ran.stdout
    assert "'loudest'," not in ran.stdout


def test_a_plug_in_without_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.tasks import ingest

    monkeypatch.setattr(ingest, "task", object())
    with pytest.raises(ExtendError, match="has no name"):
        found("tasks", load_outside=False)
