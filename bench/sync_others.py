"""The same pairs through other people's tools, each in an environment made for it in a temporary folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
import wave
from pathlib import Path

import numpy as np

from answerprint.signal.align import Clip, Roll, locate

WRONG_S = 0.02
_TOOLS = {
    "audalign": (
        "import audalign,sys,json\n"
        "r=audalign.align_files(sys.argv[1],sys.argv[2],recognizer=audalign.CorrelationRecognizer())\n"
        "import os\n"
        "a,b=(r[os.path.basename(f)] for f in sys.argv[1:3])\n"
        "print(json.dumps(b-a))\n"
    ),
    "audio-offset-finder": (
        "import sys,json\n"
        "from audio_offset_finder.audio_offset_finder import find_offset_between_files\n"
        "r=find_offset_between_files(sys.argv[1],sys.argv[2])\n"
        "print(json.dumps(float(r['time_offset'])))\n"
    ),
    "syncstart": (
        "import sys,json\n"
        "from syncstart import file_offset\n"
        "one,two=sys.argv[1:3]\n"
        "sys.argv=['syncstart',one,two,'-q','-t','3600']\n"
        "f,o=file_offset()\n"
        "print(json.dumps(float(o) if f==one else -float(o)))\n"
    ),
}


def write(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(samples.astype("<i2").tobytes())


def installed(tool: str, where: Path) -> Path | None:
    """A Python that has the tool, or None with the sentence that says why not."""
    venv.create(where / tool, with_pip=True)
    python = where / tool / "bin" / "python"
    ran = subprocess.run([python, "-m", "pip", "install", "-q", tool, "imageio-ffmpeg"], capture_output=True, text=True, check=False)
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"  {tool}: cannot be installed here: {last}")
        return None
    finder = subprocess.run(
        [python, "-c", "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"], capture_output=True, text=True, check=True
    )
    (where / tool / "bin" / "ffmpeg").symlink_to(finder.stdout.strip())
    return python


def compare(pairs: list[tuple[float, np.ndarray, np.ndarray, float]]) -> None:
    """Args: pairs: (SNR in dB, clip, roll, true offset in seconds). Rolls are cut to ten minutes around the clip, or nobody would finish."""
    print(f"\n{'tool':<22} {'pairs':>6} {'answered':>9} {'median ms':>10} {'worst ms':>12} {'wrong':>6} {'s/pair':>7}")
    cut = []
    for snr_db, clip, roll, start_s in pairs:
        low = int(max(0.0, min(start_s - 300, len(roll) / 48000 - 600)) * 48000)
        cut.append((snr_db, clip, np.asarray(roll[low : low + 600 * 48000]), start_s - low / 48000))
    errors, began = [], time.perf_counter()
    for _, clip, roll, start_s in cut:
        match = locate(Clip(sound=clip), Roll(sound=roll))
        errors.append(None if match.found is None else abs(match.found.seconds - start_s))
    _row("answerprint", errors, time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        for tool, script in _TOOLS.items():
            python = installed(tool, where)
            if python is None:
                continue
            errors, began, said = [], time.perf_counter(), ""
            for _, clip, roll, start_s in cut:
                write(where / "roll.wav", roll)
                write(where / "clip.wav", clip)
                try:
                    ran = subprocess.run(
                        [python, "-c", script, where / "roll.wav", where / "clip.wav"], capture_output=True, text=True, timeout=300, check=False,
                        env={**os.environ, "PATH": f"{where / tool / 'bin'}:{os.environ['PATH']}", "MPLBACKEND": "Agg"}, cwd=where,
                    )  # fmt: skip
                    errors.append(abs(float(json.loads(ran.stdout.strip().splitlines()[-1])) - start_s))
                except subprocess.TimeoutExpired:
                    errors.append(None)
                    said = "gave up after 300 s"
                except (ValueError, IndexError):
                    errors.append(None)
                    said = (ran.stderr.strip().splitlines() or ["no answer"])[-1][:120]
            _row(tool, errors, time.perf_counter() - began)
            if said:
                print(f"    last failure: {said}", file=sys.stdout)


def _row(tool: str, errors: list[float | None], spent_s: float) -> None:
    known = [error for error in errors if error is not None]
    wrong = sum(error > WRONG_S for error in known)
    median, worst = (f"{np.median(known) * 1e3:.3f}", f"{max(known) * 1e3:.1f}") if known else ("-", "-")
    print(f"{tool:<22} {len(errors):>6} {len(known):>9} {median:>10} {worst:>12} {wrong:>6} {spent_s / len(errors):>7.2f}", flush=True)
