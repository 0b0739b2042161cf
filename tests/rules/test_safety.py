"""Which words say that nobody is in danger any more, and which only look like them. In doubt nobody is safe."""

from __future__ import annotations

import pytest

from groupbot import protocol
from groupbot.rules.readings import Vocabulary
from groupbot.rules.safety import READ_LENGTH, SafetyWords, says_safe

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
WORDS = SafetyWords.of(PACK.words)
VOCABULARY = Vocabulary.of(PACK)

PLAIN = [
    "Everybody is safe, they are in the church",
    "Wote wako salama",
    "That is not true. Everybody in the vehicle is safe. Please do not forward it, we are putting out a notice",
    "Everyone is safe",
    "EVERYONE IS SAFE NOW!!",
    "All are safe, thank you",
    "Nobody is in danger any more",
    "No one is in danger now. We will clear the road tomorrow",
    "Thank God all are safe",
    "I can confirm that everyone is safe",
    "We have moved the families to the school and nobody is in danger",
    "Nobody is hurt, everyone is safe",
    "Everyone is safe, nobody was injured",
    "Do not worry, everybody is safe",
    "They are all safe. Please send a grader to open the road",
    "Watu wote wameokolewa",
    "Asante Mungu, wote wako salama",
    "Watu wote wako salama, wako kanisani",
    "Nathibitisha kuwa hakuna aliye hatarini",
    "Hakuna aliye hatarini tena",
    "Hakuna majeruhi, wote wako salama",
    "Everyone is safe, asanteni",
    "Wote wako salama, thank you all",
    "Good morning. Everyone is safe",
    "It is safe now",
    "Hatari imekwisha, barabara itafunguliwa kesho",
    "The chief has confirmed that all are safe",
    "Update: everybody is safe",
    "Yes, everyone is safe",
    "Yes all are safe",
    "All are safe at the school",
    "Everyone is safe by God's grace",
    "Everyone is safe and the road is open",
]

HOSTILE = [
    "Not everyone is safe",
    "Everyone is safe except the two in the last house",
    "The police say nobody is in danger, but two are trapped",
    "Please confirm nobody is in danger",
    "Confirm nobody is in danger",
    "Hatujui kama wote wako salama",
    "We cannot say that nobody is in danger",
    "If everyone is safe, tell me",
    "Make sure everyone is safe",
    "they will be safe soon",
    "Everyone is safe, I hope",
    "Everyone is safe. But the children have not come home",
    "I pray that everyone is safe",
    "We hope all are safe",
    "Is everyone safe?",
    "Everyone is safe for now but the slope is still moving",
    "Almost everyone is safe",
    "Not all are safe",
    "Nobody is safe there",
    "No one is in danger? I see three people on the roof",
    "It is not true that nobody is in danger",
    "Everyone is safe is a lie",
    "Everyone is safe. That is not true",
    "They say everyone is safe",
    "People are saying that all are safe",
    "I heard that everyone is safe",
    "Maybe everyone is safe",
    "until everyone is safe I stay here",
    "Tell me when everyone is safe",
    "Call me once all are safe",
    "We will leave when everyone is safe",
    "By tomorrow everyone is safe",
    "Everyone is safe tomorrow",
    "Nobody says everyone is safe",
    "Everybody is safe. We have not found the driver",
    "Everybody is safe, two are missing",
    "Everyone is safe only on the upper side",
    "Half of the village, the others, all are safe",
    "One child is out, they are safe; the mother is trapped",
    "All are safe drivers there but nobody knows the road",
    "The landslide goes on, they are safe in the church",
    "Who told you everyone is safe",
    "I do not believe that everyone is safe",
    "I doubt all are safe",
    "Watu hawako salama",
    "Si wote wako salama",
    "Wote wako salama isipokuwa watoto wawili",
    "Hakikisha wote wako salama",
    "Tafadhali thibitisha kuwa wote wako salama",
    "Sijui kama kuna mtu hatarini",
    "Sijui, wote wako salama",
    "Je, wote wako salama",
    "Tunaomba wote wako salama",
    "Wote wako salama lakini mtoto mmoja amepotea",
    "Labda wote wako salama",
    "Wanasema wote wako salama",
    "Wote wako salama, hatujampata mwalimu",
    "Hatuwezi kusema kwamba wote wako salama",
    "Wote wako salama ila mzee wa nyumba ya mwisho",
    "Kama wote wako salama, niambie",
    "Mungu akipenda wote wako salama",
    "Sio kweli kwamba hakuna aliye hatarini",
    "Bado wote wako salama kwa muda",
    "Everyone is safe isipokuwa wawili",
    "Wote wako salama but two are stuck",
    "Please mthibitishe kama everyone is safe",
    "Natumaini everyone is safe",
    "They are safe, we hear, only the last house is unknown",
    "Everybody is safe unless the dam bursts",
    "Assume everyone is safe",
    "We want to hear that everyone is safe",
    "ask them all are safe",
    "Everyone is safe, or so they say",
    "The cows are out and two people are trapped, they are safe for the moment",
    "Two of them are no longer in danger",
    "The driver is no longer in danger",
    "Everyone is safe... I think",
    "Nobody is in danger, pray for us",
    "Let us pray. Everyone is safe",
    "Help us so that everyone is safe",
    "We are digging so everyone is safe by night",
    '"Everyone is safe", says the chief; I see people on the roof',
    "Everybody is safe\nwhere is the driver?",
    "The slope still moves, people wait",
    "Everyone is safe as far as we know",
    "Everyone is safe in the upper houses",
    "All are safe on this side of the river",
    "All is safe to drink",
    "Nobody is in danger yet, come and see",
    "Everyone is safe, we are digging out the old man",
    "Wote wako salama, tunachimba kutoa mzee",
    "Everyone is safe, send an ambulance",
    "Everyone is safe LOL",
    "",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_say_that_nobody_is_in_danger_any_more(text: str) -> None:
    assert says_safe(text, WORDS, VOCABULARY)


@pytest.mark.parametrize("text", HOSTILE)
def test_words_that_ask_deny_doubt_except_or_only_hope_say_nothing_of_the_kind(text: str) -> None:
    assert not says_safe(text, WORDS, VOCABULARY)


def test_a_text_longer_than_any_reply_says_nothing_of_the_kind() -> None:
    assert not says_safe("Everybody is safe. " + "The road is open. " * READ_LENGTH, WORDS, VOCABULARY)
