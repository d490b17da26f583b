"""What an attempt says otherwise than the script, in a sentence: the machine's note under a take. It counts nothing and weighs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from answerprint.model.attempts import Attempt, Covered, Said

__all__ = ["differs"]

_MOST = 4  #: differences that are spelled out; of more the first ones, and how many there are
_KINDS = {"pickup": "a_pickup", "restart": "a_restart", "false start": "a_false_start", "MOS": "without_sound"}


def differs(covered: Covered | None, attempt: Attempt, words: Mapping[str, str]) -> str:
    """What is said otherwise, what is missed, what is added, and where it stops; "As written." where nothing is.

    Args: covered: how the attempt covers the item; None where it covers nothing of the script.  words: the texts of the page.
    """
    said = [words[_KINDS[attempt.kind]]] if attempt.kind in _KINDS else []
    if covered is None:
        return " ".join([*said, words["unscripted"]])
    spoken = covered.kind in ("line", "voice-over")
    found = list(_differences(covered.words, words)) if spoken else []
    said += found[:_MOST]
    if len(found) > _MOST:
        said.append(words["more_differs"].format(count=len(found) - _MOST))
    if not covered.complete:
        said.append(words["stops"])
    elif spoken and not found:
        said.append(words["as_written"])
    if spoken and covered.camera == "off":
        said.append(words["off_camera"])
    return " ".join(said) or words["picture_shown"]


def _differences(spoken: Sequence[Said], words: Mapping[str, str]) -> Iterator[str]:
    for how, group in groupby(spoken, key=lambda one: one.how):
        run = list(group)
        script, heard = (" ".join(filter(None, (getattr(one, side) for one in run))).strip(" ,.;:!?") for side in ("script", "heard"))
        if how != "said":
            yield words[how].format(script=script, heard=heard)
