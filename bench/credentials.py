"""What credentials catch and what they cost: `python -m bench.credentials [--truth C2PA_TRUTH.tsv] [--large GB]`.

Every lie of tests/delivery/credentials/lies.py; a truth table of other people's files, if there is one; a film of so many gigabytes, made,
signed, read, held against its claims and deleted again.
"""

from __future__ import annotations

import argparse
import csv
import resource
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np

from answerprint.delivery.credentials import Public, Said
from answerprint.delivery.credentials.comparing import compare
from answerprint.delivery.credentials.embedding import embed
from answerprint.delivery.credentials.reading import read
from answerprint.delivery.essence import essence
from tests.delivery.credentials.lies import LIES, caught
from tests.delivery.credentials.made import EDIT, EVERYTHING, Shot, flipped, in_mdat, shot


def lies() -> None:
    """How many are caught, with the first sentence of each, and how many honest files are blamed."""
    missed = 0
    with tempfile.TemporaryDirectory() as home:
        for place in ("spot", "broadcast"):
            (Path(home) / place).mkdir()
        spot, broadcast = shot(Path(home) / "spot"), shot(Path(home) / "broadcast", suffix=".mxf")
        for number, lie in enumerate(LIES, start=1):
            folder = Path(home) / str(number)
            folder.mkdir()
            _, wrong = caught(broadcast if lie.broadcast else spot, lie, folder)
            missed += not wrong
            print(f"{number:2} {'caught' if wrong else 'MISSED'} {lie.name}\n          {wrong[0] if wrong else ''}")
        blamed = 0
        for number, public in enumerate((Public(), Public(names=True), Public(ingredients=True), EVERYTHING)):
            for one in (spot, broadcast):
                out = one.sign(str(Path(home) / f"honest{number}{one.film.suffix}"), public=public)
                blamed += bool(
                    compare(read(out), one.claims, essence_now=essence(out, edit=EDIT).digest, certificate=one.certificate.seal)
                )
    print(f"{len(LIES) - missed} of {len(LIES)} lies caught; {blamed} of 8 honest files blamed")


_STATES = {"Valid": ("valid, on no trust list",), "Invalid": ("broken",), "none/error": ("none", "broken")}


def truth(table: Path) -> None:
    """Other people's files against what is known of them: the state, every code of what is wrong, every source type, every program."""
    rows = list(csv.DictReader(table.open(encoding="utf-8"), delimiter="\t"))
    agreed = 0
    for row in rows:
        said = read(table.parent / row["file"])
        differs = [name for name, same in _against(said, row).items() if not same]
        agreed += not differs
        note = f"  ({'; '.join(said.codes)})" if said.state == "broken" and not said.manifests else ""
        print(
            f"{'agrees ' if not differs else 'DIFFERS'} {row['file']}: {said.state}{note}{' in ' + ', '.join(differs) if differs else ''}"
        )
    print(f"{agreed} of {len(rows)} files agree with {table.name}")


def _against(said: Said, row: dict[str, str]) -> dict[str, bool]:
    """A file that cannot be read at all is "none/error" in the table; here one whose credentials are there and unreadable is broken."""
    programs = sorted({manifest.software for manifest in said.manifests})
    wanted = sorted(part for part in (row["generators"] or "").split(" | ") if part)
    return {
        "state": said.state in _STATES[row["state"]]
        and (said.state != "broken" or row["state"] != "none/error" or not said.manifests),
        "codes": " ".join(sorted(set(said.codes))) == row["failure_codes"] if said.manifests else not row["failure_codes"],
        "source types": " ".join(sorted({kind for one in said.manifests for kind in one.source_types}))
        == (row["digital_source_types"] or ""),
        "programs": all(part in " ".join(programs) for part in wanted) and bool(programs) == bool(wanted),
    }


def large(gigabytes: float) -> None:
    """A film too large for 32-bit offsets: signed, read, held against its claims, and caught with one byte changed."""
    with tempfile.TemporaryDirectory() as home:
        room = shutil.disk_usage(home).free
        if room < 2.2 * gigabytes * 1e9:
            print(f"not run: {gigabytes} GB twice need more than the {room / 1e9:.0f} GB that are free")
            return
        small = shot(Path(home))
        film = _noise(Path(home) / "large.mp4", gigabytes)
        print(f"a film of {film.stat().st_size / 1e9:.2f} GB")
        begun = time.perf_counter()
        big: Shot = replace(small, film=film, claims=replace(small.claims, essence=essence(film, edit=EDIT).digest))
        print(f"  essence {time.perf_counter() - begun:.1f} s")
        out = Path(home) / "signed.mp4"
        begun, marks = time.perf_counter(), []
        embed(
            big.film,
            out,
            big.claims,
            big.certificate,
            public=Public(),
            ingredients=big.media,
            progress=lambda share: marks.append((share, time.perf_counter() - begun)),
        )
        for share in (0.15, 0.7, 0.85, 1.0):
            print(f"  {share:4.0%} after {next(at for mark, at in marks if mark >= share):6.1f} s")
        begun = time.perf_counter()
        said = read(out)
        print(f"  read and checked {time.perf_counter() - begun:.1f} s: {said.state}")
        wrong = compare(said, big.claims, essence_now=essence(out, edit=EDIT).digest, certificate=big.certificate.seal)
        print(
            f"  {len(wrong)} disagreements; {(out.stat().st_size - film.stat().st_size) / 1000:.1f} kB more than the film; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"
        )
        film.unlink()
        with open(out, "r+b") as file:
            file.seek(out.stat().st_size - 1_000_000)
            byte = file.read(1)
            file.seek(-1, 1)
            file.write(bytes([byte[0] ^ 1]))
        print(f"  with one byte changed near its end: {read(out).sentences[0]}")


def _noise(path: Path, gigabytes: float) -> Path:
    """Uncompressible pictures, the same few again and again: they are written as fast as the disk takes them."""
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.options = 1920, 1080, "yuvj420p", {"qmin": "1", "qmax": "1"}
        packets = []
        for _ in range(3):
            packets += [
                bytes(packet)
                for packet in stream.encode(
                    av.VideoFrame.from_ndarray(rng.integers(0, 255, (1080, 1920, 3), dtype=np.uint8), format="rgb24")
                )
            ]
        packets += [bytes(packet) for packet in stream.encode(None)]
        wanted, number = gigabytes * 1e9, 0
        while wanted > 0:
            packet = av.Packet(packets[number % len(packets)])
            packet.pts = packet.dts = number
            packet.stream, packet.time_base, packet.is_keyframe = stream, stream.codec_context.time_base, True
            wanted -= packet.size
            container.mux(packet)
            number += 1
    return path


def costs() -> None:
    """What signing adds to a second of film, and how long it takes."""
    with tempfile.TemporaryDirectory() as home:
        small = shot(Path(home))
        for public, name in ((Public(), "as a rule"), (EVERYTHING, "with names and media")):
            begun = time.perf_counter()
            for _ in range(10):
                out = small.sign("out.mp4", public=public)
            print(
                f"signed {name}: {(time.perf_counter() - begun) * 100:.0f} ms, {(out.stat().st_size - small.film.stat().st_size) / 1000:.1f} kB"
            )
        begun = time.perf_counter()
        for _ in range(10):
            read(out)
        print(f"read: {(time.perf_counter() - begun) * 100:.0f} ms")
        flipped(out, in_mdat(out))
        print(f"one bit of picture changed: {read(out).sentences[0]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--truth", type=Path, metavar="TSV", help="a table of files and what is known of their credentials; paths are beside it"
    )
    parser.add_argument("--large", type=float, metavar="GB", help="sign a film of so many gigabytes; twice as many have to be free")
    args = parser.parse_args()
    if args.truth:
        truth(args.truth)
    if args.large:
        large(args.large)
    if not args.truth and not args.large:
        lies()
        costs()


if __name__ == "__main__":
    main()
