"""`groupbot groups`: which chats the bot is bound to."""

from __future__ import annotations

import json

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
    for line in opened.order(database, pack, "groups.bind", {"kind": kind, "code": code, **given}):
        click.echo(line)


@groups.command()
@click.option("--telegram", metavar="CHAT_ID", help="The mirror's Telegram chat.")
@click.option("--matrix", metavar="ROOM_ID", help="The mirror's Matrix room.")
@click.option("--by", required=True, metavar="NAME", help="Who asks: an operator or one of communications.")
@click.option("--reason", required=True, help="Why; the mirror's readers are told. Name nobody.")
@opened.options
def unbind(database: str, pack: str | None, **given: str | None) -> None:
    """Ask that a mirror end. Its readers are told; it ends when a second person says YES in communications' group."""
    for line in opened.order(database, pack, "groups.unbind", given):
        click.echo(line)


@groups.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each group.")
@opened.options
def list_(*, as_json: bool, database: str, pack: str | None) -> None:
    """The groups that are bound, private chats left out."""
    from groupbot.cli.packs import jurisdiction
    from groupbot.store.people import load_roster

    county = jurisdiction(pack)
    with opened.reading(database) as store:
        roster = store.read(lambda tx: load_roster(tx, county.id))
    for kind in KINDS:
        for group in roster.groups(kind):
            record = {"platform": group.platform, "chat_id": group.chat_id, "kind": kind, "code": group.service_code}
            text = " ".join(str(value) for value in (*record.values(), group.title) if value)
            click.echo(json.dumps(record, ensure_ascii=False) if as_json else text)
