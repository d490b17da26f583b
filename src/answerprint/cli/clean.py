"""The command that cleans sounds for the cutting room."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from answerprint.cli import refusing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, typed

if TYPE_CHECKING:
    from answerprint.cleaning import CleanedSound
    from answerprint.cleaning.mix import Mix
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("clean", _clean)
    one.add_argument("sounds", metavar="SOUND", nargs="*", help="a recorder sound, or a clip whose own sound is meant; every one that an attempt is heard in where not given")
    one.add_argument("--mix", metavar="VERSION", help="lay the sound of this version's cut out of the cleaned tracks, into cuts/mix/, for a person to choose")
    one.add_argument("--stems", action="store_true", help="with --mix: dialogue, music and effects one after the other")
    refusing.add(one, "SOUND", "you do not want this clean-up: it is not made anew and goes into no mix from here")


def _clean(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import cleaning
    from answerprint.cleaning import CleaningError
    from answerprint.production import open
    from answerprint.progress import steps

    production, says = open(args.folder), texts["clean"]
    if args.refuse or args.take_back:
        return _piece(args, says, production)
    if args.mix is None and args.stems:
        raise CleaningError("--stems belongs to --mix VERSION.")
    if args.mix is not None and args.sounds:
        raise CleaningError("--mix VERSION cleans the sounds of that version's cut; name no other sounds beside it.")
    with steps(sys.stderr) as watch:
        if args.mix is not None:
            from answerprint.cleaning.mix import mix

            return _mixed(args, says, mix(production, args.mix, stems=args.stems, watch=watch))
        done = cleaning.clean(production, args.sounds, watch=watch)
    if args.json:
        print_json([_plain(one) for one in done])
    else:
        for one in done:
            _print(one, says)
        print(plain(says["then" if done else "none"].format(folder=typed(args.folder))))
    return 1 if any(one.made.says for one in done) else 0


def _piece(args: argparse.Namespace, says: dict[str, str], production: Production) -> int:
    from answerprint import cleaning, finishing

    change = finishing.refuse if args.refuse else finishing.take_back
    about = cleaning.called(production, args.refuse or args.take_back)
    return refusing.told(args, says, change(production, "clean-up", about, by=args.by, because=args.because))


def _mixed(args: argparse.Namespace, says: dict[str, str], made: Mix) -> int:
    if args.json:
        print_json({"file": made.file, "version": made.version, "cleaned": made.cleaned, "as_recorded": made.as_recorded, "says": made.says, "over": made.over})
    else:
        print(plain(says["mixed"].format(file=made.file, sounds=count(len(made.cleaned), "cleaned sound"))))
        for sentence in made.says:
            print(f"  {plain(sentence)}")
        for named in made.over:
            print(plain("  " + says["over"].format(named=named)))
        print(plain(says["choose"].format(folder=typed(args.folder), file=typed(made.file))))
    return 1 if made.says else 0


def _plain(one: CleanedSound) -> dict[str, Any]:
    paths = {which: str(path) for which in ("original", "cleaned", "removed") if (path := one.sound(which)) is not None}
    return {"sound": one.file, "entry": one.made.entry, "refused": one.refused, "files": paths, "says": one.made.says, **one.made.values, "over": one.over}


def _print(one: CleanedSound, says: dict[str, str]) -> None:
    refused = says["not_wanted"]
    print(plain(f"{one.file} ({refused})" if one.refused else one.file))
    for channel in one.made.values["channels"]:
        if channel["left_alone"]:
            continue  # said below
        before, after = channel["floor_dbfs"]
        rows = [says["floor"].format(before=before, after=after)] if before is not None and after is not None else []
        rows += [says["hum"].format(hz=channel["hum_hz"], tones=count(len(channel["tones"]), "tone"))] if channel["hum_hz"] else []
        rows += [says["tones"].format(hz=", ".join(tone["hz"] for tone in channel["tones"][:6]))] if channel["tones"] and not channel["hum_hz"] else []
        rows += [f"{count(channel['clicks'], 'click')}: {', '.join(channel['clicks_at'])}"] if channel["clicks"] else []
        rows += [says["gaps"].format(count=count(len(channel["gaps"]), "gap"), at=", ".join(gap["at"] for gap in channel["gaps"][:8]))] if channel["gaps"] else []
        print(plain(f"  channel {channel['channel']}: {'; '.join(rows)}"))
    for sentence in one.made.says:
        print(f"  {plain(sentence)}")
    for named in one.over:
        print(plain("  " + says["over"].format(named=named)))
