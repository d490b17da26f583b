"""A clip's words are counted from its first picture frame, a recorder file's from its first sample; what lies under clips is not heard twice."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from answerprint.media import whisper
from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts
from answerprint.tasks.transcript import task
from bench.spoken import Speaker, plain

NAMES = {"transcript.words", "transcript.trust", "transcript.set_aside", "transcript.raw", "transcript.voice", "transcript.model"}


@pytest.fixture(scope="module")
def line() -> np.ndarray:
    said = Speaker().say("Cut there. Please roll camera.")
    assert said is not None
    return said.samples


def transcribed(subject: Input, scratch: Path) -> Facts:
    made = tuple(task.run(Work(subject=subject, clips=(), sounds=(), params={"speech_model": ""}, scratch=scratch)))
    return Facts.from_bytes(Facts(task="transcript", version=task.version, inputs=("blake3:1",), facts=made).to_bytes())


def clip(tmp_path: Path, samples: np.ndarray) -> Input:
    np.save(tmp_path / "heard.npy", np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16))
    return Input(path=tmp_path / "A001.mov", file="A001.mov", digest="blake3:1", facts={}, artefacts={"synced/heard.npy": tmp_path / "heard.npy"})


def test_a_clip_has_words_trust_and_the_raw_pass(tmp_path, line):
    facts = transcribed(clip(tmp_path, np.concatenate([np.zeros(32000, np.float32), line])), tmp_path)
    assert {fact.name for fact in facts.facts} == NAMES
    words = facts.value("transcript.words")
    assert plain(" ".join(text for _, _, text, _ in words)) == plain("Cut there. Please roll camera.")
    assert 2.3 < words[0][0] < 2.6
    trust = facts.value("transcript.trust")
    assert [one["better"] for one in trust["measures"]] == ["higher"] * 3
    assert len(trust["words"]) == len(words)
    assert facts.value("transcript.voice")[0][0] > 2
    assert facts.value("transcript.model") == whisper.model_digest()
    assert plain(" ".join(phrase["text"] for phrase in facts.value("transcript.raw"))) == plain(" ".join(word[2] for word in words))


def test_only_the_wild_stretches_of_a_recorder_file_are_heard(tmp_path, line):
    take = np.concatenate([line, np.zeros(16000, np.float32), line])
    np.save(tmp_path / "sound.npy", np.repeat(np.round(take * 32767).astype(np.int16), 3))
    wild_s = (len(line) + 16000) / 16000
    known = Facts(task="wild", version=1, inputs=(), facts=(Fact(about="blake3:2", name="wild.spans", value=[[wild_s, len(take) / 16000]], method="test"),))
    subject = Input(
        path=tmp_path / "T1.wav", file="T1.wav", digest="blake3:2", facts={"wild": known}, artefacts={"listen/sound.npy": tmp_path / "sound.npy"}
    )
    words = transcribed(subject, tmp_path).value("transcript.words")
    assert plain(" ".join(word[2] for word in words)) == plain("Cut there. Please roll camera.")
    assert words[0][0] >= wild_s


def test_nothing_to_hear_is_an_empty_transcript(tmp_path):
    known = Facts(task="wild", version=1, inputs=(), facts=(Fact(about="blake3:2", name="wild.spans", value=[], method="test"),))
    covered = Input(path=tmp_path / "T1.wav", file="T1.wav", digest="blake3:2", facts={"wild": known}, artefacts={"listen/sound.npy": tmp_path / "none"})
    for subject in (covered, clip(tmp_path, np.zeros(0, np.float32))):
        facts = transcribed(subject, tmp_path)
        assert {fact.name for fact in facts.facts} == NAMES
        assert facts.value("transcript.words") == []


def test_declaring_the_task_loads_no_model():
    import subprocess

    told = subprocess.run(
        [sys.executable, "-c", "import sys, answerprint.tasks.transcript; print(any(m in sys.modules for m in ('numpy', 'faster_whisper', 'av')))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout.strip() == "False"
