"""Drafts held against the truth: origins over random edit histories, distances of starting points, and how often two texts share words by chance.

    python -m bench.drafts [--histories 200] [--first 0]

The truth of an origin comes from the history of the page, gesture by gesture, and never from its text. Three briefs, each with a page that is laid out
without a language model and one whose sections are prose, as a service writes it.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from itertools import combinations, islice
from pathlib import Path

from answerprint import briefing
from answerprint.drafting import frames
from answerprint.drafting.unlike import BY_MEANING, BY_WORDS, by_words, meaning
from answerprint.passages import Index, of_text, sentences, words
from tests.drafting.briefs import BRIEFS, pages
from tests.drafting.tellings import TELLINGS
from tests.passages import histories

PAGES = Path(__file__).parent.parent / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    args = parser.parse_args()
    origins(args.first, args.histories)
    for name, text in BRIEFS.items():
        distances(name, briefing.read(text.encode()))
    meant()
    chance()


def origins(first: int, count: int) -> None:
    """Whose each passage is, after each history."""
    for name, pieces, brief in pages():
        held, told, wrong, whose = Index(pieces, brief), 0, [], Counter[str]()
        start = time.perf_counter()
        for seed in range(first, first + count):
            rng = random.Random(seed)
            page = histories.page(list(pieces), brief)
            histories.edit(rng, page, rng.randint(3, 40))
            want = histories.truth(page)
            got = [(words(one.text), one.origin) for one in of_text(histories.markdown(page), held)]
            told += len(want)
            whose.update(origin for _, origin in want)
            wrong += [(seed, *pair) for pair in zip(got, want, strict=False) if pair[0] != pair[1]] or ([(seed, len(got), len(want))] if len(got) != len(want) else [])
        spent = time.perf_counter() - start
        print(f"{name}: {count} histories, {told} passages ({', '.join(f'{origin} {number}' for origin, number in sorted(whose.items()))}): {len(wrong)} wrong, {1000 * spent / count:.0f} ms each")
        for one in wrong[:10]:
            print("   ", one)


def distances(name: str, brief: briefing.Brief) -> None:
    """How far starting points are from each other, by how many of their four parts they share."""
    measure = by_words(BY_WORDS, without=brief.text)
    found: dict[int, list[float]] = {}
    for one, other in combinations(islice(frames.combinations(brief.seal), 200), 2):
        found.setdefault(sum(a is b for a, b in zip(one.ways, other.ways, strict=True)), []).append(measure.between(one.text, other.text))
    for shared in sorted(found):
        values = sorted(found[shared])
        print(f"{name}: frames that share {shared} of four parts: {len(values)} pairs, {values[0]:.2f} to {values[-1]:.2f}, median {values[len(values) // 2]:.2f}")


def meant() -> None:
    """What a measure makes of one idea told in other words, and of different ideas: both spreads, and what the floor of meaning would throw back."""
    caught = wrong = told = apart = 0
    for name, ideas in TELLINGS.items():
        for measure in (by_words(BY_WORDS, without=BRIEFS[name]), meaning()):
            same = sorted(measure.between(*pair) for texts in ideas.values() for pair in combinations(texts, 2))
            other = sorted(measure.between(a, b) for one, two in combinations(ideas.values(), 2) for a in one for b in two)
            nearer = sum(a < b for a in same for b in other) / len(same) / len(other)
            print(f"{name}, by {measure.name}: one idea in other words: {_spread(same)}; different ideas: {_spread(other)}; the retelling is the nearer one {nearer:.0%} of the time")
            if measure.name == "meaning":
                told, apart, caught, wrong = told + len(same), apart + len(other), caught + sum(one < BY_MEANING for one in same), wrong + sum(one < BY_MEANING for one in other)
                print(f"{name}: half of the retellings are farther apart than {sum(one < same[len(same) // 2] for one in other) / len(other):.0%} of the different ideas")
    print(f"under {BY_MEANING:.2f} by meaning: {caught} of {told} retellings, and {wrong} of {apart} pairs of different ideas")


def _spread(values: list[float]) -> str:
    return f"{len(values)} pairs, " + " ".join(f"{values[min(len(values) - 1, int(part * len(values)))]:.2f}" for part in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)) + " (least, 5, 25, 50, 75, 95 %, most)"


def chance() -> None:
    """How many sentences of this program's own pages share so many words running with another page."""
    said = {path.name: [words(one) for one in _prose(path)] for path in sorted(PAGES.glob("*.md"))}
    for run in (2, 3, 4, 5, 6):
        runs = {name: {one[at : at + run] for one in found for at in range(len(one) - run + 1)} for name, found in said.items()}
        shared = told = 0
        for name, other in ((name, other) for name in said for other in said if name != other):
            told += len(said[name])
            shared += sum(any(one[at : at + run] in runs[other] for at in range(len(one) - run + 1)) for one in said[name])
        print(f"{run} words running: {shared / told:.2%} of {told} sentences held against another page")


def _prose(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    paragraphs = [part.replace("\n", " ") for part in re.split(r"\n\s*\n", text) if not part.lstrip().startswith(("|", "#"))]
    return [one for part in paragraphs for one in sentences(part) if len(words(one)) >= 5]


if __name__ == "__main__":
    main()
