"""A manifest from claims: what was done, what is in the film, and our own claims beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from answerprint import __version__
from answerprint.delivery.credentials.claims import Claims, Public
from answerprint.delivery.credentials.engine import context, library, media_type
from answerprint.delivery.credentials.parts import PartForm
from answerprint.delivery.credentials.public import LABEL, actions_form, one_line, public_form
from answerprint.model.records import Digest, Plain

__all__ = ["builder", "definition"]

_SIGNED_BY = {"name": "Answerprint", "version": __version__}


def definition(claims: Claims, public: Public, parts: tuple[PartForm, ...]) -> Plain:
    """The manifest as the C2PA library takes it, but for the ingredients that bring their own credentials."""
    actions = actions_form(claims, public, software=_SIGNED_BY)
    kinds = list(dict.fromkeys(part.kind for part in parts))
    for action, kind in zip(actions[1:], kinds, strict=False):
        action["parameters"] = {"ingredientIds": [part.label for part in parts if part.kind == kind]}
    of = {one.digest: one.kind for one in claims.ingredients}
    for action, one in zip(actions[1 + len(kinds) :], claims.actions, strict=True):
        if one.name == "c2pa.placed":  # a reader refuses one that does not say what
            about = {of[digest] for digest in one.about if digest in of} or set(kinds)
            action.setdefault("parameters", {})["ingredientIds"] = [part.label for part in parts if part.kind in about]
    return {
        "claim_generator_info": [_SIGNED_BY],
        "title": one_line(claims.title),
        "ingredients": [_part(part) for part in parts if part.own == "none"],
        "assertions": [
            {"label": "c2pa.actions.v2", "created": True, "data": {"actions": actions}},
            {"label": LABEL, "created": True, "kind": "Json", "data": public_form(claims, public)},
        ],
    }


def _part(part: PartForm) -> Plain:
    return {"title": part.title, "relationship": "componentOf", "label": part.label}


def builder(manifest: Plain, parts: tuple[PartForm, ...], ingredients: Mapping[Digest, Path]) -> Any:
    """The manifest ready to be signed, with the credentials that ingredients bring along."""
    made = library().Builder(manifest, context())
    for part in parts:
        if part.own != "none" and part.digest is not None:
            path = ingredients[part.digest]
            with open(path, "rb") as medium:
                made.add_ingredient(_part(part), media_type(path) or "", medium)
    return made
