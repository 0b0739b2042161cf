"""`groupbot groups`: which chats the bot is bound to."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from groupbot.cli import opened

KINDS = ("department", "mirror", "communications", "committee")


@click.group()
def groups() -> None:
    """Which chats the bot is bound to."""


@groups.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("code", required=False)
@click.option("--telegram", metavar="CHAT_ID", help="The Telegram chat, as -1001234567890.")
@click.option("--matrix", metavar="ROOM_ID", help="The Matrix room, as !abc:server.")
@click.option("--title", default="", help="What the group is called.")
@opened.options
def bind(kind: str, code: str | None, database: str, pack: str | None, **given: str | None) -> None:
    """Bind a chat as the KIND of group it is; a department's group needs the department's CODE."""
    from groupbot.cli.packs import jurisdiction
    from groupbot.records import Group
    from groupbot.store import people
    from groupbot.store.database import IntegrityError

    county, now = jurisdiction(pack), datetime.now(UTC)
    if (kind == "department") != (code in county.protocol.departments):
        wanted = f"one of {', '.join(county.protocol.departments)}" if kind == "department" else "no code"
        raise click.ClickException(f"a group of kind {kind} needs {wanted}")
    chats = [(platform, given[platform] or "") for platform in ("telegram", "matrix") if given[platform]]
    if not chats:
        raise click.ClickException("which chat? give --telegram CHAT_ID or --matrix ROOM_ID")
    bound = [Group(0, *chat, kind, given["title"] or "", code) for chat in chats]  # type: ignore[arg-type]
    try:
        with opened.store(database) as store:
            store.write_tx(lambda tx: [people.bind_chat(tx, county.id, group, now) for group in bound])
    except IntegrityError as error:
        raise click.ClickException("that chat is bound already; `groupbot groups list` shows as what") from error
    for group in bound:
        click.echo(f"{group.platform} {group.chat_id}: {kind}{f' {code}' if code else ''}")


@groups.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each group.")
@opened.options
def list_(*, as_json: bool, database: str, pack: str | None) -> None:
    """The groups that are bound, private chats left out."""
    from groupbot.cli.packs import jurisdiction
    from groupbot.store.people import load_roster

    county = jurisdiction(pack)
    with opened.store(database) as store:
        roster = store.read(lambda tx: load_roster(tx, county.id))
    for kind in KINDS:
        for group in roster.groups(kind):
            record = {"platform": group.platform, "chat_id": group.chat_id, "kind": kind, "code": group.service_code}
            text = " ".join(str(value) for value in (*record.values(), group.title) if value)
            click.echo(json.dumps(record, ensure_ascii=False) if as_json else text)
