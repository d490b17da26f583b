"""A recorder file is listened to once, and what it holds becomes facts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from answerprint.media import bwf
from answerprint.media.probe import probe
from answerprint.model.extend import Input, Work
from answerprint.model.records import Bext, Fact, Facts, Track, to_plain
from answerprint.model.time import Timecode
from answerprint.tasks.listen import task
from tests.signal.test_ltc import encode


def listened(path: Path, scratch: Path) -> Facts:
    info = Fact(about="blake3:0", name="media.info", value=to_plain(probe(path)), method="test")
    known = Facts.from_bytes(Facts(task="ingest", version=1, inputs=("blake3:0",), facts=(info,)).to_bytes())
    subject = Input(path=path, file="sound/T001.wav", digest="blake3:0", facts={"ingest": known})
    made = tuple(task.run(Work(subject=subject, clips=(), sounds=(), params={}, scratch=scratch)))
    return Facts.from_bytes(Facts(task="listen", version=task.version, inputs=("blake3:0",), facts=made).to_bytes())


def test_a_roll_with_voice_a_dead_track_and_timecode(tmp_path):
    rng = np.random.default_rng(2)
    code = encode(Timecode.parse("08:00:00:00", rate=Fraction(24)), frames=24 * 6, rate_hz=96000, lead=960)[: 96000 * 6]
    voice = rng.normal(0, 0.1, code.size)
    tracks = tuple(Track(channel=number, name=name) for number, name in enumerate(("Boom", "Lav", "TC"), start=1))
    path = tmp_path / "T001.wav"
    bwf.write(path, np.stack([voice, np.zeros(code.size), code]), rate_hz=96000, bext=Bext(tracks=tracks))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    facts = listened(path, scratch)
    channels = facts.value("sound.channels")
    assert [(one["name"], one["dead"], one["ltc"]) for one in channels] == [
        ("Boom", False, False),
        ("Lav", True, False),
        ("TC", False, True),
    ]
    assert facts.value("sound.mix")["of"] == [1]
    assert facts.value("sound.duration_s") == "6/1"
    heard = facts.value("timecode.ltc")
    frames = Timecode.parse(heard["label"], rate=Fraction(24)).frames - Timecode.parse("08:00:00:00", rate=Fraction(24)).frames
    assert heard["rate"] == "24/1"
    assert abs(float(Fraction(heard["at_s"])) - frames / 24 - 0.01) < 2e-5
    assert sorted(made.name for made in scratch.iterdir()) == sorted(task.artefacts)
    mono = np.load(scratch / "sound.npy", mmap_mode="r")
    assert (mono.dtype, mono.shape) == (np.int16, (6 * 48000,))


def test_a_damaged_roll_is_heard_as_far_as_it_goes(tmp_path):
    path = tmp_path / "T002.wav"
    bwf.write(path, np.random.default_rng(3).normal(0, 0.1, (1, 96000)), rate_hz=48000)
    path.write_bytes(path.read_bytes()[:150_000])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    facts = listened(path, scratch)
    assert not facts.value("sound.silent")
    assert 0.9 < float(Fraction(facts.value("sound.duration_s"))) < 1.1
