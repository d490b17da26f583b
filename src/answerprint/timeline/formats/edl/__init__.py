"""CMX 3600, the edit decision list: one picture track, four channels of sound, timecode and nothing else. Everything reads it."""

from answerprint.model.extend import Format
from answerprint.timeline.formats.edl.read import read
from answerprint.timeline.formats.edl.write import write

__all__ = ["format"]

format = Format(
    name="edl",
    suffix=".edl",
    write=write,
    read=read,
    cannot=(
        "more than one picture track and four sound channels; say `track` for another picture track",
        "more than 999 events (flavour file32 holds more)",
        "reels of more than 8 characters (32 in flavour file32), and where files lie",
        "media of a rate that is not the list's, except where their frames fall on each other",
        "sound that starts between two frames, and clips that are switched off",
        "speeds finer than a tenth of a frame a second, and ramps",
        "nested cuts, generators, effects, grades other than a CDL, levels, roles, keywords and sync",
    ),
)
