"""Supers: three templates in twenty markets, planted faults, and one moment at four rates.

    python -m bench.supers OUT [--fonts FOLDER] [--short]

OUT gets a contact sheet for each template and shape. FOLDER: fonts for the markets that the house has none for (Japanese, Thai, Hindi:
Noto Sans JP, Thai, Devanagari); without it those rows are listed as what they are, rows without a font.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

from answerprint.delivery import supers
from answerprint.media.lettering import font

SIZES = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080), "4:5": (1080, 1350)}
RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(50)]
STANDS_S = Fraction(9)
NEEDS = {"JP": "Japanese", "TH": "Thai", "IN": "Hindi"}  #: markets that the house has no font for

#: market: language, name, role, legal line, product, price, terms
MARKETS: dict[str, tuple[str, str, str, str, str, str, str]] = {
    "GB": ("en-GB", "Morag Sinclair", "Courier, Isle of Skye", "Subject to status. Terms apply. Offer ends 31 December.", "Storm Jacket", "£129", "with free delivery"),
    "US": ("en-US", "Morag Sinclair", "Bike courier, Portland, Maine", "Offer ends 12/31. Void where prohibited. See store for details.", "Storm Jacket", "$149.99", "plus tax"),
    "DE": ("de-DE", "Annegret Schellenberger", "Fahrradkurierin, Schleswig-Holstein", "Gültig bis 31.12. Haftungsbeschränkungen und Lieferbedingungen auf sturmjacke.example.", "Allwetterfunktionsjacke", "149,90 €", "inkl. MwSt., zzgl. Versandkosten"),
    "AT": ("de-AT", "Annegret Schellenberger", "Rettungshubschrauberpilotin", "Unverbindliche Preisempfehlung. Gewinnspielteilnahmebedingungen im Geschäft.", "Wetterschutzbekleidung", "€ 149,90", "inkl. Mehrwertsteuer"),
    "FR": ("fr-FR", "Maëlle Le Guérinec", "Coursière à vélo, Finistère", "Offre valable jusqu’au 31 décembre, dans la limite des stocks disponibles.", "Veste tempête", "149,90 €", "TTC, livraison offerte"),
    "IT": ("it-IT", "Morag Sinclair", "Corriere in bicicletta", "Offerta valida fino al 31 dicembre, salvo esaurimento scorte.", "Giacca da tempesta", "149,90 €", "IVA inclusa"),
    "ES": ("es-ES", "Morag Sinclair", "Mensajera en bicicleta", "Oferta válida hasta el 31 de diciembre o hasta fin de existencias.", "Chaqueta de tormenta", "149,90 €", "IVA incluido"),
    "NL": ("nl-NL", "Morag Sinclair", "Fietskoerier, Waddeneilanden", "Actie geldig t/m 31 december. Vraag naar de voorwaarden.", "Stormjas", "€ 149,90", "incl. btw"),
    "FI": ("fi-FI", "Päivi Hämäläinen", "Polkupyörälähetti, Hämeenlinna", "Tarjous voimassa 31.12. asti tai niin kauan kuin tavaraa riittää.", "Myrskytakki", "149,90 €", "sis. arvonlisäveron"),
    "PL": ("pl-PL", "Małgorzata Śliwińska", "Kurierka rowerowa, Gdańsk", "Oferta ważna do 31 grudnia lub do wyczerpania zapasów.", "Kurtka sztormowa", "649,00 zł", "z VAT, dostawa gratis"),
    "CZ": ("cs-CZ", "Růžena Dvořáková", "Cyklokurýrka, Český ráj", "Nabídka platí do 31. prosince nebo do vyprodání zásob.", "Bouřková bunda", "3 690 Kč", "včetně DPH"),
    "HU": ("hu-HU", "Győrffy Ágnes", "Kerékpáros futár, Hódmezővásárhely", "Az ajánlat december 31-ig vagy a készlet erejéig érvényes.", "Viharkabát", "59 990 Ft", "áfával együtt"),
    "GR": ("el-GR", "Μαρία Παπαδοπούλου", "Ταχυμεταφορέας με ποδήλατο", "Η προσφορά ισχύει έως 31 Δεκεμβρίου ή έως εξαντλήσεως των αποθεμάτων.", "Μπουφάν καταιγίδας", "149,90 €", "με ΦΠΑ"),
    "UA": ("uk-UA", "Марія Щербаківська", "Велокур’єрка, Чернігів", "Пропозиція діє до 31 грудня або доки товар є в наявності.", "Штормова куртка", "6 499 ₴", "з ПДВ"),
    "TR": ("tr-TR", "Şükrân Yıldırım", "Bisikletli kurye, İzmir", "Kampanya 31 Aralık’a kadar stoklarla sınırlıdır.", "Fırtına Montu", "5.499 ₺", "KDV dahil"),
    "VN": ("vi-VN", "Nguyễn Thị Phượng", "Người giao hàng bằng xe đạp", "Ưu đãi đến hết ngày 31 tháng 12 hoặc khi hết hàng.", "Áo khoác chống bão", "3.990.000 ₫", "đã gồm VAT"),
    "SA": ("ar-SA", "مريم الحربي", "ساعية بريد على دراجة، جدة", "العرض ساري حتى 31 ديسمبر أو حتى نفاد الكمية. تطبق الشروط على example.com.", "سترة العاصفة", "599 ر.س", "شامل ضريبة القيمة المضافة"),
    "JP": ("ja-JP", "佐々木 真理子", "自転車便ライダー、北海道", "キャンペーンは十二月三十一日まで。在庫がなくなり次第終了します。", "ストームジャケット", "19,800円", "税込・送料無料"),
    "TH": ("th-TH", "มาลี ศรีสุวรรณ", "พนักงานส่งของด้วยจักรยาน", "ข้อเสนอนี้ใช้ได้ถึงวันที่ 31 ธันวาคม หรือจนกว่าสินค้าจะหมด", "แจ็กเก็ตกันพายุ", "฿4,990", "รวมภาษีมูลค่าเพิ่ม"),
    "IN": ("hi-IN", "मीरा श्रीवास्तव", "साइकिल कूरियर, ऋषिकेश", "यह ऑफ़र 31 दिसंबर तक या स्टॉक रहने तक मान्य है। शर्तें लागू।", "तूफ़ानी जैकेट", "₹8,999", "सभी करों सहित"),
}  # fmt: skip


def rows(name: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Market -> language and values, for one template."""
    made = {}
    for market, (language, who, role, legal, product, price, terms) in MARKETS.items():
        values = {"super": {"name": who, "role": role}, "legal": {"legal": legal}, "price": {"product": product, "price": price, "terms": terms}}[name]
        made[market] = language, values
    return made


def ground(size: tuple[int, int]) -> np.ndarray:
    """A picture to lay things over: sky, hills, a bright patch."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 0.72 - 0.2 * y + 0.25 * np.exp(-(((x - 0.7) / 0.2) ** 2 + ((y - 0.25) / 0.2) ** 2)) - 0.16 * (y > 0.55 + 0.08 * np.sin(5 * x)) + 0.05 * np.sin(60 * x) * (y > 0.6)
    return (np.clip(np.stack([light * 1.0, light * 0.99, light * 0.96], axis=-1), 0, 1) * 255).astype(np.uint8)


def laid_over(picture: np.ndarray, drawn: np.ndarray) -> Image.Image:
    under = Image.fromarray(picture).convert("RGBA")
    under.alpha_composite(Image.fromarray(drawn))
    return under.convert("RGB")


def sheet(name: str, shape: str, fonts: supers.Fonts, out: Path) -> tuple[int, float]:
    """One contact sheet. Returns: how many rows were drawn, seconds for one."""
    template, size = supers.template(name), SIZES[shape]
    wide = {"16:9": 480, "9:16": 300, "1:1": 360, "4:5": 330}[shape]
    high, label = round(wide * size[1] / size[0]), 26
    whole = Image.new("RGB", (5 * (wide + 8) + 8, 4 * (high + label + 8) + 8), (58, 58, 58))
    draw, under, spent = ImageDraw.Draw(whole), ground(size), 0.0
    for place, (market, (language, values)) in enumerate(rows(name).items()):
        begun = time.perf_counter()
        stage = supers.Stage(size=size, fonts=fonts, language=language)
        drawn = supers.frame(template, values, stage, at_s=Fraction(4), duration_s=STANDS_S)
        spent += time.perf_counter() - begun
        x, y = 8 + place % 5 * (wide + 8), 8 + place // 5 * (high + label + 8)
        draw.text((x + 2, y + 2), market, fill=(220, 220, 220), font=font(18))
        whole.paste(laid_over(under, drawn).resize((wide, high), Image.Resampling.LANCZOS), (x, y + label))
    whole.save(out / f"{name} {shape.replace(':', 'x')}.png")
    return len(rows(name)), spent / len(rows(name))


def clean(fonts: supers.Fonts, short: bool) -> int:
    """Faults on rows that have none: each is printed. Returns: how many rows raised one."""
    alarms = checked = 0
    for name in ("super", "legal", "price"):
        for shape in ["16:9"] if short else SIZES:
            for market, (language, values) in rows(name).items():
                stage = supers.Stage(size=SIZES[shape], fonts=fonts, language=language)
                found = supers.faults(supers.template(name), values, stage, row=market, duration_s=STANDS_S, rules=[supers.rules("bcap")], background=[ground(SIZES[shape])])
                checked += 1
                alarms += bool(found)
                for fault in found:
                    print(f"  alarm {shape}: {fault}")
    print(f"clean rows: {checked} checked, {alarms} with an alarm")
    return alarms


def planted(fonts: supers.Fonts, short: bool) -> int:
    """Faults that were put there. Returns: how many were missed."""
    found, missed, beside = Counter[str](), Counter[str](), Counter[str]()
    for name, main in (("super", "name"), ("legal", "legal"), ("price", "product")):
        template = supers.template(name)
        for market, (language, values) in list(rows(name).items())[:: 4 if short else 1]:
            stage = supers.Stage(size=SIZES["16:9"], fonts=fonts, language=language)
            rules = [supers.rules("bcap")]
            plants = [
                ("overflow", template, {**values, main: values[main] + " " + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2}, STANDS_S + 3, ()),
                ("overflow", template, {**values, main: " ".join([values[main]] * 20)}, STANDS_S + 60, ()),
                ("glyph", template, {**values, main: values[main] + " 𓀀"}, STANDS_S, ()),
                ("unsafe", _moved(template, main), values, STANDS_S, ()),
                ("short", template, values, Fraction(1, 4), ()),
                ("missing", template, {**values, main: " "}, STANDS_S, ()),
                ("unknown", template, {**values, "headline": "x"}, STANDS_S, ()),
                ("colour", template, {**values, "letters": "red"}, STANDS_S, ()),
                ("contrast", template, {**values, "letters": template.palette[{"super": "plate", "legal": "block", "price": "card"}[name]][:7]}, STANDS_S, (ground(SIZES["16:9"]),)),
            ]  # fmt: skip
            if name == "legal":
                plants += [
                    ("small", _sized(template, main, 36), values, STANDS_S, ()),
                    ("short", template, values, supers.least_s(template, values, rules) - Fraction(1, 25), ()),
                    ("contrast", _bare(template), values, STANDS_S, ()),
                ]
            for kind, design, said, stands_s, under in plants:
                kinds = {fault.kind for fault in supers.faults(design, said, stage, row=market, duration_s=stands_s, rules=rules, background=under)}
                (found if kind in kinds else missed)[kind] += 1
                beside.update(kinds - {kind})
                if kind not in kinds:
                    print(f"  MISSED {kind}: {name} {market}")
            if name == "legal" and supers.faults(template, values, stage, row=market, duration_s=supers.least_s(template, values, rules), rules=rules):
                print(f"  alarm at exactly the least hold: {market}")
                missed["short"] += 1
    print(f"planted: {sum(found.values())} found ({', '.join(f'{kind} {count}' for kind, count in sorted(found.items()))}), {sum(missed.values())} missed; named beside them: {dict(beside)}")
    return sum(missed.values())


def _moved(template: supers.Template, name: str) -> supers.Template:
    """The template with its text half out of the safe area."""
    return dataclasses.replace(template, layers=tuple(dataclasses.replace(one, box=(one.box[0], 1.0, *one.box[2:]), stand="top", above=None) if one.name == name and one.box else one for one in template.layers))


def _sized(template: supers.Template, name: str, size: float) -> supers.Template:
    return dataclasses.replace(template, layers=tuple(dataclasses.replace(one, size=size, least=None, shapes={shape: {key: value for key, value in other.items() if key not in ("size", "least")} for shape, other in one.shapes.items()}) if one.name == name else one for one in template.layers))


def _bare(template: supers.Template) -> supers.Template:
    """The template without its block."""
    return dataclasses.replace(template, layers=tuple(one for one in template.layers if one.kind == "text"))


def disclosures(fonts: supers.Fonts, out: Path) -> int:
    """A disclosure proved on every shape in five languages, and what must not be proved. Returns: how many were judged wrongly."""
    said = {
        "en-US": "Contains a synthetic performer.", "de-DE": "Mit einer künstlich erzeugten Darstellerin.", "fr-FR": "Cette publicité montre une personne de synthèse.",
        "ar-SA": "يظهر في هذا الإعلان شخص مُولَّد بالذكاء الاصطناعي.", "ja-JP": "この映像にはAIで生成された人物が登場します。",
    }  # fmt: skip
    template, wrong, proved, refused = supers.template("disclosure"), 0, 0, 0
    for language, text in said.items():
        if language == "ja-JP" and "JP" not in MARKETS:
            continue
        for shape, size in SIZES.items():
            stage = supers.Stage(size=size, fonts=fonts, language=language)
            values = {"disclosure": text}
            least = supers.least_s(template, values, [supers.rules("disclosure")])
            found = supers.disclosed(template, values, stage, row=language, duration_s=least)
            proved, wrong = proved + (not found), wrong + bool(found)
            print(*(f"  alarm {shape}: {fault}" for fault in found), sep="\n", end="")
            plants = [
                (template, values, least - Fraction(1, 25), None, "short"), (template, {"disclosure": ""}, least, None, "missing"), (_bare(template), values, least, None, "contrast"),
                (_sized(template, "disclosure", 24), values, least, None, "small"), (template, values, least, (0.35, 0.0, 0.3, 1.0), "unsafe"),
            ]  # fmt: skip
            for design, filled, stands_s, kept, kind in plants:
                kinds = {fault.kind for fault in supers.disclosed(design, filled, stage, row=language, duration_s=stands_s, kept=kept)}
                refused, wrong = refused + (kind in kinds), wrong + (kind not in kinds)
                if kind not in kinds:
                    print(f"  PROVED IN SPITE OF {kind}: {language} {shape}")
        drawn = supers.frame(template, {"disclosure": text}, supers.Stage(size=SIZES["16:9"], fonts=fonts, language=language), at_s=Fraction(2), duration_s=Fraction(6))
        laid_over(ground(SIZES["16:9"]), drawn).resize((960, 540)).save(out / f"disclosure {language}.png")
    print(f"disclosures: {proved} proved, {refused} planted faults refused, {wrong} judged wrongly")
    return wrong


def rates(fonts: supers.Fonts, out: Path) -> int:
    """One moment at four rates. Returns: how many frames were not what the moment is."""
    wrong = total = shared = 0
    stage = supers.Stage(size=(480, 270), fonts=fonts)
    for name, (_, values) in {name: rows(name)["DE"] for name in ("super", "legal", "price")}.items():
        template, films = supers.template(name), {}
        for rate in RATES:
            path = supers.film(template, values, stage, rate=rate, duration_s=Fraction(2), out=out / f"{name} {float(rate):.3f}.mov")
            first = path.read_bytes()
            if supers.film(template, values, stage, rate=rate, duration_s=Fraction(2), out=path).read_bytes() != first:
                print(f"  {path.name}: other bytes the second time")
                wrong += 1
            with av.open(str(path)) as box:
                films[rate] = {number / rate: _alpha(frame) for number, frame in enumerate(box.decode(video=0))}
            for at_s, alpha in films[rate].items():
                want = supers.frame(template, values, stage, at_s=at_s, duration_s=Fraction(2))[..., 3]
                total += 1
                wrong += int(np.abs(alpha.astype(int) - want).max() > 1)
        for first_rate in RATES:
            for other in RATES:
                for at_s in films[first_rate].keys() & films[other].keys() if first_rate < other else ():
                    shared += 1
                    wrong += not np.array_equal(films[first_rate][at_s], films[other][at_s])
    print(f"rates: {total} frames of {len(RATES)} rates against their own moment, {shared} moments that two rates share: {wrong} differ")
    return wrong


def _alpha(frame: av.VideoFrame) -> np.ndarray:
    return frame.reformat(format="rgba").to_ndarray()[..., 3]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--short", action="store_true", help="16:9 only, a quarter of the planted faults")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    fonts = supers.fonts(asked.fonts)
    for market, language in NEEDS.items():
        if any(fault.kind == "glyph" for fault in supers.faults(supers.template("legal"), rows("legal")[market][1], supers.Stage(size=SIZES["16:9"], fonts=fonts), row=market, duration_s=STANDS_S)):
            print(f"{market}: no font for {language}; left out. Give --fonts.")
            MARKETS.pop(market)
    for name in ("super", "legal", "price"):
        for shape in ["16:9"] if asked.short else SIZES:
            count, each_s = sheet(name, shape, fonts, asked.out)
            print(f"{name} {shape}: {count} markets, {each_s * 1000:.0f} ms a picture")
    return int(bool(clean(fonts, asked.short) + planted(fonts, asked.short) + disclosures(fonts, asked.out) + rates(fonts, asked.out)))


if __name__ == "__main__":
    sys.exit(main())
