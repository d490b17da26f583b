"""Killed anywhere, started again: nothing is paid twice without a yes, no file is half there, no lock stays shut.

    python -m bench.kills [--seed 1] [--points 40] [--only NAME] [--show]

Every long job before the shoot runs in a process of its own against local servers (tests/providers/serving.py) and is killed with SIGKILL at points drawn from a seed:
before a file is opened, written, synced, renamed or removed, before a statement of the record or of the library's index, before and after each piece of a service's
answer. Then the same command is given again, first by somebody who says no to every question, then by somebody who says yes. After that everything has to lie there as
if nothing had happened. Ends with 1 where something does not.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answerprint import calling, cli, config
from answerprint.book import Book
from answerprint.cli import signing
from answerprint.ledger.verify import verify
from answerprint.providers import wire
from answerprint.spot import Spot
from tests.crewed import MARA, crewed
from tests.drafting.briefs import BEER
from tests.library import making
from tests.providers.serving import KEY, Handler, Local, services

#: Calls into the system or into SQLite, by name: before each of these a process may be killed.
STEPS = frozenset(
    "open fdopen mkdir mkstemp write pwrite writelines truncate ftruncate flush fsync replace rename unlink remove rmdir chmod close flock execute executescript executemany commit connect sendall send recv recv_into readinto read_bytes".split()
)
_HANGS_S = 120  #: a deck takes ten seconds; a lock that never opens takes for ever
_PLAIN = (str, bytes, list, dict, set)  #: their own calls go by the same names
SCRIPT = """Title: Salt

INT. KITCHEN - DAWN

A hand lifts the lid of a grey pan and waits for the steam. [[HERO: the lid]]

Rain on a window, before sunrise. [[STOCK: rain on a window]]
"""
FILMS = ("A nurse drives home through rain and opens one can at every red light.", "The ferry captain pours for two hundred strangers and keeps the last glass dry.", "Twelve keys on a bar, and each of them finds its driver before the song ends.")
LETS = ("writer=words of the brief", "stills=words of the brief", "stock=words of the brief")


@dataclass(frozen=True, kw_only=True)
class Work:
    """A long job as it is typed."""

    name: str
    words: tuple[str, ...]  #: of the command; {spot}, {beside} and {media} stand for folders
    first: tuple[tuple[str, ...], ...] = ()  #: what was done before it
    asks: bool = False  #: a service
    adds: bool = False  #: given again, it makes more
    done: str = "\0"  #: what it says where it was done before


WORKS = (
    Work(name="brief", words=("brief", "{spot}", "{beside}/second.md", "--replace")),
    Work(name="concepts", words=("draft", "{spot}", "concept", "--count", "3"), adds=True),
    Work(name="concepts with a writer", words=("draft", "{spot}", "concept", "--count", "2", "--with", "writer"), asks=True, adds=True),
    Work(name="a treatment with a writer", words=("draft", "{spot}", "treatment", "--with", "writer"), asks=True, adds=True),
    Work(name="frames", words=("frames", "{spot}", "--words", "A grey pan on a stove", "--grid", "lens=35,85", "--with", "stills"), asks=True),
    Work(name="candidates", words=("fill", "{spot}", "STOCK:1", "--generate", "--provider", "stills", "--count", "2"), asks=True),
    Work(name="offers", words=("fill", "{spot}", "STOCK:1", "--stock", "stock", "--photographs"), asks=True),
    Work(
        name="a file that was chosen", words=("fill", "{spot}", "STOCK:1", "--fetch", "pexels-7", "--rights"), asks=True,
        first=(("fill", "{spot}", "STOCK:1", "--stock", "stock", "--photographs", "--yes"),),
    ),
    Work(name="the deck", words=("deck", "{spot}", "--to", "deck.pptx,deck.pdf")),
    Work(name="the library", words=("library", "add", "{media}/stock")),
    Work(name="a folder forgotten", words=("library", "remove", "{media}/stock"), done="was not taken in", first=(("library", "add", "{media}/stock"), ("library", "add", "{media}/other"))),
)  # fmt: skip


@dataclass
class Ran:
    """What became of one process."""

    code: int  #: negative: the signal
    said: str
    steps: int
    asked: int  #: questions that the server heard


@dataclass
class Stage:
    """A production, a library and a server that all belong to one bench."""

    home: Path
    server: Local
    wrong: list[str] = field(default_factory=list)
    tried: int = 0

    def run(self, place: Path, words: tuple[str, ...], *, says: str, kill: int = 0) -> Ran:
        """One command in a process of its own, which is killed before its step of that number; 0 for never."""
        own, out, told = place / "config.toml", place / "said.txt", place / "steps.txt"
        own.write_text(f'library = "{place}/library"\n' + services(self.server.address, place), encoding="utf-8")
        before = len(self.server.asked)
        sys.stdout.flush()
        process = os.fork()
        if not process:
            _child(own, out, told, [one.format(spot=place / "spot", beside=place, media=self.home) for one in words], says, kill)
        code = _ended(process)
        time.sleep(0.01)
        return Ran(code=code, said=out.read_text(encoding="utf-8", errors="replace"), steps=int(told.read_text()) if told.exists() and told.read_text() else 0, asked=len(self.server.asked) - before)


def _ended(process: int) -> int:
    """How it ended; one that hangs is ended, and says so by its code."""
    until = time.monotonic() + _HANGS_S
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return 71
        time.sleep(0.005)


def _child(own: Path, out: Path, told: Path, words: list[str], says: str, kill: int) -> None:
    """Never returns."""
    handle = os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout, sys.stderr = open(1, "w", buffering=1, closefd=False), open(2, "w", buffering=1, closefd=False)
    config.user_file = lambda: own
    signing.answer = lambda prompt, otherwise, **_: (print(f"[asked: {prompt}]"), says)[1]
    steps = 0

    def watch(frame: Any, event: str, what: Any) -> None:
        nonlocal steps
        if event == "c_call" and what.__name__ in STEPS and type(what.__self__) not in _PLAIN and "importlib" not in frame.f_code.co_filename:
            steps += 1
            if steps == kill:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 70
    try:
        threading.setprofile(watch)
        sys.setprofile(watch)
        code = cli.main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001
        sys.setprofile(None)
        traceback.print_exc()
    finally:
        sys.setprofile(None)
        with contextlib.suppress(OSError):
            told.write_text(str(steps))
        sys.stdout.flush()
        os._exit(code)


def made(home: Path, server: Local, work: Work) -> tuple[Stage, Path]:
    """The stage, and what every point starts from."""
    stage, place = Stage(home=home, server=server), home / "as it was"
    place.mkdir()
    with crewed(place) as (spot, record):
        (spot.path / "script.fountain").write_text(SCRIPT, encoding="utf-8")
        (spot.path / "brief.md").write_text(BEER, encoding="utf-8")
        (place / "second.md").write_text(BEER.replace("Zero", "Nought"), encoding="utf-8")
        now = Book(record).charter
        assert now is not None
        config.user_file = lambda: place / "config.toml"
        (place / "config.toml").write_text(services(server.address, place), encoding="utf-8")
        record.sign(calling.granted(now.content, now.n, lets=list(LETS), spends=["200 USD"], providers=calling.openable(Spot(spot.path).settings)), MARA)
    if "library" in work.words:
        for folder, colours in (("stock", (making.RED, making.BLUE)), ("other", (making.GREEN,))):
            for n, colour in enumerate(colours):
                making.still(home / folder / f"{n}.png", colour)
        making.film(home / "stock" / "night.mp4", (making.NIGHT, making.GREEN), frames=12)
    for words in work.first:
        ran = stage.run(place, words, says="y")
        assert ran.code == 0, ran.said
    return stage, place


def state(place: Path) -> dict[str, str]:
    """Every file that people see, by its bytes; the library by what is found in it."""
    out = {}
    for path in sorted((place / "spot").rglob("*")):
        name = str(path.relative_to(place / "spot"))
        if path.is_file() and not name.startswith(".answerprint"):
            name = re.sub(r"generated \d+-", "generated N-", name)  # the entry of an answer, which is another one after one that was lost
            out[name] = "there" if path.suffix in (".pptx", ".pdf", ".json") else hashlib.sha256(path.read_bytes()).hexdigest()
    if (place / "library").exists():
        out["library"] = repr(_found(place))
    return out


def _found(place: Path) -> Any:
    """What the library says, file by file and shot by shot, without its numbers."""
    import numpy as np

    from answerprint.library.index import Index

    with Index(place / "library") as index:
        columns = index.columns()
        shown = [hit for hit in index.hits(range(1, len(columns))) if columns["file"][hit.n]]
        flat = int((columns["file"] > 0).sum())
        vectors = [(kind, [np.round(row, 2).tolist()[:4] for row in store.at(np.array([hit.n for hit in shown], np.int64))]) for kind, store in sorted(index.vectors.items())]
        rows = sorted((Path(hit.path).name, hit.number, str(hit.in_s), str(hit.out_s), sorted(index.passes(index.file_of(hit.digest) or 0))) for hit in shown)
        return (rows, flat - len(shown), [len(one) for _, one in vectors], [Path(root).name for root in index.roots()])


def point(stage: Stage, place: Path, work: Work, kill: int, whole: dict[str, str], most: int) -> None:
    """Killed at one point, and started again."""
    here = stage.home / f"{kill}"
    shutil.copytree(place, here)
    stage.tried += 1

    def say(what: str, ran: Ran) -> None:
        stage.wrong.append(f"{work.name}, step {kill}: {what}\n      {' | '.join(ran.said.strip().splitlines()[-3:])}")

    stage.server.acts[:] = acts(work)
    killed = stage.run(here, work.words, says="y", kill=kill)
    if killed.code != -signal.SIGKILL:
        shutil.rmtree(here)
        return
    if found := verify(Spot(here / "spot").inside / "record.db").findings:
        say(f"the record: {found}", killed)
    heard = killed.asked
    answered = _answered(here) - _answered(place)
    began = time.monotonic()
    stage.server.acts[:] = acts(work)[answered:]
    no = stage.run(here, work.words, says="n")
    if no.asked:
        say(f"asked again without a yes ({no.asked})", no)
    if "Traceback" in no.said:
        say("a traceback", no)
    if heard > answered and work.asks and "entr" not in no.said:
        say("the server heard a question of which nothing is said", no)
    if work.adds:
        _drafts(here, lambda what: say(what, no))
        if any(one.startswith("drafts/") for one in state(here)) and (not work.asks or state(here) == whole):
            shutil.rmtree(here)
            return
    stage.server.acts[:] = acts(work)[answered:]
    yes = stage.run(here, work.words, says="y") if work.asks else no
    if (yes.code not in (0, 1) and work.done not in yes.said) or "Traceback" in yes.said:
        say(f"it does not go on: {yes.code}", yes)
    if heard + no.asked + yes.asked > most + 1 or (heard + no.asked + yes.asked > most and heard == answered):
        say(f"{heard} + {no.asked} + {yes.asked} questions instead of {most}", yes)
    now = state(here)
    if now != whole:
        say("not as if nothing had happened: " + "; ".join([f"+{one}" for one in now.keys() - whole.keys()] + [f"-{one}" for one in whole.keys() - now.keys()] + [f"other {one}" for one in now.keys() & whole.keys() if now[one] != whole[one]]), yes)
    if time.monotonic() - began > 20:
        say("it waited", yes)
    shutil.rmtree(here)


def _drafts(place: Path, say: Callable[[str], None]) -> None:
    """Every draft of the record lies there, each under a name of its own, and nothing lies there of which the record knows nothing."""
    from answerprint import passages

    spot = Spot(place / "spot")
    known = {one.file: spot.keep.get(one.digest) for one in passages.made(spot)}
    there = {f"drafts/{path.name}": path.read_bytes() for path in (spot.path / "drafts").glob("*.md")}
    if known != there:
        say(f"drafts: the record has {sorted(known)}, and there are {sorted(there)}")


def _answered(place: Path) -> int:
    """How many HTTP questions of the server the record has an answer for."""
    record = Spot(place / "spot").reader()
    if record is None:
        return 0
    with record:
        calls = [body for entry in record.entries(kind="proposal") if (body := entry.read()) is not None and body.get("what") == "call" and body.get("outcome") == "answered"]
    return sum(len(one["traffic"]) for one in calls)


def acts(work: Work) -> list[Callable[[Handler], bool]]:
    """What the server says: films for a writer."""
    if "concept" in work.words:
        return [_says(film) for film in FILMS]
    return []


def _says(text: str) -> Callable[[Handler], bool]:
    def act(to: Handler) -> bool:
        usage = {"prompt_tokens": 9, "completion_tokens": 4}
        with contextlib.suppress(ConnectionError):
            to.answer({"id": "c1", "object": "chat.completion", "model": "small", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}], "usage": usage})
        return True

    return act


@contextlib.contextmanager
def local() -> Iterator[Local]:
    os.environ["LOCAL_KEY"] = KEY
    wire.PAUSE_S = 0.01
    server = Local()
    try:
        yield server
    finally:
        server.close()


def swept(work: Work, points: int, seed: int) -> Stage:
    """One job, killed at so many points."""
    with tempfile.TemporaryDirectory() as scratch, local() as server:
        stage, place = made(Path(scratch), server, work)
        whole_place = stage.home / "whole"
        shutil.copytree(place, whole_place)
        server.acts[:] = acts(work)
        whole = stage.run(whole_place, work.words, says="y")
        if whole.code not in (0, 1) or "Traceback" in whole.said:
            stage.wrong.append(f"{work.name}: does not run at all: {whole.code} {whole.said[-600:]}")
            print(stage.wrong[-1])
            return stage
        then = state(whole_place)
        drawn = random.Random(f"{seed} {work.name}").sample(range(1, whole.steps + 1), min(points, whole.steps))
        for kill in sorted(drawn):
            point(stage, place, work, kill, then, whole.asked)
        print(*stage.wrong, sep="\n", end="\n" if stage.wrong else "")
        print(f"{work.name}: {stage.tried} of {whole.steps} points, {len(stage.wrong)} wrong", flush=True)
        return stage


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", type=int, default=40, help="of each job")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    stages = [swept(work, args.points, args.seed) for work in WORKS if args.only in work.name]
    wrong = [line for one in stages for line in one.wrong]
    print(f"{sum(one.tried for one in stages)} points, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
