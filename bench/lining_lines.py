"""What is spoken in `bench/lining.py`: spots with slots. The first wording of a slot is the script's, the others are what gets said."""

from __future__ import annotations

#: (spot, character or None for the voice-over, line). A slot is {kind: script | said | said ...}
SPOTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("NOAH", "Morning starts before the light does."),
        ("NOAH", "{number: Four | Five | Fourteen | Forty} minutes. That is all I ask."),
        ("NOAH", "My sister {name: Helen | Ellen | Hannah | Karen} never liked the old machine."),
        ("", "{name: Larkfield | Marshfield | Larkspur | Clarkson}. Roasted slowly, poured once. {number: Two | Three | Four | Nine} hundred grams."),
        ("", "With {number: forty | fourteen | fifty | thirty} percent less acid than before."),
    ),
    (
        ("MAYA", "You {claim: can | cannot | could | should} wash it at sixty degrees."),
        ("MAYA", "I bought mine from {name: Daniel | David | Dennis | Nathan} nineteen years ago."),
        ("MAYA", "It still looks {claim: new | old | good | fine} every single morning."),
        ("", "Every jacket is {claim: waterproof | windproof | fireproof | weatherproof}, {claim: guaranteed | tested | certified | inspected} for life."),
        ("", "Only {number: ninety | nineteen | eighty | seventy} dollars this weekend."),
    ),
    (
        ("OMAR", "We drove {number: sixteen | sixty | fifteen | six} hours to get here."),
        ("OMAR", "The brakes {claim: never | nearly | always | rarely} failed on any mountain."),
        ("OMAR", "Ask {name: Victoria | Virginia | Valerie | Veronica} at the garage, she will tell you."),
        ("", "The new {name: Brightwell | Bright wood | Bardwell | Blackwell}. {number: Seven | Eleven | Eight | Five} seats, one promise."),
        ("", "Saves {claim: more | less | some | no} fuel in the city."),
    ),
    (
        ("ANNA", "The doctor said it {claim: reduces | removes | prevents | relieves} the pain."),
        ("ANNA", "Take {number: one | two | four | five} tablet after breakfast with a glass of water."),
        ("ANNA", "Since {name: March | May | August | April} I have slept through the night."),
        ("", "{claim: Clinically | Carefully | Critically | Completely} tested on {number: three | thirteen | eight | nine} hundred people."),
        ("", "It {claim: may | will | must | might} help you to sleep."),
    ),
    (
        ("LEO", "My account was open in {number: eight | eighteen | eighty | ten} minutes."),
        ("LEO", "There {claim: are no | are low | are few | are some} hidden fees on the card."),
        ("LEO", "I moved to {name: Boston | Austin | Dallas | Denver} and the bank moved with me."),
        ("", "{name: Fairmont | Belmont | Fremont | Vermont} Bank. {number: Twelve | Twenty | Ten | Eleven} thousand people changed last year."),
        ("", "Your savings are {claim: always | almost | mostly | really} safe with us."),
    ),
    (
        ("RUTH", "The children ask for it {claim: every | any | most | some} day after school."),
        ("RUTH", "There is {claim: only | nearly | really | hardly} fruit in it, nothing else."),
        ("RUTH", "Uncle {name: Robert | Albert | Herbert | Gilbert} eats it straight from the jar."),
        ("", "{name: Hazelton | Hamilton | Middleton | Huntington} farm. Grown within {number: thirty | thirteen | forty | fifty} miles of your kitchen."),
        ("", "Made {claim: without | with | using | from} sugar since {number: nineteen | eighteen | seventeen | sixteen} hundred and two."),
    ),
)

#: What an actor says that nobody wrote.
AD_LIBS = (
    "And nobody wants anything from me.", "Maybe that is too much.", "Look at that bird over there.", "I had a dog like that once.", "Honestly, who does that?",
    "The neighbors are at it again.", "Oh, I love this song.", "Come on, sit down with me.", "My feet are freezing out here.", "What a strange little house.",
)  # fmt: skip
#: What the crew says between "cut" and the next slate.
REMARKS = (
    "That's the one.", "Let's do a safety.", "Good. One more.", "Keep that, moving on.", "Beautiful. Going again for sound.", "I like the pause before the name.",
    "No good for focus.", "Print that one.", "A little faster next time.", "We had a plane over the second line.", "That was lovely, really lovely.",
    "Check the gate please.", "Same again but slower.", "She looked at the lens.", "Circle that.", "The first half was better.",
)  # fmt: skip
#: For real readers: what was read, and what the script is made to say instead.
CHANGES = (
    ("Six", "Sixteen"), ("five", "nine"), ("Bob", "Rob"), ("three", "thirteen"), ("Wednesday", "Tuesday"), ("brother", "mother"), ("fresh", "frozen"), ("thick", "thin"),
    ("high", "wide"), ("two", "ten"), ("long", "short"), ("round", "broad"), ("beyond", "behind"), ("gold", "coal"), ("friends", "parents"), ("man", "woman"),
    ("Norsemen", "Romans"), ("bridge", "ridge"), ("earth", "north"), ("sky", "city"), ("gods", "goats"), ("physicists", "chemists"), ("reflection", "deflection"),
    ("refraction", "reaction"), ("Many", "Few"), ("complicated", "simple"), ("size", "number"), ("width", "weight"), ("increases", "decreases"), ("primary", "secondary"),
    ("number", "member"), ("red", "blue"), ("second", "seventh"), ("green", "gray"), ("first", "third"), ("wide", "narrow"), ("yellow", "purple"), ("common", "rare"),
    ("little or no", "plenty of"), ("Stella", "Bella"), ("store", "station"), ("small", "smart"), ("snake", "stake"), ("big", "pink"), ("frog", "dog"), ("kids", "cats"),
    ("prism", "prison"), ("Printing", "Painting"), ("only", "other"), ("modern", "moderate"), ("Chinese", "Japanese"), ("centuries", "decades"), ("Netherlands", "Highlands"),
    ("twentieth", "thirtieth"), ("Philip", "Phillis"), ("Author", "Owner"), ("Tom", "John"), ("almost", "always"), ("dog", "duck"), ("country", "company"), ("train", "tram"),
    ("never", "ever"), ("child", "girl"),
)  # fmt: skip
