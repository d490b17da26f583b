"""What somebody said into a microphone, written down by the installed speech model, for them to correct.

The sound goes to a process of its own over a pipe and never to the disk: a first thought is nobody's to read before its author seals it.
The model is loaded there and leaves with it, so the room stays small.

    python -m answerprint.room.hearing [MODEL FOLDER] < sound        one JSON object: {"words": ...} or {"wrong": ...}
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, BinaryIO

from answerprint.room import RoomError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PATIENCE_S", "words"]

PATIENCE_S = 180  #: two minutes of speech take one core about forty seconds; a crowded machine three times that


def words(raw: bytes, model: str = "") -> str:
    """What is said in a sound; empty where nobody speaks.

    Args:   raw: a whole file, as a browser records it or as it lies on a disk.  model: a folder with a speech model; empty for the installed one.
    Raises: RoomError: no model is here, or the sound cannot be read; a sentence.
    """
    try:
        ran = subprocess.run([sys.executable, "-m", "answerprint.room.hearing", model], input=raw, capture_output=True, timeout=PATIENCE_S, check=False)
        said = json.loads(ran.stdout)
    except subprocess.TimeoutExpired as cause:
        raise RoomError(f"it was not written down within {PATIENCE_S // 60} minutes.") from cause
    except ValueError as cause:
        raise RoomError("the machine stopped while it was listening.") from cause
    if "wrong" in said:
        raise RoomError(str(said["wrong"]))
    return str(said["words"])


def _heard(source: BinaryIO, model: str) -> str:
    """The words of a sound file, listened to as every clip is.

    Raises: MediaError: no model, or no sound.
    """
    from answerprint.media.speech import listener
    from answerprint.tasks.transcript import hear

    found = hear(listener(model), _samples(source))
    return " ".join(word.text.strip() for word in found.words)


def _samples(source: BinaryIO) -> NDArray[np.float32]:
    """The mono mix at the rate the model listens at, full scale 1.0, shape (n,)."""
    import av
    import numpy as np

    from answerprint.media import MediaError
    from answerprint.media.speech import RATE_HZ

    try:
        with av.open(source, "r") as file:
            to_mono = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
            frames = [out for frame in file.decode(audio=0) for out in to_mono.resample(frame)] + to_mono.resample(None)
    except (av.FFmpegError, IndexError, ValueError) as cause:
        raise MediaError(f"this sound cannot be read ({cause}).") from cause
    parts = [frame.to_ndarray().reshape(-1) for frame in frames]
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)


def main() -> None:
    """Listen to what comes in, say what was said."""
    import io

    from answerprint.model.records import AnswerprintError

    try:
        said = {"words": _heard(io.BytesIO(sys.stdin.buffer.read()), sys.argv[1] if len(sys.argv) > 1 else "")}
    except ImportError as missing:
        said = {"wrong": f"no speech model is installed here ({missing.name})."}
    except AnswerprintError as error:
        said = {"wrong": str(error)}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
