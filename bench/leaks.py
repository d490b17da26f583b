#!/usr/bin/env python3
"""A whole production under a tap: every byte that leaves any of its processes, against what the record says.

    python -m bench.leaks [--folder DIR]

Composes the sample shoot and takes it through a brief, drafts, prep, reference frames, candidates for a stock slot, a deck, an export and its record, with four
services over a server on this machine (which speaks their protocols and is none of them), all below `strace -f -e trace=network`, which sees every process and every library. Then: where anything connected to, how
many bytes went there, and the same sum out of the record, by service and by what was let. Ends with 1 where they differ, or where the key lies in a file.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import answerprint
from answerprint import calling, cli, config, slots
from answerprint.book import Book
from answerprint.desk import Desk
from answerprint.model.providers import Attached, ProviderError, Request
from answerprint.spot import Spot
from tests.crewed import MARA
from tests.ledger.signing import everything
from tests.providers.serving import KEY, local, services

_SENT = re.compile(r"(?:sendto|sendmsg|sendmmsg|send)\(\d+<(?:TCP|UDP)[^:]*:\[(?P<end>[^\]]*(?:\[[^\]]*\])?[^\]]*)\]>.* = (?P<count>\d+)$")
_CONNECT = re.compile(r"connect\(\d+<[^>]*>, \{sa_family=AF_INET6?, .*?sin6?_port=htons\((?P<port>\d+)\).*?(?:inet_addr\(\"|AF_INET6, \")(?P<host>[^\"]+)")


def settings(home: Path, address: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(services(address, home), encoding="utf-8")


BRIEF = """# Nothing tastes like a morning

Client: Nordkaffe
Product: Nordkaffe One
Audience: People who are up before anybody else.

## Must show
- The brand wants the quiet of a kitchen before anybody speaks.

## Competitors
- Halde Roast
"""


def work(home: Path) -> None:
    """What runs below the tap: a production from its brief to its export, with every service that may be asked."""
    import sample

    config.user_file = lambda: home / "own" / "config.toml"
    shoot = home / "shoot"
    sample.compose(shoot, length="short")
    script = next(path for path in shoot.rglob("*.fountain"))
    script.write_text(script.read_text(encoding="utf-8") + "\n\nRain on a window, before sunrise. [[STOCK: rain on a window]]\n", encoding="utf-8")
    spot = answerprint.new(home / "spot", rate="25", media=[shoot], script=script, title="Salt")
    spot.inside.mkdir(exist_ok=True)
    with Spot(spot.path).writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(everything(MARA), MARA)
    (home / "BRIEF.md").write_text(BRIEF, encoding="utf-8")
    here = str(spot.path)

    def run(*line: str) -> None:
        said(" ".join(["answerprint", line[0], *line[2:]]), lambda: cli.main(list(line)))

    run("brief", here, str(home / "BRIEF.md"))
    run("draft", here, "concept", "--count", "2", "--with", "writer")  # nobody let it yet
    with Spot(spot.path).writer() as record:
        charter = Book(record).charter
        assert charter is not None
        lets = ["writer=words of the brief,frames", "stills=words of the brief", "comfy=nothing of the shoot", "stock=words of the brief"]
        record.sign(calling.granted(charter.content, charter.n, lets=lets, spends=["50 USD"], unpriced=["writer"], providers=calling.openable(Spot(spot.path).settings)), MARA)
    run("providers")
    run("draft", here, "concept", "--count", "2", "--with", "writer")
    run("draft", here, "treatment", "--with", "writer")
    run("prep", here)
    spot = Spot(spot.path)
    slot = next(one for one in slots.slots(Desk(spot)))
    run("frames", here, "--item", "1", "--grid", "height=eye,low", "--with", "stills")
    run("fill", here, slot.name, "--generate", "--provider", "stills", "--count", "2", "--yes")
    run("fill", here, slot.name, "--generate", "--provider", "stills", "--words", "a Halde Roast tin in the rain", "--yes")
    run("deck", here)
    for name, request in {"comfy": Request(kind="pictures", words="a lamp on the left", width=64, height=48), "stock": Request(kind="stock", words="rain on a window", carries=("words of the brief",))}.items():
        said(f"ask {name}", lambda name=name, request=request: calling.ask(spot, calling.opened(spot.settings, name), request, what="a try"))
    clip = next(unit.path for unit in Desk(spot).shoot.units if unit.is_clip and unit.path)
    sly = Request(kind="words", words="What is this?", attached=(Attached(name="note.png", data=clip.read_bytes(), media_type="image/png"),))
    said("ask with a rush called a note", lambda: calling.ask(spot, calling.opened(spot.settings, "writer"), sly, what="a try"))
    for line in (("status", here), ("strings", here), ("export", here, "--what", "rough", "--format", "fcpxml"), ("gate", here), ("cost", here), ("charter", here), ("verify", here), ("record", here)):
        run(*line)


def said(what: str, do: Any) -> None:
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            made = do()
        end = "done"
        if code := (made if isinstance(made, int) else 0):
            end = f"{code}: {' '.join(out.getvalue().split())[-170:]}"
    except (answerprint.AnswerprintError, calling.CallError, ProviderError) as error:
        end = f"REFUSED {str(error)[:150]}"
    except SystemExit as error:
        end = f"not a command here ({error})"
    assert KEY not in out.getvalue()
    print(f"  {what}: {end}", flush=True)


def main() -> int:
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("--folder", type=Path)
    wants.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    args = wants.parse_args()
    if args.work:
        work(args.work)
        return 0
    if shutil.which("strace") is None:
        print("strace is not here; it is the tap.")
        return 1
    with tempfile.TemporaryDirectory() as temporary, local() as server:
        home = args.folder or Path(temporary)
        home.mkdir(exist_ok=True)
        settings(home / "own", server.address)
        log = home.parent / f"{home.name}.tap"
        command = ["strace", "-f", "-yy", "-s", "0", "-e", "trace=network", "-o", str(log), sys.executable, "-m", "bench.leaks", "--work", str(home)]
        if subprocess.run(command, env={**os.environ, "LOCAL_KEY": KEY}).returncode:
            return 1
        return compare(home, log, server.address.removeprefix("http://"))


def compare(home: Path, log: Path, host: str) -> int:
    sent: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if found := _CONNECT.search(line):
            ends[f"{found['host']}:{found['port']}"] += 1
        if found := _SENT.search(line):
            sent[found["end"].rpartition("->")[2]] += int(found["count"])
    log.unlink()
    print(f"connected to: {dict(ends)}\nbytes sent, by where to: {dict(sent)}")
    record = Spot(home / "spot").reader()
    assert record is not None
    with record:
        calls = [body for entry in record.entries(kind="proposal") if (body := entry.read()) and body.get("what") == "call"]
    for one in calling.left(Spot(home / "spot")):
        print(f"in the record: {one.provider:<8} {', '.join(one.carries) or calling.NOTHING:<22} {one.questions:>3} questions, {one.failed} failed, {one.unknown} open  {one.sent:>6} bytes out, {one.received:>6} in")
    told = sum(one["sent"] for body in calls for one in body["traffic"])
    holding = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    print(f"{told} bytes out in the record; files that hold the key: {len(holding)} of {sum(path.is_file() for path in home.rglob('*'))}")
    return 0 if dict(sent) == {host: told} and set(ends) == {host} and not holding else 1


if __name__ == "__main__":
    sys.exit(main())
