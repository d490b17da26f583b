"""The same ideas told in other words, for two of the briefs: what a measure of meaning has to hear as one, and what it has to keep apart.

Each idea is told by three hands, who were to use none of another's phrases. The ideas of one brief share its product, as concepts do.
"""

from __future__ import annotations

__all__ = ["TELLINGS"]

BEER = {
    "patrol": (
        "A patrol car pulls level with her at the lights. The officer sees a beer in her hand. She holds his gaze and takes a sip. He lets her go, because it is Zero.",
        "Police beside a young driver, waiting for green. He stares at what she drinks. Unhurried, she swallows and smiles. Nothing happens: there is no alcohol in it.",
        "At the crossing, a constable notices a woman drinking behind the wheel. We expect handcuffs. Instead he nods, since the label says nought point nought.",
    ),
    "last one at the party": (
        "Everybody at the party is drunk, and gets blurrier by the hour. One guest stays sharp. At dawn he is the only one who remembers anything, and he drives them home one by one.",
        "A long night among friends in which all but one lose their words, their shoes and their memory. The clear-headed one collects them in his van when the sun comes up.",
        "As the evening goes on the picture goes out of focus around a single man who stays in it. Later he is the taxi for the whole lot.",
    ),
    "brewer": (
        "The brewmaster works through the night to freeze the alcohol out. He tastes, shakes his head, pours it away. Batch ninety is the one. He drives home with it.",
        "Eighty-nine failures in copper tanks. An old craftsman never speaks, he only tries once more. When at last he keeps his glass, he can still take the car.",
        "We watch somebody who makes the stuff refuse his own work again and again, until he likes what he has in front of him and locks up for the day.",
    ),
    "the ring pull": (
        "We only hear it: in a silent winter town a can is opened, and every window lights up. People come out in coats, with their car keys.",
        "One crack of metal wakes a whole snowed-in street. Lamps go on, doors open, neighbours step outside and start their engines.",
        "A tiny noise carries across roofs and frozen gardens. Whoever hears it gets out of bed, dresses, and goes to where it came from.",
    ),
    "the car tells": (
        "The car itself is the narrator. It has waited outside pubs for ten years and was always left there overnight. Tonight, for the first time, it is taken along.",
        "Told by an old station wagon, tired of car parks and of being fetched next morning with an apology. This evening its owner comes back out and turns the key.",
        "A vehicle speaks of loneliness: rain on its bonnet while others laugh indoors. Then he returns before midnight, and it can hardly believe it.",
    ),
    "the breathalyser": (
        "A breath test becomes a love scene. Two officers, one machine, and a man who blows zero again and again because he likes the attention.",
        "He keeps driving round the block to be stopped by the same policewoman and to blow into her little device. She knows. The display always says none.",
        "Romance at a checkpoint: each weekend a sober motorist queues for a test he cannot fail, for thirty seconds with the person who holds the tube.",
    ),
    "grandfather": (
        "A grandson asks his grandfather to teach him to drive. On the passenger seat the old man has a cold one. The boy does everything wrong, and grandad just enjoys himself.",
        "A first lesson at the wheel, seen from beside it: an elderly relative, at ease, beer in hand, while a teenager stalls, brakes and sweats.",
        "Two generations on a gravel road. The younger one grinds the gears; the elder opens a can and pretends that this is a holiday.",
    ),
    "ice": (
        "A fisherman sits at a hole in the ice and pulls up cans, one after another, never a fish. He shrugs, loads them onto his snow scooter and rides off.",
        "Far out on a frozen lake somebody angles for supper and catches only pilsner. It will do. He packs up and steers back to shore.",
        "What bites in minus twenty is no trout. Patiently a man in fur lands his drink, link by link, and travels home across the white with the haul.",
    ),
    "the toast": (
        "A best man's speech at a wedding gets out of hand, honest and terrible. He is the only one in the room who is sober, and that is his excuse.",
        "Everyone raises a glass of champagne; he raises zero and says what he really thinks of the groom. Nobody can blame the drink.",
        "Clear as a bell, the witness tells all the bride's family the truth. They look for the bottle that did it. There is none.",
    ),
    "nothing but hands": (
        "Only hands, in close-up: on a steering wheel, on a glass, on a shoulder, on a house key. The evening is told by what they hold.",
        "We see fingers and palms and never a face. They greet, pour, toast, say goodbye, start an engine, and find the light switch in the hall.",
        "A whole night out, framed below the chin. Knuckles, wrists, a ring, a wet can: from first handshake to front door.",
    ),
}  # fmt: skip

HOSPICE = {
    "going home": (
        "A suitcase is packed slowly in a sunny room. We think of the worst. Then a woman in her coat carries it out herself, and the nurses wave from the door.",
        "We fear that somebody's things are being cleared away. But she walks to the taxi on her own two feet, and the staff stand outside and see her off.",
        "Clothes folded, a bed stripped, a name taken from the board: the signs are clear, and wrong. The guest is leaving, alive, for her own kitchen.",
    ),
    "the garden's year": (
        "One bench in the garden, from frost to apples. Different people sit on it. Somebody always brings them a blanket or a cup of tea.",
        "Seasons pass over a wooden seat between flower beds. Visitors change, and so do leaves. A hand with something warm enters the frame each time.",
        "Twelve months before a fixed camera outdoors: snow, buds, bees, harvest, and whoever happens to rest there, never left alone for long.",
    ),
    "night nurse": (
        "A night nurse does her round with a torch and whispers with those who cannot sleep: about football, about a dog, about tomorrow's breakfast.",
        "At three in the morning someone in soft shoes goes from room to room. She listens. What is said is ordinary, and that is the point.",
        "Small talk in the dark. Between midnight and light one carer hears of matches lost, of pets, of eggs done properly.",
    ),
    "the bill": (
        "A receipt is read aloud: one bath with music, two hours of holding a hand, one argument about cards. What it costs: twenty-five euro a month.",
        "Item by item a dry voice lists what a donation buys - company, a shave, an opera in the tub - as if it were groceries.",
        "An invoice for kindness: quantities, units, prices. At the foot stands the sum that you could give.",
    ),
    "who is the guest": (
        "Two people play chess and tease each other. Only at the end does one get up to take the other's blood pressure, and it is not who we took it for.",
        "We guess wrongly which of a laughing pair is ill. When the game is over the frail one puts on a uniform and the sturdy one goes to lie down.",
        "A board, two opponents, no clue. Then a stethoscope comes out of the pocket that nobody would have bet on.",
    ),
    "phone number": (
        "The phone number is written everywhere: in chalk on the path, in bean rows, in icing on a cake, by guests who make a game of it.",
        "Those who stay there spell out the digits with whatever is at hand - seedlings, pebbles, buttons - until you know them by heart.",
        "A scavenger hunt for eight figures through rooms and flower beds, laid out by residents with far too much time and glee.",
    ),
}  # fmt: skip

TELLINGS = {"beer": BEER, "hospice": HOSPICE}
