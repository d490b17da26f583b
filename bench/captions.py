"""Captions: the rules held on composed lines in five languages, and every format read back by programs that are not ours.

    python bench/captions.py [--lines 200] [--parsers PYTHON]

PYTHON is the interpreter of an environment of its own with three readers of captions in it:
    python -m venv /somewhere && /somewhere/bin/pip install pysubs2 pycaption ttconv
Without it the rules are counted and nothing is read back. Speech is composed: words at 11 to 17 letters a second, pauses of 0.05 to 1.2 s
between lines, one to three speakers.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from answerprint.delivery.captioning import LINE_21, STANDARD, TELETEXT, Caption, Rules, ebutt, faults, line21, width
from answerprint.delivery.captioning.breaking import Word, pieces
from answerprint.delivery.captioning.cueing import Film, cued
from answerprint.delivery.captioning.rules import seconds_of
from answerprint.delivery.captions import Cue, written
from answerprint.model.time import rate_name, round_half_up

RATES = {"23.976": Fraction(24000, 1001), "25": Fraction(25), "29.97 DF": Fraction(30000, 1001), "50": Fraction(50)}
#: Openings, middles and ends of lines: any of each makes one.
PARTS = {
    "en": (["Morning starts before the light does", "If you ask me", "There is a kettle on the stove", "My father used to say", "Nobody told us", "Four minutes"],
           ["and the water from the well behind the house", "because the beans need nothing else", "that the road to Larkfield", "when she pours it for the first time", "with a hand that shakes a little", "but not today"],
           ["is all I ask.", "goes on and on, mile after mile!", "makes the whole difference, doesn't it?", "was roasted slowly and poured once.", "can wait until tomorrow.", "costs less than you think: $4.99 a month."]),
    "de": (["Der Morgen beginnt vor dem Licht", "Wenn Sie mich fragen", "Auf dem Herd steht ein Wasserkessel", "Mein Vater sagte immer", "Unsere Haushaltswarenabteilung", "Vier Minuten"],
           ["und das Wasser aus dem Brunnen hinter dem Haus", "weil die Kaffeebohnen nichts anderes brauchen", "dass die Lebensmittelunverträglichkeitsberatung", "wenn sie zum allerersten Mal eingießt", "mit einer Geschwindigkeitsbegrenzung", "aber nicht heute"],
           ["ist alles, worum ich bitte.", "geht immer weiter, Kilometer um Kilometer!", "macht den ganzen Unterschied, nicht wahr?", "wurde langsam geröstet.", "kann bis morgen warten.", "kostet nur 4,99 € in der Kundenzufriedenheitswoche."]),
    "fr": (["Le matin commence avant la lumière", "Si vous voulez mon avis", "Il y a une bouilloire sur le feu", "Mon père disait toujours", "Personne ne nous l’avait dit", "Quatre minutes"],
           ["et l’eau du puits derrière la maison", "parce que les grains n’ont besoin de rien d’autre", "que la route de Larkfield", "quand elle le verse pour la première fois", "d’une main qui tremble un peu", "mais pas aujourd’hui"],
           ["c’est tout ce que je demande.", "continue encore et encore !", "fait toute la différence, n’est-ce pas ?", "a été torréfié lentement.", "peut attendre demain.", "coûte moins que vous ne croyez : 4,99 € par mois."]),
    "ja": (["朝は光よりも早く始まります。", "私に言わせれば、", "コンロの上にはやかんがあって、", "父はいつもこう言っていました。", "誰も教えてくれなかったけれど、", "たった四分、"],
           ["家の裏の井戸から汲んだ水と", "豆はそれ以外に何も必要としないから、", "ラークフィールドへ続く道が", "彼女が初めてコーヒーを注ぐとき、", "少しだけ震える手で", "でも今日ではなく、"],
           ["それだけでいいのです。", "どこまでも続いていきます。", "すべてを変えてしまうのです。", "ゆっくりと焙煎されました。", "明日まで待てます。", "月額わずか４９９円です。"]),
    "ar": (["يبدأ الصباح قبل أن يبدأ الضوء،", "إذا سألتني،", "هناك غلاية على النار", "كان أبي يقول دائما", "لم يخبرنا أحد", "أربع دقائق"],
           ["والماء من البئر خلف البيت", "لأن الحبوب لا تحتاج إلى شيء آخر", "أن الطريق إلى المدينة", "عندما تسكبها للمرة الأولى", "بيد ترتجف قليلا", "ولكن ليس اليوم"],
           ["هذا كل ما أطلبه.", "يستمر ميلا بعد ميل!", "يصنع كل الفرق، أليس كذلك؟", "حمصت ببطء.", "يمكن أن تنتظر حتى الغد.", "تكلف أقل مما تظن."]),
}  # fmt: skip
#: What reads a folder of files and says (first, end, lines) of each caption, in seconds. It runs in an environment without us.
READERS = r'''
import json, sys
from fractions import Fraction
from pathlib import Path
import pysubs2, pycaption
import ttconv.model, ttconv.imsc.reader, ttconv.scc.reader, ttconv.srt.reader, ttconv.vtt.reader
from xml.etree import ElementTree
from ttconv.isd import ISD

def clean(text):
    return " ".join(text.replace("\u200f", "").replace("\xa0", " ").split())

def subs(path):
    return [(e.start / 1000, e.end / 1000, clean(e.plaintext)) for e in pysubs2.load(str(path))]

def caption(path, reader):
    found = reader().read(path.read_text(encoding="utf-8"))
    return [(c.start / 1e6, c.end / 1e6, clean(c.get_text())) for c in found.get_captions(found.get_languages()[0])]

def isd(document):
    out, last = [], None
    times = list(ISD.significant_times(document))
    for n, at in enumerate(times):
        made = ISD.from_model(document, at)
        words = []
        def walk(e):
            if isinstance(e, ttconv.model.Text): words.append(e.get_text())
            if isinstance(e, ttconv.model.Br): words.append(" ")
            for c in e: walk(c)
        for region in (made.iter_regions() if made is not None else ()): walk(region)
        text = clean("".join(words))
        if text:
            out.append((float(at), float(times[n + 1]) if n + 1 < len(times) else None, text))
    return out

folder, out = Path(sys.argv[1]), {}
for path in sorted(folder.iterdir()):
    kind = path.suffix[1:]
    if kind == "srt":
        out[path.name] = {"pysubs2": subs(path), "pycaption": caption(path, pycaption.SRTReader)}
    elif kind == "vtt":
        out[path.name] = {"pysubs2": subs(path), "pycaption": caption(path, pycaption.WebVTTReader)}
    elif kind == "ttml":
        out[path.name] = {"pysubs2": subs(path), "pycaption": caption(path, pycaption.DFXPReader),
                          "ttconv": isd(ttconv.imsc.reader.to_model(ElementTree.parse(path)))}
    elif kind == "scc":
        out[path.name] = {"pycaption": caption(path, pycaption.SCCReader), "ttconv": isd(ttconv.scc.reader.to_model(path.read_text()))}
print(json.dumps(out))
'''


def spoken(language: str, lines: int, dice: random.Random) -> list[Word]:
    """Composed speech: words with times."""
    at_s, out, before = Fraction(1), [], ""
    for _ in range(lines):
        parts = PARTS[language]
        text = ("" if language == "ja" else " ").join(dice.choice(part) for part in (parts[0], parts[1], parts[2])[dice.choice((0, 0, 0, 2)) :])
        speaker = dice.choice((before or "Noah", "Noah", "Ada", "Ina"))
        per_s, before, name = dice.randint(11, 17), speaker, speaker if dice.random() < 0.1 else ""
        for piece, space in pieces(text, language):
            lasts = Fraction(max(width(piece) + space, 2), per_s)
            out.append(Word(text=piece, in_s=at_s, out_s=at_s + lasts * Fraction(9, 10), speaker=speaker, space=space, name=name))
            at_s += lasts + (Fraction(dice.randint(10, 30), 100) if piece[-1] in ".!?。" else 0)
        at_s += Fraction(dice.randint(5, 120), 100)
    return out


def fast(words: list[Word]) -> list[Word]:
    """The same said at half the time and without a pause: 22 to 34 letters a second."""
    out, at_s = [], Fraction(1)
    for word in words:
        lasts = (word.out_s - word.in_s) / 2
        out.append(replace(word, in_s=at_s, out_s=at_s + lasts))
        at_s += lasts + Fraction(1, 100)
    return out


def words_of(captions: Iterator[Caption] | list[Caption] | tuple[Caption, ...], language: str) -> str:
    """Everything that captions say, without names, dashes, breaks and spaces."""
    text = "".join(one.text for one in captions)
    for name in ("NOAH: ", "ADA: ", "INA: ", "（Noah）", "（Ada）", "（Ina）"):
        text = text.replace(name, "")
    return "".join(text.replace("- ", "").replace("-", "").split()).replace("’", "'")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--parsers", metavar="PYTHON", help="an interpreter that has pysubs2, pycaption and ttconv")
    asked = parser.parse_args()
    each = -(-asked.lines // len(PARTS))
    print(f"{each} lines in each of {', '.join(PARTS)}; rules: 2 lines, 42 | 37 | 32 columns, 20 characters a second, 20 frames, 2 frames apart, within 3 frames of speech\n")
    print("language  rules     rate      captions  broken  not a word lost  made in")
    sets: list[tuple[str, Rules, str, tuple[Caption, ...]]] = []
    for language in PARTS:
        for rules in (STANDARD, TELETEXT, LINE_21):
            for name, rate in RATES.items():
                words = spoken(language, each, random.Random(f"{language} {each}"))
                frames = int(words[-1].out_s * rate) + 100
                began = time.perf_counter()
                captions = cued(words, Film(rate=rate, frames=frames, language=language, rules=rules))
                took = time.perf_counter() - began
                wrong = faults(captions, rules, rate, frames)
                whole = "".join("".join(word.text.replace("-", "").split()) for word in words).replace("’", "'") == words_of(captions, language)
                kinds = ", ".join(f"{count} {rule}" for rule, count in Counter(fault.rule for fault in wrong).items())
                print(f"{language:<9} {rules.name:<9} {name:<9} {len(captions):>8}  {kinds or 0:>6}  {whole!s:>15}  {took:.2f} s")
                sets.append((language, rules, name, captions))
    print("\ntoo fast on purpose (22 to 34 characters a second, no pause): what is said of it, and what else breaks")
    for language in PARTS:
        words = fast(spoken(language, each, random.Random(f"{language} {each}")))
        frames = int(words[-1].out_s * 25) + 100
        wrong = Counter(fault.rule for fault in faults(cued(words, Film(rate=Fraction(25), frames=frames, language=language, rules=STANDARD)), STANDARD, Fraction(25), frames))
        print(f"{language:<9} {', '.join(f'{count} {rule}' for rule, count in wrong.items())}")
    if asked.parsers:
        _round_trip(sets, asked.parsers)


def _round_trip(sets: list[tuple[str, Rules, str, tuple[Caption, ...]]], python: str) -> None:
    """Write every set in every kind, have it read by others, and compare frame by frame and word by word."""
    with tempfile.TemporaryDirectory() as scratch:
        expected: dict[str, tuple[tuple[Caption, ...], Fraction]] = {}
        late = 0
        for number, (language, rules, name, captions) in enumerate(sets):
            rate = RATES[name]
            times = [(seconds_of(one.first, rate), seconds_of(one.end, rate), one.text) for one in captions]
            files = {kind: written([Cue(start_s=start, end_s=end, text=text) for start, end, text in times], kind, language) for kind in ("srt", "vtt")}
            files["ttml"] = ebutt.written(times, language, rules)
            if rules is LINE_21 and not any(line21.lacking(one.text) for one in captions):
                shown = [line21.Shown(first=round_half_up(one.first / rate * line21.RATE), end=round_half_up(one.end / rate * line21.RATE), text=one.text) for one in captions]
                files["scc"], delayed = line21.written(shown, drop=name == "29.97 DF" or rate.denominator == 1)
                late += len(delayed)
                again, wrong = line21.read(files["scc"])
                assert not wrong, wrong
                assert len(again) == len(shown)
            for kind, text in files.items():
                file = f"{number:03d}.{kind}"
                (Path(scratch) / file).write_text(text, encoding="utf-8", newline="")
                expected[file] = captions, rate
        found = json.loads(subprocess.run([python, "-c", READERS, scratch], capture_output=True, text=True, check=True).stdout)
    table: dict[tuple[str, str], Counter[str]] = {}
    for file, readers in found.items():
        captions, rate = expected[file]
        kind = file.rsplit(".", 1)[1]
        for reader, rows in readers.items():
            count = table.setdefault((kind, reader), Counter())
            count["captions"] += len(captions)
            count["read"] += len(rows)
            for one, (start, end, text) in zip(captions, rows, strict=False):
                count["words"] += "".join(text.replace("’", "'").split()) == "".join(line21.plain(one.text).replace("’", "'").split()) if kind == "scc" else "".join(text.split()) == "".join(one.text.split())
                grid = line21.RATE if kind == "scc" else rate
                first, last = (round_half_up(frame / rate * grid) for frame in (one.first, one.end))
                count["in"] += abs(round_half_up(Fraction(start) * grid) - first) == 0
                count["near"] += abs(round_half_up(Fraction(start) * grid) - first) <= 3
                count["out"] += end is None or abs(round_half_up(Fraction(end) * grid) - last) == 0
    print("\nread back by others (counts of captions: written, read, with the same words, in and out in the same frame, in within 3 frames)")
    print("kind  reader     written    read   words      in     out    near")
    for (kind, reader), count in sorted(table.items()):
        print(f"{kind:<5} {reader:<10} {count['captions']:>7} {count['read']:>7} {count['words']:>7} {count['in']:>7} {count['out']:>7} {count['near']:>7}")
    print("pycaption takes SCC's labels for thirtieths of a second and shows a caption until the next: it is up to two frames off, and later out")
    print(f"captions of scc that come late because the one before stands too short: {late}")
    print("rates: " + ", ".join(f"{name} ({rate_name(rate)})" for name, rate in RATES.items()))


if __name__ == "__main__":
    main()
