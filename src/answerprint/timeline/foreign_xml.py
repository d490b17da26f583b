"""XML that came from outside: parsed without entities, network or outside document types, or refused in one sentence."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from answerprint.timeline import TimelineError

__all__ = ["root_of", "shallow"]

_LARGEST = 256 * 2**20  #: bytes; a feature with every filter is under 100 MB


def root_of(raw: bytes, name: str, *, what: str) -> Any:
    """The root element of a file.

    Args:   name: of the file, for messages.  what: the format, for messages: "FCPXML".
    Raises: TimelineError for a file that is too large, is not well-formed, or declares or asks for anything of its own.
    """
    if len(raw) > _LARGEST:
        raise TimelineError(f"{name} holds {len(raw)} bytes; {what} over {_LARGEST} is not read.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise TimelineError(f"{name} is not well-formed XML: {str(cause).splitlines()[0].rstrip('.')}. Export it again.") from cause
    doctype = root.getroottree().docinfo
    declared = doctype.internalDTD
    if declared is not None and (any(True for _ in declared.iterentities()) or any(True for _ in declared.iterelements())):
        raise TimelineError(f"{name} declares entities or elements of its own, which editing programs never do; it was not read.")
    if doctype.system_url:
        raise TimelineError(f"{name} asks for a document type from outside ({doctype.system_url}); it was not read.")
    return root


def shallow(root: Any, name: str, levels: int) -> None:
    """Raises: TimelineError for elements that are nested deeper than so many levels."""
    depth, deepest = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > levels:
        raise TimelineError(f"{name} nests elements {deepest} deep; no editing program writes that. It was not read.")
