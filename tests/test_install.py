"""The core stays small enough to install on a laptop in a hotel, and is enough for the main job."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

LIMIT_MB = 700


def closure(name: str, done: dict[str, importlib.metadata.Distribution]) -> Iterator[None]:
    """Every distribution that `pip install NAME` brings, extras left out."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in done:
        return
    done[key] = importlib.metadata.distribution(name)
    for line in done[key].requires or []:
        requirement, _, marker = line.partition(";")
        if "extra ==" in marker or not _applies(marker):
            continue
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match is not None
        try:
            yield from closure(match[0], done)
        except importlib.metadata.PackageNotFoundError:
            if not marker:
                raise


def _applies(marker: str) -> bool:
    from packaging.markers import Marker

    return not marker.strip() or Marker(marker).evaluate({"extra": ""})


def test_what_the_suite_needs_of_the_extras_is_installed_with_it() -> None:
    """`demo` is installed beside it; for `gen` stand local services."""
    extras = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    others = {one for name, needs in extras.items() if name not in ("test", "demo", "gen") for one in needs}
    assert others <= set(extras["test"])


def test_the_core_install_stays_under_700_mb() -> None:
    found: dict[str, importlib.metadata.Distribution] = {}
    for _ in closure("answerprint", found):
        pass
    sizes = {}
    for name, distribution in found.items():
        files = [file.locate() for file in distribution.files or []]
        sizes[name] = sum(os.path.getsize(file) for file in files if os.path.isfile(file)) / 1e6
    total = sum(sizes.values())
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"{size:7.1f} MB  {name}")
    print(f"{total:7.1f} MB  in all, of {LIMIT_MB}")
    assert {"av", "numpy", "opentimelineio", "cryptography"} <= set(found)
    assert 100 < total < LIMIT_MB


def test_the_models_report_to_nobody(tmp_path: Path) -> None:
    """ONNX Runtime makes a device id and a queue of events for its maker when it is loaded, unless it was told not to."""
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA")}
    kept = {name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "CI", "GITHUB_ACTIONS", "TF_BUILD")}
    subprocess.run([sys.executable, "-c", "import answerprint, onnxruntime"], env={**kept, **home, "ORT_DISABLE_TELEMETRY": "0"}, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
