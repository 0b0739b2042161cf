"""A reply to a line of the bot whose fate was unknown: it arrived, under the id that the reply names.

Telegram tells nobody afterwards whether a message arrived that was cut off half-way; a reply to it does.
"""

from __future__ import annotations

from groupbot.delivery import outcomes
from groupbot.moment import Moment
from groupbot.store import outbox, requests


def adopt(moment: Moment) -> None:
    """Know the replied-to line of the bot by its id, if that was unknown; it is not said once more then."""
    update = moment.update
    if not update.reply_to or not update.reply_text:
        return
    message = (update.platform, update.chat_id, update.reply_to)
    if requests.is_linked(moment.tx, *message):
        return
    said = update.reply_text.strip()
    for notice in outbox.unsure(moment.tx, update.platform, update.chat_id):
        if notice.text and said.endswith(notice.text.strip()):  # a repeated one has words before
            outcomes.arrived(moment.tx, (notice, *outbox.merged(moment.tx, notice)), message, moment.now)
            if notice.state in ("unknown", "parked"):
                outbox.mark_sent(moment.tx, notice, update.reply_to, moment.now)
            return
