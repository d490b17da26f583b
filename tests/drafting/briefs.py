"""Three briefs in three habits - headings and tables, capitals and stars, a letter - and prose as a service writes it."""

from __future__ import annotations

from collections.abc import Iterator

from answerprint import briefing
from answerprint.drafting.making import parted
from answerprint.drafting.treatment import lay
from answerprint.passages import Piece

BEER = """\
# Nordbrew Zero: "Drive home"

**Client:** Nordbrew AS
**Agency:** Kaldt & Varmt, Bergen
**Product:** Nordbrew Zero, an alcohol-free pilsner in a 33 cl can

## 1. Background
Alcohol-free beer is bought by people who drive. They say it tastes of a compromise. Nordbrew Zero is brewed as the pilsner is, and the alcohol is taken out cold.

## 2. Target audience
Women and men of 28 to 45 in towns, who would have one beer if they did not have to drive.

## 3. Key message
The one you can have and still drive home.

## Tone of voice
- Dry. Funny in the second look, never in the first.
- Norwegian winter, not Christmas.

## Must-haves
- The can, opened in picture, with its sound
- A pour into a glass, head of two fingers
- The drive home at night
- The line "Kjør hjem." spoken once
- Nobody who looks younger than 25

## Mandatories
- "0.0 % vol." legible for 3 s
- Logo end card, 2 s
- No car brand may be seen

## Deliverables
| Version | Length | Shape |
|---|---|---|
| TV and online | 30 s | 16:9 |
| Social | 15 s | 9:16 |
| Bumper | 6 s | 16:9, 1:1 |

## Budget
EUR 84,000, without usage

## Timing
| Pre-production meeting | 11 January 2027 |
| Shoot | Tuesday 19 January 2027 |
| First cut | 27 January 2027 |
| On air | 1 March 2027 |
"""

HOSPICE = """\
BRIEF - Harbour Hospice spring appeal

CLIENT
Harbour Hospice, a charity of 60 beds in Cork. Contact: Aoife Daly.

BACKGROUND
Every spring we write to eleven thousand people. Last year 4 % gave something.
People think a hospice is where you go to die. Most of our guests go home again.

WHO ARE WE TALKING TO?
People over fifty who have sat at a bedside once.

WHAT DO WE WANT THEM TO DO?
Ring us, or give 25 euro a month.

TONE
Warm, plain. No piano, please.

MUST HAVES
* Real guests and real nurses, no actors
* The garden
* The phone number, long enough to write down

DON'TS
* No crying
* Nobody in bed

BUDGET: TBC
TIMING
Shoot before Easter, online Friday 3 April 2027. Final delivery 03/04/2027.

Length
60 seconds, and something for Facebook
"""

BIKE = """\
---
client: Veloce
product: Veloce Cargo, an electric cargo bike
---

Hi Mara, as discussed on the phone. We need something for the launch of the cargo bike, it should be a bit crazy. The bike carries 120 kg and two children. Think of the ad with the gorilla. We have around 12k and can shoot in our shop in Utrecht. Instagram mostly.

Needs to be done by the end of May!

Thanks
Joost
"""

BRIEFS = {"beer": BEER, "hospice": HOSPICE, "bike": BIKE}

PROSE = """\
## Idea
A woman leaves a party with a can in her hand and nobody stops her. She is the only one who will drive, and the only one who drinks. The film never explains why that is allowed.

## Tone
Dry as a bone, and kind underneath. Nobody winks at the camera. If a joke needs a second look, it gets one.

## Story
It starts on the stairs of a house where somebody else is still laughing. Keys, coat, a wet street, the small sound of the ring pull. At the crossing a patrol car draws level with her. The officer looks at the can, and she looks at the officer. He asks for the line, and she gives it to him. Then the light turns green for both of them.

## Characters
She is thirty-four, a nurse after a double shift who came for one hour. He has a cold and four more hours to go. They will never meet again, and they both know it.

## Look
Long lenses from across the road, as if we had no business being there. Sodium orange outside and a cold blue from the dashboard.

## Light
One practical in the car, everything else from the street. What the street does not reach stays black.

## Sound
No score. The wipers keep time, and the ring pull is the loudest thing in the film.

## Edit
Eleven shots in thirty seconds, and the look between the two of them takes six of those seconds.

## References
The parking scene of a small Danish film, for how long it waits. A photograph of a petrol station seen through rain.

## What could go wrong
Real rain on a real crossing at night means one direction and no second chance. A driver with a can in her hand is a picture that a lawyer has to like.
"""


def pages() -> Iterator[tuple[str, tuple[Piece, ...], str]]:
    """(name, the passages that no person wrote, the brief): each brief laid out, and the first one with prose. Each passage once, and none of one or two words."""
    for name, text in BRIEFS.items():
        yield name, _once(lay(briefing.read(text.encode())).pieces), text
    written = {section: (words, "writer", "") for section, words in parted(PROSE).items()}
    yield "beer, with prose", _once(lay(briefing.read(BEER.encode()), written=written).pieces), BEER


def _once(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple({one.words: one for one in pieces if len(one.words) > 2}.values())
