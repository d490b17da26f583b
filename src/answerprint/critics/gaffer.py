"""The gaffer: the light of shots that stand in one room: how warm, how bright, how hard, and from which side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from answerprint.model.extend import Critic
from answerprint.model.ideas import Case, Idea, Offer, Shot
from answerprint.signal.colour import curve

WARM_STOPS = 0.25  #: red against blue: 24 mired by Wien's law, an eighth of a CTO
BRIGHT_STOPS = 0.4  #: more than a third of a stop, the step that lamps and stops are set in
HARD_STOPS = 1.0  #: key to fill: 2:1 and 4:1 are two different lights
KEYED_STOPS = 0.7  #: under it a face has no plain bright side
TURNED = 0.15


def run(case: Case) -> Iterable[Idea]:
    """Ideas about light, in the order of the film. Empty where no two shots share a room."""
    found = [*_matched(case), *_faces(case)]
    return sorted(found, key=lambda idea: int(idea.on.partition(":")[2]))


def _matched(case: Case) -> Iterator[Idea]:
    """Two shots of one set-up, of which one is warmer or brighter than the other: each said once, at the later one."""
    for shot in case.shots:
        row = case.fact(f"cut:{shot.number} light against")
        if row is None:
            continue
        other, stops = int(row["shot"]), [float(one) for one in row["stops"]]
        warm, bright = stops[2] - stops[0], -stops[1]  # what would have to be added says what it lacks
        said = []
        if abs(warm) >= WARM_STOPS:
            said.append(f"{abs(warm):.1f} of a stop {'warmer' if warm > 0 else 'colder'}")
        if abs(bright) >= BRIGHT_STOPS:
            said.append(f"{abs(bright):.1f} of a stop {'brighter' if bright > 0 else 'darker'}")
        facts = case.cite([f"cut:{shot.number} uses", f"cut:{shot.number} light against", f"cut:{shot.number} setup", f"cut:{other} uses"])
        if said and facts is not None:
            text = f"Shots {other} and {shot.number} stand in the same set-up, and shot {shot.number} is {' and '.join(said)}. If nobody moved a lamp on purpose, they are one room; if the day moved, let it be seen to move."
            yield Idea(
                critic="gaffer", on=f"cut:{shot.number}", text=text, facts=facts, offer=_cdl(case, shot, stops), away=False,
                gives_up="The light that was there, if it was the day's and not the camera's.",
            )  # fmt: skip


def _cdl(case: Case, shot: Shot, stops: list[float]) -> Offer:
    """Slope and power of each channel that bring it to the other shot's light."""
    made = [curve(one) for one in stops]
    text = f"{' '.join(f'{one.slope:.6f}' for one in made)} ; {' '.join(f'{one.power:.6f}' for one in made)}"
    return Offer(kind="cdl", name=f"{case.version} shot {shot.number} {shot.file.rsplit('/', 1)[-1].rsplit('.', 1)[0]}", text=text)


def _faces(case: Case) -> Iterator[Idea]:
    """Faces of one scene, looking to one side, that are lit from different sides or with another contrast: each against the scene's first."""
    first: dict[tuple[str, bool], Shot] = {}
    for shot in case.shots:
        looks = case.number(f"cut:{shot.number} face looks")
        key = case.number(f"cut:{shot.number} key stops")
        if shot.scene is None or looks is None or key is None or abs(looks) < TURNED:
            continue
        other = first.setdefault((shot.scene, looks > 0), shot)
        before = case.number(f"cut:{other.number} key stops") or 0.0
        if other is shot:
            continue
        turned = key * before < 0 and min(abs(key), abs(before)) >= KEYED_STOPS
        if not turned and abs(abs(key) - abs(before)) < HARD_STOPS:
            continue
        facts = case.cite([f"cut:{one.number} {what}" for one in (other, shot) for what in ("uses", "scene", "face looks", "key stops")])
        if facts is None:
            continue
        room = f"Shots {other.number} and {shot.number} are one room, and both faces look the same way"
        if turned:
            text = f"{room}; the key comes from the {_side(before)} in the one and from the {_side(key)} in the other. Which lamp is it? A window or a practical in the wide would say."
        else:
            text = f"{room}; one is lit {abs(before):.1f} stops from bright side to dark side, the other {abs(key):.1f}. Either the fill left, or the scene turned: decide which."
        yield Idea(critic="gaffer", on=f"cut:{shot.number}", text=text, facts=facts, gives_up="A face that is easy to read, or one that is not.", away=False)


def _side(stops: float) -> str:
    return "left" if stops > 0 else "right"


critic = Critic(name="gaffer", version=1, run=run, seat="gaffer", says="the light of shots that stand in one room")
