"""The order of children and the required attributes that Final Cut's DTD (1.10) demands, for the elements we write."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

_ANCHOR = "audio|video|clip|title|caption|mc-clip|ref-clip|sync-clip|asset-clip|audition|spine"
_ITEM = "audio|video|clip|title|mc-clip|ref-clip|sync-clip|asset-clip|audition|gap"
_MARK = "marker|chapter-marker|rating|keyword|analysis-marker"
_TIMING = "(conform-rate,)?(timeMap,)?"

#: Child order as a pattern over "tag," words.
_CHILDREN = {
    "fcpxml": "(resources,)?(library,)?",
    "library": "(event,)*",
    "event": "((asset-clip|clip|sync-clip|mc-clip|ref-clip|audition|project),)*",
    "project": "sequence,",
    "resources": "((asset|effect|format|media),)*",
    "media": "(sequence,)?",
    "asset": "(media-rep,)+(metadata,)?",
    "metadata": "(md,)*",
    "sequence": "(note,)?spine,(metadata,)?",
    "spine": f"(({_ITEM}|transition),)*",
    "asset-clip": f"(note,)?{_TIMING}(adjust-volume,)?(({_ANCHOR}),)*(({_MARK}),)*(audio-channel-source,)*(metadata,)?",
    "sync-clip": f"(note,)?{_TIMING}((spine|{_ITEM}|caption),)*(({_MARK}),)*(sync-source,)*(metadata,)?",
    "ref-clip": f"(note,)?{_TIMING}(adjust-volume,)?(({_ANCHOR}),)*(({_MARK}),)*(audio-role-source,)*(metadata,)?",
    "video": f"(note,)?{_TIMING}(({_ANCHOR}),)*(({_MARK}),)*",
    "title": f"(text,)*(text-style-def,)*(note,)?(({_ANCHOR}),)*(({_MARK}),)*(metadata,)?",
    "caption": "(text,)*(text-style-def,)*(note,)?",
    "gap": f"(note,)?(({_ANCHOR}),)*(({_MARK}),)*(metadata,)?",
    "transition": f"(filter-video,)?(filter-audio,)?(({_MARK}),)*(metadata,)?",
    "sync-source": "(audio-role-source,)*",
    "timeMap": "(timept,)*",
    "adjust-volume": "(param,)*",
    "param": "(fadeIn,)?(fadeOut,)?(keyframeAnimation,)?(param,)*",
    "keyframeAnimation": "(keyframe,)*",
}
_REQUIRED = {
    "format": {"id"}, "asset": {"id"}, "media-rep": {"src"}, "effect": {"id", "uid"}, "media": {"id"}, "sequence": {"format"}, "asset-clip": {"ref"},
    "ref-clip": {"ref", "duration"}, "sync-clip": {"duration"}, "video": {"ref", "duration"}, "title": {"ref", "duration"}, "gap": {"duration"},
    "transition": {"duration"}, "marker": {"start", "value"}, "chapter-marker": {"start", "value"}, "keyword": {"value"}, "md": {"key"},
    "timept": {"time", "value"}, "audio-channel-source": {"srcCh"}, "audio-role-source": {"role"}, "sync-source": {"sourceID"}, "filter-video": {"ref"},
    "caption": {"duration"}, "param": {"name"}, "fadeIn": {"duration"}, "fadeOut": {"duration"}, "keyframe": {"time", "value"},
}  # fmt: skip
_CLIP = "lane offset name start duration enabled"
#: Every attribute that an element may have.
_ALLOWED = {
    "fcpxml": "version", "library": "location colorProcessing", "event": "name uid", "project": "name uid id modDate", "resources": "", "metadata": "",
    "media": "id name uid projectRef modDate", "format": "id name frameDuration fieldOrder width height paspH paspV colorSpace projection stereoscopic",
    "asset": "id name uid start duration hasVideo format hasAudio videoSources audioSources audioChannels audioRate", "media-rep": "kind sig src suggestedFilename",
    "md": "key value editable type displayName description source", "effect": "id name uid src", "spine": "lane offset name format", "note": "", "text": "",
    "sequence": "format duration tcStart tcFormat audioLayout audioRate renderFormat keywords",
    "asset-clip": f"{_CLIP} ref srcEnable audioStart audioDuration format tcStart tcFormat modDate audioRole videoRole",
    "sync-clip": f"{_CLIP} format audioStart audioDuration tcStart tcFormat modDate", "ref-clip": f"{_CLIP} ref srcEnable audioStart audioDuration useAudioSubroles modDate",
    "video": f"{_CLIP} ref srcID role", "title": f"{_CLIP} ref role", "caption": f"{_CLIP} role", "gap": "name offset start duration enabled",
    "transition": "name offset duration", "filter-video": "ref name enabled", "timeMap": "frameSampling preservesPitch", "timept": "time value interp inTime outTime",
    "conform-rate": "scaleEnabled srcFrameRate frameSampling", "marker": "start duration value completed note", "keyword": "start duration value note",
    "chapter-marker": "start duration value note posterOffset", "sync-source": "sourceID", "audio-role-source": "role start duration enabled active",
    "audio-channel-source": "srcCh outCh role start duration enabled active", "adjust-volume": "amount", "param": "name key value enabled",
    "fadeIn": "type duration", "fadeOut": "type duration", "keyframeAnimation": "", "keyframe": "time value interp curve",
}  # fmt: skip
_CHOICES = {"srcEnable": {"all", "audio", "video"}, "tcFormat": {"DF", "NDF"}, "audioRate": {"32k", "44.1k", "48k", "88.2k", "96k", "176.4k", "192k"}, "enabled": {"0", "1"},
            "active": {"0", "1"}, "interp": {"linear", "smooth", "smooth2"}, "sourceID": {"storyline", "connected"}, "type": {"linear", "easeIn", "easeOut", "easeInOut"}, "audioLayout": {"stereo", "mono", "surround"}}  # fmt: skip
_TIMES = {"offset", "start", "duration", "frameDuration", "tcStart", "time"}
_LEAVES = {"format", "effect", "media-rep", "md", "marker", "chapter-marker", "keyword", "timept", "audio-channel-source", "audio-role-source", "filter-video",
           "conform-rate", "note", "text", "fadeIn", "fadeOut", "keyframe"}  # fmt: skip
_RATES = {"23.98", "24", "25", "29.97", "30", "60", "47.95", "48", "50", "59.94"}


def faults(root: Any) -> list[str]:
    """Every place where the document would be refused, in words; empty for a good one."""
    found = []
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    if len(ids) != len(set(ids)):
        found.append("an id is given twice")
    old = root.get("version") == "1.8"
    for node in root.iter():
        words = "".join(f"{child.tag}," for child in node)
        pattern = "(metadata,)?" if node.tag == "asset" and old else _CHILDREN.get(node.tag)
        if pattern is None and node.tag not in _LEAVES:
            found.append(f"<{node.tag}> is not an element that we write")
        elif (pattern is not None and not re.fullmatch(pattern, words)) or (pattern is None and words):
            found.append(f"<{node.tag}> has its children in the order {words}")
        if missing := _REQUIRED.get(node.tag, set()) - set(node.attrib):
            found.append(f"<{node.tag}> lacks {missing}")
        if wrong := set(node.attrib) - set(_ALLOWED.get(node.tag, "").split()) - ({"src"} if node.tag == "asset" and old else set()):
            found.append(f"<{node.tag}> cannot have {wrong}")
        found += [f"{name}={node.get(name)!r} of <{node.tag}> is no choice" for name, choices in _CHOICES.items()
                  if node.get(name) not in {None, *choices} and not (node.tag == "asset" and name == "audioRate")]  # fmt: skip
        if node.get("ref") and node.get("ref") not in ids:
            found.append(f"<{node.tag}> refers to {node.get('ref')}, which is not there")
        if node.tag == "conform-rate" and node.get("srcFrameRate") not in (_RATES | {None}):
            found.append(f"conform-rate knows no {node.get('srcFrameRate')}")
        for name in _TIMES & set(node.attrib):
            match = re.fullmatch(r"-?(\d+)(?:/(\d+))?s", node.get(name))
            if match is None or int(match[1]) >= 2**63 or int(match[2] or 1) >= 2**31:
                found.append(f"{name}={node.get(name)!r} of <{node.tag}> is not a time")
    return found


def seconds(text: str) -> Fraction:
    return Fraction(text.rstrip("s"))


def storyline_faults(root: Any) -> list[str]:
    """Items of the primary storyline that overlap, leave holes, are off the frame or overrun their media."""
    found = []
    frames = {node.get("id"): seconds(node.get("frameDuration")) for node in root.iter("format") if node.get("frameDuration")}
    assets = {node.get("id"): node for node in root.iter("asset")}
    for sequence in root.iter("sequence"):
        frame, cursor = frames[sequence.get("format")], seconds(sequence.get("tcStart"))
        for item in sequence.find("spine"):
            if item.tag == "transition":
                continue
            if seconds(item.get("offset")) != cursor:
                found.append(f"{item.get('name')} lies at {item.get('offset')}, not at {cursor}")
            if (seconds(item.get("duration")) / frame).denominator != 1 or (seconds(item.get("offset")) / frame).denominator != 1:
                found.append(f"{item.get('name')} is off the frame")
            cursor += seconds(item.get("duration"))
        if cursor - seconds(sequence.get("tcStart")) != seconds(sequence.get("duration")):
            found.append("the sequence is not as long as its storyline")
    for item in root.iter("asset-clip"):
        if item.find("timeMap") is None and item.get("start") is not None:
            asset = assets[item.get("ref")]
            first, last = seconds(asset.get("start")), seconds(asset.get("start")) + seconds(asset.get("duration"))
            if not first <= seconds(item.get("start")) <= seconds(item.get("start")) + seconds(item.get("duration")) <= last:
                found.append(f"{item.get('name')} overruns its media")
    return found
