"""Reference frames from a service that makes pictures: asked for on the one guarded road, labelled in the file before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from answerprint import calling
from answerprint.desk import Desk
from answerprint.media import labelling, origin
from answerprint.model.providers import Cancel, Provider, Request, never
from answerprint.referencing.axes import Variation
from answerprint.referencing.choosing import Frame, FrameError, still

__all__ = ["Generated", "generate", "request_for"]

_WIDTH, _HEIGHT = 1344, 768  #: pixels: 1.75 : 1 of a megapixel, in multiples of 64, which the usual models of pictures are trained at
_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What came of one variation."""

    variation: Variation
    frames: tuple[Frame, ...]
    entry: int  #: of the answer in the record
    notes: tuple[str, ...] = ()


def request_for(variation: Variation, *, count: int = 1, seed: int | None = None, carries: Sequence[str] = ()) -> Request:
    """The request for one variation, to be looked at before it is asked."""
    return Request(kind="pictures", words=variation.words, count=count, width=_WIDTH, height=_HEIGHT, seed=seed, carries=tuple(carries))  # type: ignore[arg-type]


def generate(
    desk: Desk, provider: Provider, variations: Sequence[Variation], *, item: int | None = None, count: int = 1, seed: int | None = None, carries: Sequence[str] = (), cancel: Cancel = never
) -> tuple[Generated, ...]:
    """Ask for each variation and lay what comes into assets/references/. Every frame says in the file that a trained model made it. The same seed goes with all, so that
    two neighbours differ by their words alone, as far as the service keeps to it.

    Raises: FrameError: a service that makes no pictures; nothing is asked then.  CallError: something stands against it, and nothing left.
            ProviderError: the service did not answer; what came before stays.
    """
    if provider.kind != "pictures":
        raise FrameError(f"{provider.name} is asked for {provider.kind}, and a reference frame is a picture.")
    if item is not None:
        desk.item(str(item))
    asked = [request_for(one, count=count, seed=seed, carries=carries) for one in variations]
    against = dict.fromkeys(sentence for one in asked for sentence in calling.why_not(desk, provider, one))
    if against:
        raise calling.CallError(" ".join(against))
    out = []
    for variation, request in zip(variations, asked, strict=True):
        answer = calling.ask(desk.production, provider, request, what="a reference frame" if count == 1 else f"{count} reference frames", cancel=cancel)
        by = f"by {provider.name}{f' ({answer.response.model})' if answer.response.model else ''}"
        made = []
        for number, came in enumerate(answer.response.files, 1):
            ending = _ENDINGS.get(came.media_type, ".png")
            name = f"generated {f'item {item} ' if item is not None else ''}{answer.entry}-{number}{ending}"
            raw = labelling.label(came.data, origin.TRAINED, says=f"Generated {by}")
            frame = still(
                desk, raw or came.data, name, item=item, origin=by, says=variation.name or "as asked",
                more={"generated": True, "entry": answer.entry, "asked": variation.words, "steps": dict(variation.steps)},
            )  # fmt: skip
            if raw is None:
                from answerprint.keep import write_whole

                write_whole(labelling.beside(desk.path / frame.file), labelling.packet(origin.TRAINED, says=f"Generated {by}"))
            made.append(frame)
        out.append(Generated(variation=variation, frames=tuple(made), entry=answer.entry, notes=answer.notes))
    return tuple(out)
