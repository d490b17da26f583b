"""Commands over the shoot: what the assistant editor does."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, length, losses, plain, print_json, rate, table, typed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("new", _new, as_json=False)
    one.add_argument(
        "--media",
        action="append",
        default=[],
        metavar="FOLDER",
        help="a card, disk or folder of rushes or sound; may be said again",
    )
    one.add_argument("--script", metavar="FILE", help="the script: .fountain, .fdx or a two-column .csv")
    one.add_argument("--rate", required=True, help="frames a second of the timeline: 23.976, 24, 25, 29.97, 50 ...")
    one.add_argument("--title", help="the film; the script's own title where not given")
    one.add_argument("--copy", action="store_true", help="copy the media into the folder, checked, instead of referring to it")
    one = command("prep", _prep)
    one.add_argument("--workers", type=int, metavar="N", help="how many tasks at once")
    command("status", _status)
    one = command("facts", _facts)
    one.add_argument("name", metavar="CLIP", help="a clip or sound by its name")
    one = command("export", _export)
    one.add_argument("--format", required=True, metavar="FORMAT", help="otio, fcpxml, xmeml, edl or ale")
    one.add_argument(
        "--what",
        default="dailies",
        choices=("dailies", "strings", "rough"),
        help="dailies: every synced clip; strings: every attempt by item; rough: a placeholder cut",
    )
    one.add_argument("--to", type=Path, metavar="FILE", help="where (for strings a folder); cuts/ where not given")
    one.add_argument("--fcpxml-version", metavar="V", help="1.8 to 1.11, where the editing program is an older one")
    one = command("strings", _strings)
    one.add_argument("--item", type=int, metavar="N", help="one item of the script")
    one.add_argument("--movies", action="store_true", help="also make each string a watermarked movie")
    one.add_argument("--no-burn", action="store_true", help="leave slate and timecode off the movies")
    one.add_argument("--sheets", action="store_true", help="also write a contact sheet for each string")
    one = command("rough", _rough)
    one.add_argument("--guide", metavar="SOUND", help="a voice-over file whose reading the pictures are cut to")
    one.add_argument("--slugs", action="store_true", help="leave what nobody decided as a slug that counts the attempts")
    one.add_argument("--format", default="otio", metavar="FORMAT", help="otio, fcpxml, xmeml or edl")
    one = command("lined", _lined)
    one.add_argument("--to", type=Path, metavar="FILE", help="a .pdf or .html; both into cuts/ where not given")
    one = command("notes", _notes, as_json=False)
    one.add_argument("file", type=Path, metavar="FILE", help="notes.csv (slate, take, circled, comment, lens, by) or an ALE")
    one = command("import", _import)
    one.add_argument("file", metavar="FILE", help="a timeline: .otio, .fcpxml, .xml, .edl or .ale")
    one = command("diff", _diff, folder=False)
    one.add_argument("a", type=Path, metavar="A")
    one.add_argument("b", type=Path, metavar="B")
    one.add_argument("--rate", help="frames a second, where a list does not say (an EDL)")
    one = command("config", _config)
    one.add_argument("--explain", action="store_true", help="also say where each setting comes from and what it is")


def _new(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import spot
    from answerprint.model.time import rate_name

    def watch(file: str, number: int, total: int) -> None:
        print(f"copying {number} of {total}: {plain(file)}", file=sys.stderr)

    made = spot.new(
        args.folder, rate=args.rate, media=args.media, script=args.script, title=args.title, copy=args.copy, watch=watch
    )
    found, problems = made.scan()
    sounds = sum(one.kind == "sound" for one in found)
    counted = f"{count(len(found) - sounds, 'clip')} and {count(sounds, 'sound file')}"
    rate = rate_name(made.settings.rate)
    print(texts["new"]["made"].format(title=plain(made.settings["title"]), rate=rate, folder=plain(args.folder), typed=typed(args.folder), found=counted))
    for problem in problems:
        print(f"  {plain(problem.file)}: {plain(problem.says)}", file=sys.stderr)
    return 1 if problems else 0


def _prep(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.progress import progress
    from answerprint.spot import Spot, open

    production = open(args.folder)
    if args.workers:
        production = Spot(production.path, {"workers": args.workers})
    with progress(sys.stderr, attached=texts["prep"]["attached"]) as watch:
        outcome = production.prep(watch=watch)
    if args.json:
        print_json({**outcome.__dict__, "problems": [problem.__dict__ for problem in outcome.problems]})
        return 1 if outcome.problems else 0
    words = {
        "clips": count(outcome.clips, "clip"),
        "sounds": count(outcome.sounds, "sound file"),
        "seconds": length(outcome.seconds),
    }
    if not outcome.clips and not outcome.sounds and not outcome.problems:
        print(texts["prep"]["empty"])
        return 1
    print(texts["prep"]["done" if outcome.computed else "nothing"].format(**words))
    if outcome.problems:
        print(texts["prep"]["problems"].format(count=count(len(outcome.problems), "thing")))
        for problem in outcome.problems:
            print(f"  {plain(problem.file)}: {plain(problem.says)}")
    _lay_out(production, texts)
    if outcome.clips:
        print(texts["prep"]["next"].format(folder=typed(args.folder)))
    return 1 if outcome.problems else 0


def _lay_out(production: Any, texts: dict[str, Any]) -> None:
    """After a prep: name the strings, and write the lined script."""
    from answerprint.model.records import AnswerprintError

    try:
        made = production.strings() if any(clip["takes"] for clip in production.status()["clips"]) else ()
        sheet = production.lined()
    except AnswerprintError as error:
        print(f"  {plain(str(error))}")
        return
    if made:
        print(texts["prep"]["strings"].format(names=", ".join(f"{plain(one.name)} ({len(one.attempts)})" for one in made)))
    print(texts["prep"]["lined"].format(paths=", ".join(plain(str(path)) for path in sheet.paths)))


def _status(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    found = open(args.folder).status()
    if args.json:
        print_json(found)
        return 1 if found["problems"] else 0
    print(f"{plain(found['production']['title'])}, {rate(found['production']['rate'])}")
    rows = [("clip", "timecode", "length", "roll", "sync")]
    for clip in found["clips"]:
        rows.append(
            (clip["file"], clip["timecode"] or "no timecode", length(clip["duration_s"]), clip["roll"] or "", _sync_words(clip))
        )
    table(rows)
    if found["sound_only"]:
        print("\nSound without a camera: " + ", ".join(plain(one["file"]) for one in found["sound_only"]))
    asks = [(clip["file"], ask) for clip in found["clips"] for ask in clip["asks"]]
    for title, lines in (
        ("A person is asked:", asks),
        (
            "Noticed:",
            [(clip["file"], note) for clip in found["clips"] for note in (*clip["notes"], *_sync_notes(clip))]
            + [("slates", note) for note in found["noticed"]],
        ),
        ("Wrong:", [(problem["file"], problem["says"]) for problem in found["problems"]]),
    ):
        if lines:
            print(f"\n{title}")
            for file, says in lines:
                print(f"  {plain(file)}: {plain(says)}")
    if found["waiting"]:
        print(f"\n{count(len(found['waiting']), 'file')} not prepared yet. Run: answerprint prep {plain(args.folder)}")
    elif found["unfinished"]:
        print(f"\nNot everything is prepared yet by this version. Run: answerprint prep {plain(args.folder)}")
    several = sum(clip["volumes"] > 1 for clip in found["clips"])
    checked = sum(clip["mhl"] is not None for clip in found["clips"])
    print(
        f"\nSeen on more than one volume: {several} of {count(len(found['clips']), 'clip')}. Verified against an MHL: {checked}."
    )
    return 1 if found["problems"] else 0


def _sync_words(clip: dict[str, Any]) -> str:
    words = []
    for pair in clip["sync"]:
        if pair["abstained"] is not None:
            words.append(f"not synced: {pair['abstained']}")
        else:
            name = (pair["sound"] or "").rsplit("/", 1)[-1]
            said = f"{name} at {pair['offset_s']:+.4f} s by {pair['method']}, {pair['drift_ppm']:+.1f} ppm, ±{pair['residual_ms']:.2f} ms"
            if "camera_late_ms" in pair:
                said += f", camera hears {pair['camera_late_ms']:.0f} ± {pair['camera_late_error_ms']:.0f} ms late"
            words.append(said)
    return "; ".join(dict.fromkeys(words))  # seven recorder files that say the same are one sentence


def _sync_notes(clip: dict[str, Any]) -> list[str]:
    return [
        f"{(pair['sound'] or '').rsplit('/', 1)[-1]}: {note}"
        for pair in clip["sync"]
        for note in pair.get("notes", [])
        if pair["abstained"] is None
    ]


def _facts(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    found = open(args.folder).facts(args.name)
    if args.json:
        print_json(found)
        return 0
    print(f"{plain(found['file'])}  {found['digest']}")
    for task, facts in found["tasks"].items():
        print(f"\n{task}")
        rows = []
        for fact in facts:
            text = json.dumps(fact["value"], ensure_ascii=False) if not isinstance(fact["value"], str) else fact["value"]
            trust = f"{fact['trust']['measure']} {fact['trust']['value']:g}" if fact["trust"] else ""
            rows.append((f"  {fact['name']}", text if len(text) <= 90 else text[:87] + "...", fact["method"], trust))
        table(rows)
    if found["made"]:
        print("\nmade")
        table([(f"  {name}", path) for name, path in found["made"].items()])
    return 0


def _export(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    options = {"version": args.fcpxml_version} if args.fcpxml_version else {}
    production = open(args.folder)
    if args.what == "strings":
        done = production.export_strings(args.format, to=args.to, options=options)
    elif args.what == "rough":
        done = [production.rough(args.format, to=args.to, options=options)[0]]
    else:
        done = [production.export(args.format, to=args.to, options=options)]
    if args.json:
        rows = [{"path": str(one.path), "clips": one.clips, "losses": [loss.__dict__ for loss in one.losses]} for one in done]
        print_json(rows if args.what == "strings" else rows[0])
        return 0
    for one in done:
        print(f"{count(one.clips, 'attempt' if args.what == 'strings' else 'clip')} written to {plain(str(one.path))}")
    losses(f"{args.format} cannot hold:", list(dict.fromkeys(loss for one in done for loss in one.losses)))
    return 0


def _strings(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    production = open(args.folder)
    made = [one for one in production.strings() if args.item is None or one.item == args.item]
    written: list[Path] = []
    if args.movies:
        from answerprint.progress import steps

        with steps(sys.stderr) as watch:
            written += production.movies(item=args.item, burn=not args.no_burn, watch=watch)
    if args.sheets:
        written += production.contact_sheets(item=args.item)
    if args.json:
        print_json([_string_row(one) for one in made])
        return 0
    for path in written:
        print(plain(str(path)))
    for one in made:
        print(f"\n{plain(one.name)}  ({count(len(one.attempts), 'attempt')}, in shooting order)")
        table(
            [
                (f"  {row['slate']}", row["file"], f"{row['in_s']:.2f} - {row['out_s']:.2f} s", row["says"])
                for row in _string_row(one)["attempts"]
            ]
        )
    if not made:
        print(texts["strings"]["none"])
    return 0


def _string_row(one: Any) -> dict[str, Any]:
    from answerprint.timeline.strings import slate_name

    rows = []
    for strung in one.attempts:
        attempt = strung.attempt
        circle = f"circled by {attempt.circled_by or 'the recorder'}" if attempt.circled else ""
        comment = f"{attempt.comment_by or 'notes'}: {attempt.comment}" if attempt.comment else ""
        says = "; ".join(word for word in (attempt.kind if attempt.kind != "take" else "", circle, comment) if word)
        rows.append(
            {
                "slate": slate_name(strung),
                "file": strung.clip.file,
                "attempt": attempt.number,
                "in_s": attempt.in_s,
                "out_s": attempt.out_s,
                "says": says,
            }
        )
    return {"what": one.what, "name": one.name, "item": one.item, "attempts": rows}


def _rough(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import accidents
    from answerprint.desk import Desk
    from answerprint.model.records import to_plain
    from answerprint.spot import open
    from answerprint.timeline.rough import PLACEHOLDER

    production = open(args.folder)
    done, events = production.rough(args.format, slugs=args.slugs, guide=args.guide)
    floor = accidents.left_by(Desk(production), done.path)
    if args.json:
        left = [accidents.plain(one) for one in floor]
        print_json({"path": str(done.path), "events": to_plain(events), "losses": [loss.__dict__ for loss in done.losses], "left_out": left})
        return 0
    print(texts["rough"]["made"].format(path=plain(str(done.path))))
    for event in events:
        print("  " + plain(texts["rough"]["event"].format(item=event.item, name=event.name, says=event.says.removesuffix(PLACEHOLDER).rstrip())))
    losses(f"{args.format} cannot hold:", done.losses)
    if floor:
        print(texts["rough"]["left"])
        table([(f"  {one.file}", f"{one.in_s:.1f} - {one.out_s:.1f} s", one.kind, one.evidence) for one in floor])
    return 0


def _lined(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    done = open(args.folder).lined(to=args.to)
    if args.json:
        print_json({"paths": [str(path) for path in done.paths], "takes": done.takes, "sentences": done.sentences})
        return 0
    for path in done.paths:
        print(f"{count(done.takes, 'take')} lined in {plain(str(path))}")
    for sentence in done.sentences:
        print(f"  {plain(sentence)}")
    return 0


def _notes(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    path = open(args.folder).take_notes(args.file)
    print(texts["notes"]["taken"].format(path=plain(str(path)), folder=typed(args.folder)))
    return 0


def _import(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    came = open(args.folder).import_cut(args.file)
    if args.json:
        lost = {"losses": [loss.__dict__ for loss in came.losses], "unmatched": came.unmatched}
        print_json({"paths": [str(path) for path in came.paths], **lost})
    else:
        for path in came.paths:
            print(f"read into {plain(str(path))}")
        if not came.paths:
            print("there is no timeline in this file.")
        losses("Not read:", came.losses)
        if came.unmatched:
            print("Media not found in this production:")
            for says in came.unmatched:
                print(f"  {plain(says)}")
    return 1 if came.unmatched or not came.paths else 0


def _diff(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import turnover
    from answerprint.model.records import to_plain
    from answerprint.model.time import parse_rate

    changes = turnover.diff(args.a, args.b, rate=parse_rate(args.rate) if args.rate else None)
    if args.json:
        print_json([to_plain(change) for _, change in changes])
        return 0
    for _, change in changes:
        print(plain(change.says))
    if not changes:
        print("Nothing changed: the same media, the same ranges, in the same order.")
    return 0


def _config(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.spot import open

    settings = open(args.folder).settings
    rows = settings.explain()
    if args.json:
        print_json([dict(zip(("key", "value", "from", "says"), row, strict=True)) for row in rows])
        return 0
    for key, _, where, says in rows:
        for name, value in _settled(key, settings[key]):
            print(plain(f"{name:<16} {value}".rstrip()))
        if args.explain:
            print(plain(f"{'':<16}   {where}: {says}"))
    return 0


def _settled(key: str, value: Any) -> list[tuple[str, str]]:
    """A setting as lines: a table by its fields, a list one after the other."""
    if isinstance(value, dict) and value:
        return [line for name, one in value.items() for line in _settled(f"{key}.{name}", one)]
    if isinstance(value, list) and value:
        return [(key if place == 0 else "", str(one)) for place, one in enumerate(value)]
    return [(key, "" if isinstance(value, (dict, list)) else str(value))]
