"""A reaction under a line of the bot that asks something: the pack's marks for YES and NOT YET answer it.

Only those marks, and only by the person who is asked: a thumb up means "seen" to most people, and is no answer.
"""

from __future__ import annotations

from dataclasses import replace

from groupbot import moves
from groupbot.intake import replies, taking
from groupbot.moment import Moment
from groupbot.rules import lifecycle
from groupbot.store import requests


def take(moment: Moment) -> None:
    """Take a mark as the word that it stands for; anything else does nothing."""
    word = moment.jurisdiction.word_of_mark(moment.update.text)
    update = moment.update
    if word is None or moment.person is None:
        return
    message = (update.platform, update.chat_id, update.message_id)
    moment.update = replace(update, text=word, reply_to=update.message_id)
    if taking.by_reply(moment):
        return
    found = requests.by_message(moment.tx, *message)
    asked = len(found) == 1 and found[0].state == "answered" and requests.said_by_bot(moment.tx, *message)
    if asked and set(lifecycle.CITIZEN_SIDE) & set(moves.held(moment, found[0])):
        replies.take(moment)
