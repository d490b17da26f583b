"""Ingest: what one file says about itself. Nothing is decoded here but what it takes to know what the file is."""

from __future__ import annotations

from collections.abc import Iterable

from answerprint.model.charter import Execution
from answerprint.model.extend import Task, Work
from answerprint.model.records import Fact, to_plain


def run(work: Work) -> Iterable[Fact]:
    """Probe one file. Facts: `media.info` (a `MediaInfo` in plain form), one `note` for each thing it gets wrong about itself."""
    from answerprint.media import probe

    assert work.subject is not None
    info = probe.probe(work.subject.path)
    yield Fact(
        about=work.subject.digest,
        name="media.info",
        value=to_plain(info),
        method="container, streams and recorder chunks as written",
    )
    for note in info.notes:
        yield Fact(about=work.subject.digest, name="note", value=note, method="container against streams")


task = Task(name="ingest", execution=Execution.READING, version=1, run=run, each="file", says="reading what the files say")
