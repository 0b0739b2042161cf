"""A post's text -> its drafts and what surrounds them; drafts share what is written once above all of them."""

from __future__ import annotations

from groupbot.rules.readings.drafts import Draft, Post
from groupbot.rules.readings.forms import assemble
from groupbot.rules.readings.lines import cut
from groupbot.rules.readings.vocabulary import Vocabulary

# Above the first form these hold for each; a place or a problem is always a form's own.
_SHARED = ("ward", "priority", "reporter_name", "reporter_phone", "channel", "location")


def parse(text: str, vocabulary: Vocabulary) -> Post:
    """Take a post apart. Any text gives a Post; one without labels has no drafts."""
    post = assemble(cut(text, vocabulary.labels), vocabulary)
    if len(post.drafts) > 1:
        _share(post.drafts)
    return post


def _share(drafts: list[Draft]) -> None:
    """Give every form what stands in the first one before the label that opens the second."""
    first = drafts[0].order
    opener = next((code for code in drafts[1].order if code in first), None)
    above = first[: first.index(opener)] if opener else []
    for draft in drafts[1:]:
        for code in _SHARED:
            if code in above and not draft.texts.get(code):
                draft.texts[code] = drafts[0].texts[code]
