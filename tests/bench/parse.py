"""Reading a post's labels: groupbot's whole reading against a dictionary with difflib, on the same texts by turns."""

from __future__ import annotations

import statistics

from groupbot import protocol
from groupbot.rules.readings import Vocabulary, read_post
from tests.bench import floors
from tests.bench.laps import Measures
from tests.bench.text import posts, with_slips

CHUNK = 50  # posts read by one before the other takes its turn


def measure(count: int) -> Measures:
    """Time per post, clean and with slips, and the share of posts read right (six values; ward to telephone)."""
    vocabulary = Vocabulary.of(protocol.load(protocol.locate("ke-elgeyo-marakwet")))
    made = list(posts(count))
    texts = {"clean": [post.text for post in made], "slips": with_slips([post.text for post in made])}

    def read(text: str) -> object:
        return read_post(text, vocabulary, sender_role="ward_admin", sender_ward=None)

    for text in texts["clean"][:CHUNK]:  # the first reading loads telephone numbers
        read(text)
    found: Measures = {}
    for kind, all_texts in texts.items():
        chunks = [all_texts[start : start + CHUNK] for start in range(0, count, CHUNK)]
        turns = [(floors.parse(chunk, read), floors.parse(chunk, floors.read_labels)) for chunk in chunks]
        found[kind] = statistics.median(ours["each"] for ours, _ in turns)
        found[f"{kind}_floor"] = statistics.median(floor["each"] for _, floor in turns)
        right = [_is_right(text, post.values, vocabulary) for text, post in zip(all_texts, made, strict=True)]
        found[f"{kind}_right"] = sum(right) / count
        values = [floors.read_labels(text) == post.values for text, post in zip(all_texts, made, strict=True)]
        found[f"{kind}_floor_right"] = sum(values) / count
    return found


def _is_right(text: str, values: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    reading = read_post(text, vocabulary, sender_role="ward_admin", sender_ward=None)
    if reading.kind != "request" or len(reading.forms) != 1:
        return False
    form = reading.forms[0]
    ward, location, problem, _, name, phone = values
    said = (form.ward, form.location, form.problem, form.reporter_name, form.reporter_phone)
    return said == (ward, location, problem, name, f"+254{phone[1:]}") and form.priority is not None
