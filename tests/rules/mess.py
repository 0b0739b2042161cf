"""Tidy forms made messy, with what must be read known beforehand: the mess of phones, habits and haste, by chance.

A `Mess` is one sender's way of writing: which labels, what stands between label and value, between fields, around it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LABELS = {
    "ward": ("Ward", "Wadi", "Kata", "Wodi"),
    "location": ("Location", "Place", "Village", "Area", "Site", "Mahali", "Eneo", "Kijiji"),
    "problem": ("Problem", "Issue", "Complaint", "Description", "Shida", "Tatizo", "Lalamiko"),
    "priority": ("Priority", "Urgency", "Level", "Kipaumbele"),
    "reporter_name": ("Citizen", "Name", "Reporter", "Reported by", "Complainant", "Jina", "Mwananchi"),
    "reporter_phone": ("Phone", "Tel", "Contact", "Mobile", "Simu", "Nambari"),
    "channel": ("Channel", "Source", "Via", "Njia", "Kupitia"),
}
LETTERS = {"ward": "W", "location": "L", "problem": "P"}
VALUES = {
    "ward": ("Endo", "Kapsowar", "Soy North", "Lelan", "Arror", "Metkei", "Sengwer", "Tambach"),
    "location": (
        "Kaben primary school",
        "Tot dispensary",
        "Kamogich, near the dip",
        "Biretwo junction",
        "kwa soko la Chesoi",
        "Kipsaos",
        "the bridge after Cheptebo",
        "Kapkobil sec school gate",
        "Chugor village next to the AIC church",
    ),
    "problem": (
        "no water for two weeks, women walk to the river",
        "borehole pump has broken down",
        "maji hayatoki tangu jumatatu",
        "the nurse left at 2pm and patients were sent home",
        "culvert washed away. Lorries cannot pass",
        "daraja limebomoka watoto hawaendi shule",
        "street lights are off since Easter",
        "choo cha shule kimejaa - watoto wanaugua",
        "bursary cheque not received by 14 students",
        "Armyworms have eaten the maize",
    ),
    "priority": ("Urgent", "urgent", "Emergency", "Routine", "haraka", "kawaida", "high", "HARAKA"),
    "reporter_name": ("Jane Kiptoo", "mama Chebet", "Mr. Daniel Komen", "Mzee Kibet", "Rael J. Kosgei"),
    "reporter_phone": ("0712345678", "+254 712 345 678", "0712 345 678", "0112-345-678", "254712345678"),
    "channel": ("walk-in", "phone call", "baraza", "SMS", "WhatsApp"),
}
LEVELS = {"urgent": "urgent", "haraka": "urgent", "high": "urgent", "emergency": "emergency"}
HEADERS = ("", "", "SERVICE REQUEST", "*SERVICE REQUEST*", "Service feedback request", "OMBI LA HUDUMA")
GREETINGS = ("", "", "Good morning team", "Habari za asubuhi", "Hello, please assist", "Hi all.")
THANKS = ("", "", "Thanks", "Asante sana", "Regards, ward admin")
EXPORT = "[12:03, 04/03/2026] Chebet: "

# Between a label and its value.
MARKS = (
    ": ",
    ":",
    " : ",
    " - ",
    "- ",
    " – ",
    "-",
    " = ",
    "=",
    ":- ",
    " >> ",
    "; ",
    ". ",
    " :",
    " -> ",
    "\n",
    ":\n",
    " ",
)
# Between fields; the first ones are what most people do.
JOINS = ("\n", "\n", "\n", "\n\n", " | ", "; ", " / ", ", ", ". ", " - ", "  ", " ")
DECOR = ("", "", "", "- ", "* ", "• ", "➡️ ", "> ", "1. ", "1) ", "*")
SPELLING = ("right", "right", "lower", "upper", "slip", "short", "letter", "mixed")


@dataclass(frozen=True, slots=True)
class Mess:
    """One way of writing a form."""

    mark: str
    join: str
    decor: str
    spelling: str
    shuffled: bool
    header: str
    greeting: str
    thanks: str
    exported: bool


def a_mess(chance: random.Random) -> Mess:
    """A way of writing that somebody may have; no two fields on one line with values on the next."""
    mark, join = chance.choice(MARKS), chance.choice(JOINS)
    one_line = "\n" not in join
    decor = "" if one_line else chance.choice(DECOR)
    spelling = chance.choice(SPELLING)
    if one_line and "\n" in mark:
        mark = ": "
    if one_line and mark.strip() == join.strip():
        join = " | "
    return Mess(
        mark,
        join,
        decor,
        spelling,
        chance.random() < 0.4,
        chance.choice(HEADERS),
        chance.choice(GREETINGS),
        chance.choice(THANKS),
        chance.random() < 0.15,
    )


def a_form(chance: random.Random) -> dict[str, str]:
    """A citizen's need, field by field."""
    fields = ["location", "problem"]
    for code, likely in (
        ("ward", 0.8),
        ("priority", 0.6),
        ("reporter_name", 0.5),
        ("reporter_phone", 0.4),
        ("channel", 0.2),
    ):
        if chance.random() < likely:
            fields.append(code)
    return {code: chance.choice(VALUES[code]) for code in VALUES if code in fields}


def written(form: dict[str, str], mess: Mess, chance: random.Random) -> str:
    """The form as somebody with these habits types it."""
    codes = list(form)
    if mess.shuffled:
        chance.shuffle(codes)
    parts = []
    for number, code in enumerate(codes, 1):
        label = _spelt(code, mess, chance)
        decor = mess.decor.replace("1", str(number))
        after = "*" if decor == "*" else ""
        parts.append(f"{decor}{label}{after}{mess.mark}{form[code]}")
    body = mess.join.join(parts)
    around = [mess.header, mess.greeting] if chance.random() < 0.5 else [mess.greeting, mess.header]
    text = "\n".join(part for part in (*around, body, mess.thanks) if part)
    return EXPORT + text if mess.exported else text


def _spelt(code: str, mess: Mess, chance: random.Random) -> str:
    label = chance.choice(LABELS[code])
    spelling = mess.spelling if mess.spelling != "mixed" else chance.choice(("right", "lower", "slip"))
    if spelling == "letter" and code in LETTERS:
        return LETTERS[code]
    if spelling == "lower":
        return label.lower()
    if spelling == "upper":
        return label.upper()
    if spelling == "slip" and len(label) >= 5:
        at = chance.randrange(1, len(label) - 1)
        return (
            label[:at] + label[at + 1 :]
            if chance.random() < 0.5
            else label[:at] + label[at + 1] + label[at] + label[at + 2 :]
        )
    if spelling == "short" and len(label) >= 6:
        return label[:4]
    return label


def gold(form: dict[str, str], ward: str) -> dict[str, str]:
    """What must be read of the form when the sender's ward is `ward`."""
    right = {"ward": ward, **form}
    if "priority" in right:
        right["priority"] = LEVELS.get(right["priority"].lower(), "routine")
    if "reporter_phone" in right:
        digits = "".join(filter(str.isdigit, right["reporter_phone"]))
        right["reporter_phone"] = "+254" + digits[-9:]
    return right
