"""Where somebody speaks, how to divide a long take without cutting a word, and what a speech model says that nobody said.

All functions work on voice probabilities (one for each frame of sound, from any voice detector) and on words with times.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["inside", "pieces", "repeats", "share", "spans"]

Stretch = tuple[float, float]

_ON, _OFF = 0.5, 0.35  # Silero's own thresholds: voice begins above the first and ends below the second
_LEAST_S, _HOLD_S = 0.1, 0.3  # a shorter blip is no voice; a shorter gap lies inside a phrase
_LETTERS_A_SECOND = 30.0  # nobody speaks so fast: hurried English runs at 15 to 20 letters a second


def spans(voice: NDArray[np.float32], *, hop_s: float, on: float = _ON, off: float = _OFF) -> list[Stretch]:
    """Stretches of voice, (start_s, end_s), rising and apart.

    Args:   voice: probability of each frame, shape (n,).  hop_s: seconds from one frame to the next.
    Empty:  nothing spoken, or no frames.
    """
    found: list[list[float]] = []
    inside, start = False, 0
    for at, value in enumerate(np.append(voice, -1.0)):
        if not inside and value >= on:
            inside, start = True, at
        elif inside and value < off:
            inside = False
            if found and start * hop_s - found[-1][1] < _HOLD_S:
                found[-1][1] = at * hop_s
            else:
                found.append([start * hop_s, at * hop_s])
    return [(round(start_s, 3), round(end_s, 3)) for start_s, end_s in found if end_s - start_s >= _LEAST_S]


def pieces(voice: NDArray[np.float32], *, hop_s: float, longest_s: float, pad_s: float = 0.4, on: float = _ON, off: float = _OFF) -> list[Stretch]:
    """Divide a take into pieces of at most `longest_s`, each holding whole phrases; what lies between pieces holds no voice.

    Where somebody speaks on without a pause, the cut falls where voice is least likely in the second half of the piece.
    Empty: nothing spoken.
    """
    whole_s = len(voice) * hop_s
    phrases: list[Stretch] = []
    for start_s, end_s in spans(voice, hop_s=hop_s, on=on, off=off):
        start_s, end_s = max(0.0, start_s - pad_s), min(whole_s, end_s + pad_s)
        if phrases and start_s < phrases[-1][1]:
            middle = (start_s + phrases[-1][1]) / 2
            phrases[-1] = (phrases[-1][0], middle)
            start_s = middle
        while end_s - start_s > longest_s:
            low, high = int((start_s + longest_s / 2) / hop_s), int((start_s + longest_s) / hop_s)
            cut = (low + int(np.argmin(_eased(voice[low:high])))) * hop_s
            phrases.append((start_s, cut))
            start_s = cut
        phrases.append((start_s, end_s))
    packed: list[Stretch] = []
    for start_s, end_s in phrases:
        if packed and end_s - packed[-1][0] <= longest_s:
            packed[-1] = (packed[-1][0], end_s)
        else:
            packed.append((start_s, end_s))
    return [(round(start_s, 3), round(end_s, 3)) for start_s, end_s in packed]


def _eased(voice: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.convolve(np.pad(voice.astype(np.float64), 2, mode="edge"), np.full(5, 0.2), "valid")


def share(voice: NDArray[np.float32], start_s: float, end_s: float, *, hop_s: float) -> float:
    """How much of a stretch is voice, 0 to 1 (higher: surer that somebody spoke there). The frame before and after count as well."""
    low, high = max(0, int(start_s / hop_s) - 1), int(np.ceil(end_s / hop_s)) + 1
    inside = voice[low:high]
    return float(np.mean(inside >= _OFF)) if len(inside) else 0.0


def inside(stretches: Sequence[Stretch], start_s: float, end_s: float) -> float:
    """How much of a stretch lies inside others, 0 to 1; those rise and do not overlap. 0.0 for an empty stretch."""
    common = sum(max(0.0, min(end_s, last_s) - max(start_s, first_s)) for first_s, last_s in stretches)
    return common / (end_s - start_s) if end_s > start_s else 0.0


def repeats(words: Sequence[tuple[float, float, str]], *, longest: int = 10) -> dict[int, str]:
    """Words that a model repeated without anybody repeating them: index -> the measure that says so.

    A phrase of up to `longest` words that follows itself, faster than it can be spoken: each copy of three words or more that is
    too fast by itself; of one or two words, all copies after the first where they are too fast together. Real repetition ("no, no, no", a
    line said five times) takes its time and stays. One copy always stays.
    """
    texts = ["".join(char for char in text.lower() if char.isalnum()) for *_, text in words]
    found: dict[int, str] = {}
    at = 0
    while at < len(words):
        size, times = _longest_run(texts, at, longest)
        if times < 2:
            at += 1
            continue
        copies = [range(at + number * size, at + (number + 1) * size) for number in range(times)]
        if size >= 3:
            hurried = [copy for copy in copies if _pace(words, texts, copy) > _LETTERS_A_SECOND]
            hurried = hurried[1:] if len(hurried) == times else hurried
        else:  # one or two words have no times of their own to go by
            together = _pace(words, texts, range(at + size, at + size * times))
            hurried = copies[1:] if times >= 3 and together > _LETTERS_A_SECOND else []
        for copy in hurried:
            says = f"the same {size} word{'s' * (size > 1)} {times} times over, {_pace(words, texts, copy):.0f} letters a second"
            found.update(dict.fromkeys(copy, says))
        at += size * times
    return found


def _longest_run(texts: Sequence[str], at: int, longest: int) -> tuple[int, int]:
    """The phrase from `at` that covers most by following itself: its words, and how many times it stands there."""
    best = (0, 0)
    for size in range(1, min(longest, (len(texts) - at) // 2) + 1):
        times = 1
        while texts[at + times * size : at + (times + 1) * size] == texts[at : at + size]:
            times += 1
        if times >= 2 and times * size > best[0] * best[1]:
            best = (size, times)
    return best


def _pace(words: Sequence[tuple[float, float, str]], texts: Sequence[str], which: range) -> float:
    """Letters a second."""
    return sum(len(texts[index]) for index in which) / max(words[which[-1]][1] - words[which[0]][0], 0.01)
