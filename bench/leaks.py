#!/usr/bin/env python3
"""A whole production under a tap: every byte that leaves any of its processes, against what the record says.

    python -m bench.leaks [--folder DIR]

Composes the sample shoot, preps it, asks four services over a server on this machine (which speaks their protocols and is none of them), exports,
and copies the record, all below `strace -f -e trace=network`, which sees every process and every library. Then: where anything connected to, how
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
from answerprint import calling, cli, config
from answerprint.book import Book
from answerprint.desk import Desk
from answerprint.model.providers import ProviderError, Request
from answerprint.production import Production
from tests.crewed import MARA
from tests.ledger.signing import everything
from tests.providers.serving import KEY, local, workflow

_SENT = re.compile(r"(?:sendto|sendmsg|sendmmsg|send)\(\d+<(?:TCP|UDP)[^:]*:\[(?P<end>[^\]]*(?:\[[^\]]*\])?[^\]]*)\]>.* = (?P<count>\d+)$")
_CONNECT = re.compile(r"connect\(\d+<[^>]*>, \{sa_family=AF_INET6?, .*?sin6?_port=htons\((?P<port>\d+)\).*?(?:inet_addr\(\"|AF_INET6, \")(?P<host>[^\"]+)")


def settings(home: Path, address: str) -> None:
    home.mkdir(exist_ok=True)
    listed = 'currency = "USD", dated = 2026-10-01'
    (home / "config.toml").write_text(
        f'[providers.writer]\nuses = "openai-chat"\naddress = "{address}/v1"\nmodel = "small"\nkey = "LOCAL_KEY"\nprice = {{ {listed}, million_in = "1", million_out = "1000" }}\n'
        f'[providers.stills]\nuses = "openai-images"\naddress = "{address}/v1"\nmodel = "small"\nkey = "LOCAL_KEY"\nprice = {{ {listed}, picture = "0.04" }}\n'
        f'[providers.comfy]\nuses = "comfyui"\naddress = "{address}"\nworkflow = "{workflow(home)}"\nprice = {{ free = true }}\n'
        f'[providers.stock]\nuses = "pexels"\naddress = "{address}"\nkey = "LOCAL_KEY"\n',
        encoding="utf-8",
    )


def work(home: Path) -> None:
    """What runs below the tap."""
    import sample

    config.user_file = lambda: home / "own" / "config.toml"
    shoot = home / "shoot"
    sample.compose(shoot, length="short")
    script = next(path for path in shoot.rglob("*.fountain"))
    spot = answerprint.new(home / "spot", rate="25", media=[shoot], script=script, title="Salt")
    (spot.path / "brief.md").write_text("The brand wants the quiet of a kitchen before anybody speaks.\n", encoding="utf-8")
    spot = Production(spot.path)
    said("prep", lambda: spot.prep())
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(everything(MARA), MARA)
        charter = Book(record).charter
        assert charter is not None
        lets = ["writer=words of the brief,frames", "stills=words of the brief", "comfy=nothing of the shoot", "stock=words of the brief"]
        record.sign(calling.granted(charter.content, charter.n, lets=lets, spends=["5 USD"], unpriced=["writer"], providers=calling.openable(spot.settings)), MARA)
    brief: Any = ("words of the brief",)
    asked = {
        "writer": Request(kind="words", words="A treatment, please: the quiet of a kitchen before anybody speaks.", carries=brief), "stills": Request(kind="pictures", words="a lamp on the left", carries=brief),
        "comfy": Request(kind="pictures", words="a lamp on the left", width=64, height=48), "stock": Request(kind="stock", words="rain on a window", carries=brief),
    }  # fmt: skip
    for name, request in asked.items():
        said(f"ask {name}", lambda name=name, request=request: calling.ask(spot, calling.opened(spot.settings, name), request, what="a try"))
    clip = next(unit.path for unit in Desk(spot).shoot.units if unit.is_clip and unit.path)
    from answerprint.model.providers import Attached

    sly = Request(kind="words", words="What is this?", attached=(Attached(name="note.png", data=clip.read_bytes(), media_type="image/png"),))
    said("ask with a rush called a note", lambda: calling.ask(spot, calling.opened(spot.settings, "writer"), sly, what="a try"))
    for line in (["status", str(spot.path)], ["strings", str(spot.path)], ["export", str(spot.path), "--format", "fcpxml"], ["gate", str(spot.path)], ["cost", str(spot.path)], ["verify", str(spot.path)], ["record", str(spot.path)]):
        said(" ".join(["answerprint", line[0], *line[2:]]), lambda line=line: cli.main(line))


def said(what: str, do: Any) -> None:
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            do()
        end = "done"
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
    record = Production(home / "spot").reader()
    assert record is not None
    with record:
        calls = [body for entry in record.entries(kind="proposal") if (body := entry.read()) and body.get("what") == "call"]
    for body in calls:
        print(f"in the record: {body['provider']:<8} {', '.join(body['carries']) or calling.NOTHING:<22} {sum(one['sent'] for one in body['traffic']):>6} bytes out, {sum(one['received'] for one in body['traffic']):>6} in  {body['outcome']}")
    told = sum(one["sent"] for body in calls for one in body["traffic"])
    holding = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    print(f"{told} bytes out in the record; files that hold the key: {len(holding)} of {sum(path.is_file() for path in home.rglob('*'))}")
    return 0 if dict(sent) == {host: told} and set(ends) == {host} and not holding else 1


if __name__ == "__main__":
    sys.exit(main())
