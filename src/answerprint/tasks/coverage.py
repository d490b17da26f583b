"""Coverage: what every clip and sound covers of the script, once the whole shoot has settled its slates and takes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from answerprint.model.attempts import Attempt, Covered
from answerprint.model.charter import Execution
from answerprint.model.extend import Task, Work
from answerprint.model.records import Fact, from_plain, to_plain


def run(work: Work) -> Iterable[Fact]:
    """Spoken items as `lining` found them in each file; picture rows and board frames by the scene that `takes` settled on.

    Facts about the shoot: `coverage`, [{"digest", "file", "covered": [plain Covered]}], clips first, each kind by name; and
    `coverage.items`, {"<item>": number of attempts that cover it} for every item of the script. Empty without a script.
    """
    from answerprint.script import read
    from answerprint.script.lining import pictures

    path = work.params.get("script")
    items = read(Path(path).name, Path(path).read_bytes()).items if path else ()
    settled: dict[str, list[Attempt]] = {}
    if "takes" in work.shoot:
        for row in work.shoot["takes"].value("takes", []):
            settled[row["clip"]] = [from_plain(Attempt, plain) for plain in row["attempts"]]
    rows: list[dict[str, Any]] = []
    count = {str(item.number): 0 for item in items}
    for one in (*sorted(work.clips, key=lambda clip: clip.file), *sorted(work.sounds, key=lambda sound: sound.file)):
        if "lining" not in one.facts:
            continue
        covered = [from_plain(Covered, plain) for plain in one.facts["lining"].value("lining", [])]
        if one.digest in settled:
            spoken = [entry for entry in covered if entry.kind in ("line", "voice-over")]
            covered = [*spoken, *pictures(items, settled[one.digest], spoken)]
        for item, _ in {(entry.item, entry.attempt) for entry in covered}:
            count[str(item)] = count.get(str(item), 0) + 1
        rows.append({"digest": one.digest, "file": one.file, "covered": to_plain(covered)})
    about = min((row["digest"] for row in rows), default="")
    yield Fact(about=about, name="coverage", value=rows, method="lines by what was said, pictures by their slates; never by a guess")
    yield Fact(about=about, name="coverage.items", value=count, method="attempts of each item, whole or not")


task = Task(
    name="coverage",
    execution=Execution.LINING,
    version=2,
    run=run,
    each="shoot",
    after=("lining", "takes"),
    params=("script",),
    says="counting coverage",
)
