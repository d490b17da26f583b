"""`python -m sample demo/`: compose the sample shoot, prep it as a person would, say what to look at next."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from answerprint.model.records import AnswerprintError
from sample import compose


class _Lines:
    """One line a file: rewritten while it grows at a terminal, printed once it is whole elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._began: dict[str, float] = {}

    def __call__(self, name: str, done: float) -> None:
        began = self._began.setdefault(name, time.monotonic())
        if done >= 1:
            print(f"{chr(13) if self._live else ''}  {name:<28} {time.monotonic() - began:6.1f} s", flush=True)
        elif self._live:
            print(f"\r  {name:<28} {done:6.0%}  ", end="", flush=True)


def _answerprint(*words: str | Path) -> int:
    print(f"\n$ answerprint {' '.join(str(word) for word in words)}", flush=True)
    return subprocess.run([sys.executable, "-m", "answerprint", *map(str, words)], check=False).returncode


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sample", description="Compose the sample shoot and prep it.")
    parser.add_argument("folder", type=Path, help="gets shoot/ (the media) and spot/ (the production)")
    parser.add_argument("--short", action="store_true", help="the forty-second shoot that the tests use")
    asked = parser.parse_args(argv)
    shoot, spot = asked.folder / "shoot", asked.folder / "spot"
    print(f"Composing a day's shoot in {shoot} (once; it is kept):")
    try:
        truth = compose(shoot, length="short" if asked.short else "full", progress=_Lines())
    except AnswerprintError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. What is whole stays; the same command goes on from there.", file=sys.stderr)
        return 130
    seconds = sum(clip["duration_s"] for clip in truth["clips"])
    print(f"  {len(truth['clips'])} clips, {seconds:.0f} s of picture, {len(truth['sounds'])} sound files.")
    if not (spot / "answerprint.toml").exists():
        cards = sorted(shoot.glob("card_*"))
        media = [word for folder in [*cards, shoot / "sound"] for word in ("--media", folder)]
        if code := _answerprint("new", spot, *media, "--script", shoot / "script.fountain", "--rate", "23.976"):
            return code
        if code := _answerprint("notes", spot, shoot / "notes.csv"):
            return code
    code = _answerprint("prep", spot)
    if code not in (0, 1):
        return code
    if code := _answerprint("strings", spot, "--item", "1", "--sheets") or code:
        return code
    print(f"""
The shoot is synced, lined and strung. What to look at next:

  {spot}/cuts/First Pour lined script.html    the lined script; the PDF lies beside it
  {spot}/cuts/strings/                        the contact sheet of item 1, in shooting order

  answerprint room {spot}                     the review room: look, argue, decide, sign
  answerprint status {spot}                   every clip with its sound; what abstained, and why
  answerprint strings {spot} --movies         each string as a movie
  answerprint rough {spot} --slugs            a placeholder cut, because you ask
  answerprint export {spot} --format fcpxml   the synced clips for an editing program
  answerprint verify {spot}                   the record of what was done checks out

The thumbnail strips lie in {spot}/.answerprint/cache/; what truly happened on the day is in {shoot}/truth.json.""")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
