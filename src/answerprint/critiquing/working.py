"""What runs in the worker process: one critic on one case. Values come in, records go out; a critic may be another package's."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from answerprint.model.extend import Critic, found, outside
from answerprint.model.ideas import Case, Idea
from answerprint.model.records import AnswerprintError, from_plain, to_plain
from answerprint.worker import CONTEXT, settle_in

__all__ = ["Answer", "ask", "known"]

#: What came of one critic: its ideas as JSON, and the sentence where it could not speak.
Answer = tuple[bytes, str | None]
_SECONDS = 300  #: a critic reads some hundred facts; one that takes longer hangs


def known() -> dict[str, Critic]:
    """The critics that come with the house, by name."""
    critics: dict[str, Critic] = found("critics", load_outside=False)
    return critics


def ask(case: Case, names: Sequence[str]) -> dict[str, Answer]:
    """Let critics speak about a case, in a process of their own. Those of other packages are asked as well where no name is given.

    Returns: by name; a critic that raises, or says something without facts of this case, has a sentence in place of ideas.
    """
    raw = json.dumps(to_plain(case)).encode()
    with ProcessPoolExecutor(1, mp_context=CONTEXT, initializer=settle_in, initargs=(os.getpid(),)) as pool:
        try:
            return pool.submit(speak, raw, tuple(names), bool(outside("critics"))).result(_SECONDS)
        except (BrokenProcessPool, TimeoutError) as cause:
            for process in list((pool._processes or {}).values()):
                process.kill()
            raise AnswerprintError(f"the critics' process ended before it answered ({type(cause).__name__}). Ask one critic at a time: --critic NAME") from cause


def speak(raw: bytes, names: Sequence[str], foreign: bool) -> dict[str, Answer]:
    """In the worker: every critic's ideas about one case."""
    case = from_plain(Case, json.loads(raw))
    critics = found("critics", load_outside=foreign)
    return {name: _one(critics[name], case) for name in (names or critics) if name in critics}


def _one(critic: Critic, case: Case) -> Answer:
    try:
        ideas = [_checked(critic, case, one) for one in critic.run(case)]
    except AnswerprintError as error:
        return b"[]", str(error)
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; the others still speak
        return b"[]", f"unexpected {type(error).__name__}: {error}"
    return json.dumps(to_plain(ideas)).encode(), None


def _checked(critic: Critic, case: Case, idea: Idea) -> Idea:
    """An idea that is the critic's own and true of this case.

    Raises: AnswerprintError: it is neither.
    """
    if not isinstance(idea, Idea) or idea.critic != critic.name:
        raise AnswerprintError(f"the critic {critic.name!r} returned something that is no idea of its own.")
    if lacks := case.lacks(idea):
        raise AnswerprintError(f"the critic {critic.name!r} cites {lacks[0]!r}, which is no fact of this cut.")
    return idea
