"""Colour: planted camera errors brought back, a cloud that stays, log against exact OpenColorIO, charts.

    python bench/colour.py FOLDER [--clips N]

FOLDER holds video files of any kind (taken as one take each: its first half is the reference, its second half the take with a camera error) and,
if there are any, photos of a ColorChecker Classic in a folder called colorchecker. Prints figures; changes nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.correcting.charting import fitted
from answerprint.correcting.clips import Clip
from answerprint.correcting.solving import Seen, cdl_of, solve, wanders
from answerprint.delivery.nearing import mended
from answerprint.delivery.planes import arrays
from answerprint.media import MediaError, chart
from answerprint.media.lognames import NAMES, Builtin
from answerprint.media.logs import baked, exact, to_log
from answerprint.media.look import Look
from answerprint.media.probe import probe
from answerprint.media.sampling import sampled, spread
from answerprint.model.records import MediaInfo
from answerprint.signal import colour

Rgb = NDArray[np.float64]
#: Gains of a camera at 5600 K that is set to another white: of red, green, blue in stops, from Planck's law at 610, 540 and 465 nm.
VIDEO = (".mp4", ".mov", ".mxf", ".mkv", ".avi")


def planck(kelvin: float) -> Rgb:
    nm = np.array([610.0, 540.0, 465.0])
    power = nm**-5 / (np.exp(1.4388e7 / (nm * kelvin)) - 1)
    return np.asarray(power / power[1])


def white(kelvin: float) -> tuple[float, float, float]:
    stops = np.log2(planck(5600) / planck(kelvin))
    return float(stops[0]), 0.0, float(stops[2])


ERRORS = {"+1 stop": (1.0, 1.0, 1.0), "-1 stop": (-1.0, -1.0, -1.0), "+0.5 stop": (0.5, 0.5, 0.5), "3200 K": white(3200), "4300 K": white(4300), "7500 K": white(7500)}


def plant(rgb: Rgb, stops: tuple[float, float, float], how: str) -> Rgb:
    """A gain of light in a picture, by the curve of BT.709's camera, of sRGB, or of a display."""
    gain = np.exp2(stops)
    if how == "BT.709":
        return np.clip(colour.coded(colour.light(rgb) * gain), 0, 1)
    if how == "gamma 2.4":
        return np.clip(rgb * gain ** (1 / 2.4), 0, 1)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) * gain
    return np.clip(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055), 0, 1)


def take(info: MediaInfo, frames: Rgb, settings: dict[str, str]) -> Seen:
    assert info.video is not None
    clip = Clip(file="a", digest="", path=None, video=info.video, camera="A", setup="1", in_s=Fraction(0), out_s=info.duration_s, settings=settings, look=None, log=False,
                asks=None, unit=None)  # type: ignore[arg-type]  # fmt: skip
    return Seen(clip=clip, frames=frames)


def clips(folder: Path, most: int) -> Iterator[tuple[Path, MediaInfo, Rgb]]:
    found = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in VIDEO]
    for path in found[:: max(1, len(found) // most)][:most]:
        try:
            info = probe(path)
            if info.video is not None and info.duration_s >= 1:
                yield path, info, sampled(path, info.video, spread(Fraction(0), info.duration_s, 24), long_px=160)
        except MediaError:
            continue


def planted(media: list[tuple[Path, MediaInfo, Rgb]]) -> None:
    print(f"\ncamera errors planted in the second half of {len(media)} takes; mean CIEDE2000 to the picture without the error")
    print(f"{'error':<12} {'curve':<10} {'before':>7} {'after':>7} {'worst':>7} {'whole picture':>14}  not told")
    for error, stops in ERRORS.items():
        for how in ("BT.709", "sRGB", "gamma 2.4"):
            rows, missed = [], 0
            for _, info, frames in media:
                half = len(frames) // 2
                truth = frames[half:]
                wrong = plant(truth, stops, how)
                reference, other = take(info, frames[:half], {}), take(info, wrong, {"ISO": "2"})
                (one,) = solve(reference, [other], target=None, colour_too=error.endswith("K"))
                if one is None or one.after >= one.before:
                    missed += 1
                    continue
                back = cdl_of(one.stops, other)[0].apply(wrong)
                lab = colour.lab(truth)
                fair = (wrong < 0.99).all(axis=-1)
                before, after = (colour.difference(lab, colour.lab(picture)) for picture in (wrong, back))
                rows.append((before[fair].mean(), after[fair].mean(), after.mean()))
            if not rows:
                print(f"{error:<12} {how:<10} none could be told")
                continue
            table = np.array(rows)
            print(f"{error:<12} {how:<10} {table[:, 0].mean():7.2f} {table[:, 1].mean():7.2f} {table[:, 1].max():7.2f} {table[:, 2].mean():14.2f}  {missed} of {len(media)}")


def nothing(media: list[tuple[Path, MediaInfo, Rgb]]) -> None:
    """Two halves of one take: whatever is found there is noise."""
    found = []
    for _, info, frames in media:
        (one,) = solve(take(info, frames[: len(frames) // 2], {}), [take(info, frames[len(frames) // 2 :], {})], target=None, colour_too=True)
        if one is not None:
            found.append(max(abs(stop) for stop in one.stops))
    print(f"\nnothing planted: largest gain found, stops: median {np.median(found):.3f}, most {max(found):.3f}, of {len(found)} takes")


def cloud(media: list[tuple[Path, MediaInfo, Rgb]]) -> None:
    worst, told = 0.0, []
    for _, info, frames in media:
        middle = np.repeat(frames[:1], 12, axis=0)  # one picture, so that nothing else changes
        sky = np.concatenate([plant(middle[:6], (0, 0, 0), "BT.709"), plant(middle[6:], (-0.7,) * 3, "BT.709")])
        other = take(info, plant(sky, (0.8,) * 3, "BT.709"), {"ISO": "2"})
        fixed, _ = cdl_of((-0.8, -0.8, -0.8), other)
        after = fixed.apply(other.frames)
        drop = colour.apart(after[0], after[-1])
        if drop is not None:
            told.append(drop.exposure_stops)
            worst = max(worst, abs(drop.exposure_stops - 0.7))
    print(f"\na cloud of 0.7 stop inside a take, after a correction of -0.8 stop: {np.mean(told):.3f} stops on average, worst {worst:.3f} off, of {len(told)} takes")
    print(f"  and is said: {np.mean([wanders(take(info, np.concatenate([frames[:6], plant(frames[:6], (-0.7,) * 3, 'BT.709')]), {})) >= colour.STEP_STOPS for _, info, frames in media]):.0%}")


def logs(media: list[tuple[Path, MediaInfo, Rgb]]) -> None:
    print("\nlog to Rec.709 by cube against exact OpenColorIO, ten-bit log of real pictures; of 1023")
    pictures = np.concatenate([frames[::6].reshape(-1, 3) for _, _, frames in media])
    print(f"{'transform':<22} {'points':>6} {'mean':>6} {'99.9 %':>7} {'worst':>6}   ({len(pictures):,} pixels)")
    for one in NAMES.values():
        signal = np.clip(np.rint(to_log(one, pictures) * 1023) / 1023, 0, 1)
        truth = exact(one, signal)
        with tempfile.TemporaryDirectory() as folder:
            made, seconds, share = _mended(one, signal, Path(folder))
        off = np.abs(made - truth) * 1023
        print(f"{one.name:<22} mended {off.mean():6.2f} {np.percentile(off, 99.9):7.2f} {off.max():6.1f}   {share:.1%} of the pixels worked out, {seconds:.2f} s for 1080 lines")
        for points in (65, 129):
            made = baked(Builtin(name=one.name, space=one.space, of_code=one.of_code, points=points, legal=one.legal)).apply(signal)
            off = np.abs(made - truth) * 1023
            print(f"{one.name:<22} {points:6} {off.mean():6.2f} {np.percentile(off, 99.9):7.2f} {off.max():6.1f}")


def _mended(one: Builtin, signal: Rgb, folder: Path) -> tuple[Rgb, float, float]:
    """As a film goes through it: pixels after cube and mending, processor seconds for a frame of 1080 lines of such pixels, share that the cube missed."""
    look = Look(steps=(baked(one),), names=(one.name,), whence=("chosen",), digests=("seal",))
    look.write(folder / "0.cube")
    film = mended(look, folder / "0.cube")
    wide, high = 1920, -(-len(signal) // 1920)
    filled = np.concatenate([signal, np.repeat(signal[-1:], wide * high - len(signal), axis=0)]).reshape(high, wide, 3)
    code = np.rint(filled * 65535).astype(np.uint16)
    graph = av.filter.Graph()
    graph.threads = 1
    buffer = graph.add("buffer", video_size=f"{wide}x{high}", pix_fmt="gbrp16le", time_base="1/1000", pixel_aspect="1/1", colorspace="gbr", range="pc")
    table, sink = graph.add("lut3d", file=str(film.cube), interp="tetrahedral"), graph.add("buffersink")
    buffer.link_to(table)
    table.link_to(sink)
    graph.configure()
    frame = av.VideoFrame.from_ndarray(code, "rgb48le").reformat(format="gbrp16le")
    frame.pts = 0
    start = time.process_time()
    graph.vpush(frame)
    out = arrays(graph.vpull())
    planes = tuple(code[..., channel] for channel in range(3))
    film.mend(planes, (out[2], out[0], out[1]))
    seconds = (time.process_time() - start) * 1080 / high
    cells = film.far.shape[0]
    red, green, blue = (plane.astype(np.uint32) * cells >> 16 for plane in planes)
    made = np.stack([out[2], out[0], out[1]], axis=-1).reshape(-1, 3)[: len(signal)] / 65535
    return made, seconds, float(film.far[red, green, blue].mean())


def charts(folder: Path) -> None:
    from PIL import Image

    print("\nColorChecker photos: mean CIEDE2000 of the patches before and after one CDL")
    for path in sorted(path for path in folder.rglob("*") if path.parent.name == "colorchecker" and path.suffix.lower() in (".png", ".jpg", ".jpeg")):
        found = chart.find(np.asarray(Image.open(path).convert("RGB"), dtype=np.float64) / 255)
        if found is None:
            print(f"{path.name:<34} no whole chart: refused")
            continue
        _, one = fitted(found.values, ~found.clipped, None)
        print(f"{path.name:<34} {one.before:6.2f} {one.after:6.2f}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--clips", type=int, default=16)
    asked.add_argument("--only", choices=("logs",), help="one part of it")
    args = asked.parse_args()
    media = list(clips(args.folder, args.clips))
    print(f"{len(media)} clips: {', '.join(path.name for path, _, _ in media)}")
    if args.only == "logs":
        logs(media)
        return
    planted(media)
    nothing(media)
    cloud(media)
    logs(media)
    charts(args.folder)


if __name__ == "__main__":
    main()
