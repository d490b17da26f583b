"""No page tells anybody what to type."""

from __future__ import annotations

import pytest

from answerprint.room.words import on_a_page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("master has no cut yet. Name it: answerprint choose film:master cuts/FILE", "master has no cut yet."),
        ("there are no attempts to cut from yet. Run `answerprint prep` first.", "there are no attempts to cut from yet."),
        ("Jo Lund is on the crew already. For another key of theirs say --same; for somebody else, write the name so.", "Jo Lund is on the crew already."),
        ("nothing is known of the takes until the shoot is prepared by this version: answerprint prep FOLDER", "nothing is known of the takes until the shoot is prepared by this version."),
        ("what does Jo do? Say --role, with one of: editor.", "what does Jo do?"),
        ("O1 by Mara Voss: “Say --same. Or type answerprint prep.” Somebody answers it.", "O1 by Mara Voss: “Say --same. Or type answerprint prep.” Somebody answers it."),
        ("O1 by Mara Voss: “This curtain -- the left one -- fights the cup.” Somebody answers it.", "O1 by Mara Voss: “This curtain -- the left one -- fights the cup.” Somebody answers it."),
    ],
)
def test_a_sentence_of_the_house_has_no_command_on_a_page(said, shown):
    assert on_a_page(said) == shown
