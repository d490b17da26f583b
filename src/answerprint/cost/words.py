"""The cost in sentences, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from answerprint.cost import Cost, Film, Gap, Saved, Seat, Theirs
from answerprint.delivery.costs import SECTIONS, Money

__all__ = ["amounts", "clock", "films", "hours", "how", "machine", "reckoned", "saved", "seat", "spend", "theirs", "unsaid"]


def amounts(money: Iterable[Money]) -> str:
    """Sums side by side, each in its own currency: "12,400 EUR; 300 USD"."""
    return "; ".join(str(one) for one in money)


def clock(seconds: float) -> str:
    """A length of time as people say it: "40 s", "12 min", "1 h 05 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d} min" if whole % 60 else f"{whole // 60} h"


def hours(value: Decimal) -> str:
    """Hours as a budget writes them: "7 h", "1.5 h"."""
    return f"{value.normalize():f} h"


def unsaid(found: Cost) -> str:
    """Which sections are one sum; "" for none."""
    named = ", ".join(f"{one} {SECTIONS[one]}" for one in found.unsaid)
    return f"{named}: one sum in this budget. Who is in it is not said, so nobody is missed there." if named else ""


def how(gap: Gap) -> str:
    """How the budget leaves somebody out."""
    if gap.missing.how == "no line":
        return "no line"
    rows = ", ".join(str(one.row) for one in gap.missing.lines)
    return f"at nought, row{'s' if len(gap.missing.lines) > 1 else ''} {rows}"


def seat(one: Seat) -> str:
    """Who or what sits there."""
    if one.kind == "critic":
        ideas = f"{one.count} idea{'' if one.count == 1 else 's'}" if one.count else "no idea about this cut so far"
        return f"beside it the machine's critic {one.who}: {ideas}" + ("" if one.opened else ", opened by nobody here")
    return {
        "person": f"{one.who}, {one.what}", "holder": f"{one.who} alone holds the {one.what}", "machine holds": f"the {one.what} was handed to the machine",
        "empty": "an empty chair", "machine": f"the machine did {one.what}, and answers for nothing",
    }[one.kind]  # fmt: skip


def films(every: tuple[Film, ...]) -> str:
    """Asked for, rendered, out, watched: four counts of the same films."""
    if not every:
        return "No film is asked for."
    played = sum(one.played > 0 for one in every)
    counts = f"{len(every)} film{'' if len(every) == 1 else 's'} asked for, {sum(one.rendered for one in every)} rendered, {sum(one.left for one in every)} left the house"
    return f"{counts}; {played} played to the end here, by somebody who lets that be known."


def machine(found: Cost) -> str:
    """The machine's time, as far as the log goes back."""
    one = found.machine
    return f"{clock(one.seconds)} since {one.since}, as far as the log goes back. Two pieces of work that ran side by side are both counted." if one.works else "The log knows of no work."


def spend(found: Cost) -> str:
    """What paid services asked for."""
    one = found.spend
    newer = f" {one.newer} entries are of a newer release and were not read." if one.newer else ""
    if not one.bills:
        return f"None: no paid service was asked for anything.{newer}"
    waits = f"; {one.open} not billed yet" if one.open else ""
    return f"Billed {amounts(one.billed) or 'nothing'}; estimated before that {amounts(one.estimated) or 'nothing'}{waits}.{newer}"


def reckoned(one: Saved) -> str:
    """One line that the budget gives to the machine."""
    says = one.line.says or f"row {one.line.row}"
    if not one.work:
        return f"{says}: the budget gives it to the machine and does not say what of the machine's work it is."
    work = ", ".join(one.work)
    if one.seconds is None:
        return f"{says}: not done by the machine here, as far as the log knows ({work})."
    if one.line.hours is None:
        return f"{says}: {clock(one.seconds)} of the machine's ({work}); the budget says no hours."
    return f"{says}: {hours(one.line.hours)} in the budget, {clock(one.seconds)} of the machine's ({work})."


def saved(found: Cost) -> str:
    """The hours that a budget itself says are saved; "" where it says none."""
    if not any(one.counts for one in found.saved):
        return ""
    return f"{hours(found.saved_hours)} saved, by this budget's own reckoning of what the machine did in {clock(found.saved_seconds)}."


def theirs(one: Theirs) -> str:
    """Somebody's hours, as they wrote them down."""
    said = f"{one.name}: {clock(float(one.minutes) * 60)}, as written down" + ("" if one.allowed else ", for nobody else's eyes")
    if not one.acceptable:
        return f"{said}."
    count = f"the {len(one.acceptable)} shots" if len(one.acceptable) > 1 else "the one shot"
    if one.on_acceptable is None:
        return f"{said}; no row is about {count} called only acceptable alone."
    return f"{said}; {clock(float(one.on_acceptable) * 60)} on {count} called only acceptable ({', '.join(map(str, one.acceptable))})."
