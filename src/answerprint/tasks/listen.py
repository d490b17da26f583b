"""Listens to each recorder file once: levels, dead channels, timecode on a channel, and one mono mix for whoever hears it next."""

from __future__ import annotations

from collections.abc import Iterable

from answerprint.model.charter import Execution
from answerprint.model.extend import Task, Work
from answerprint.model.records import Fact, MediaInfo, from_plain


def run(work: Work) -> Iterable[Fact]:
    """One pass over a recorder file.

    Writes `sound.npy` (int16, mono, 48 kHz, shape (n,)) and `peaks.npy` (int8, shape (m, 2), a hundred a second). Facts: those of
    `media.hearing.Heard`, and one `note` for each thing that was wrong with the file.
    """
    from answerprint.media import audio, hearing
    from answerprint.signal import ltc

    assert work.subject is not None
    about = work.subject.digest
    info = from_plain(MediaInfo, work.subject.facts["ingest"].value("media.info"))
    channels = sum(stream.channels for stream in info.audio)
    named = {track.channel: track.name for track in info.bext.tracks} if info.bext else {}
    heard = hearing.Hearing(
        channels=channels,
        into=work.scratch,
        names=[named.get(number, "") for number in range(1, channels + 1)],
        find_ltc=ltc.decode,
    )
    notes: list[str] = []
    whole = max(1, int(info.duration_s * hearing.RATE_HZ))
    done = 0
    for block in audio.blocks(work.subject.path, info, rate_hz=hearing.RATE_HZ, notes=notes):
        heard.feed(block)
        done += block.shape[1]
        work.progress(min(1.0, done / whole))
    facts = heard.finish().facts(about)
    return [*facts, *(Fact(about=about, name="note", value=note, method="decoded from beginning to end") for note in notes)]


task = Task(
    name="listen",
    execution=Execution.READING,
    version=1,
    run=run,
    each="sound",
    after=("ingest",),
    artefacts=("sound.npy", "peaks.npy"),
    says="listening to the recorder",
)
