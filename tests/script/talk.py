"""Words as a transcript would hold them, from a line such as "4.0 scene one alpha | 7.5 action"."""

from __future__ import annotations

from answerprint.model.attempts import Heard

WORD_S = 0.25


def words(text: str, probability: float = 0.9) -> tuple[list[Heard], list[tuple[float, float]]]:
    """Phrases parted by "|", each with its start in seconds; returns the words and the stretches of voice."""
    heard, voice = [], []
    for phrase in text.split("|"):
        start, *said = phrase.split()
        at = float(start)
        for word in said:
            heard.append(Heard(text=word, in_s=at, out_s=at + WORD_S, probability=probability))
            at += WORD_S
        voice.append((float(start), at))
    return heard, voice
