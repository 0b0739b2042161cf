"""The metadata of files that people sent, and the requests they belong to."""

from __future__ import annotations

from datetime import datetime

from groupbot.records import Update, micros
from groupbot.store.database import Tx


def add(tx: Tx, update: Update) -> None:
    """Keep what is known of a message's files; they belong to no request yet."""
    for item in update.attachments:
        tx.execute(
            "INSERT INTO attachment(platform, chat_id, message_id, album_id, kind, file_id, name, size, sender_id,"
            " sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                update.platform,
                update.chat_id,
                update.message_id,
                update.album_id,
                item.kind,
                item.file_id,
                item.name,
                item.size,
                update.sender_id,
                micros(update.sent_at),
            ),
        )


def replace(tx: Tx, update: Update) -> None:
    """Put the file of an edit in the place of the message's own, which has one where a platform lets it be edited.

    A message whose file is erased, or that never had one, gets none.
    """
    for item in update.attachments[:1]:
        tx.execute(
            "UPDATE attachment SET kind = ?, file_id = ?, name = ?, size = ?"
            " WHERE platform = ? AND chat_id = ? AND message_id = ?",
            (item.kind, item.file_id, item.name, item.size, update.platform, update.chat_id, update.message_id),
        )


def join(tx: Tx, update: Update, request_id: int, since: datetime) -> None:
    """Give a request the files of its post, of its album, and its poster's unclaimed ones of that chat since then."""
    tx.execute(
        "UPDATE attachment SET request_id = ? WHERE request_id IS NULL AND platform = ? AND chat_id = ?"
        " AND (message_id = ? OR (album_id <> '' AND album_id = ?) OR (sender_id = ? AND sent_at >= ?))",
        (
            request_id,
            update.platform,
            update.chat_id,
            update.message_id,
            update.album_id,
            update.sender_id,
            micros(since),
        ),
    )


def join_message(tx: Tx, update: Update, request_id: int) -> None:
    """Give a request the files of one message."""
    tx.execute(
        "UPDATE attachment SET request_id = ? WHERE platform = ? AND chat_id = ? AND message_id = ?",
        (request_id, update.platform, update.chat_id, update.message_id),
    )


def join_album(tx: Tx, update: Update) -> None:
    """Give an album's new part to the request that another part of it belongs to already."""
    found = tx.scalar(
        "SELECT request_id FROM attachment WHERE platform = ? AND chat_id = ? AND album_id = ?"
        " AND request_id IS NOT NULL LIMIT 1",
        (update.platform, update.chat_id, update.album_id),
    )
    if found is not None:
        join_message(tx, update, int(found))


def of_request(tx: Tx, request_id: int) -> list[tuple[str, str]]:
    """The (kind, file id) of a request's files, in the order they were sent."""
    rows = tx.all("SELECT kind, file_id FROM attachment WHERE request_id = ? ORDER BY id", (request_id,))
    return [(str(kind), str(file_id)) for kind, file_id in rows]
