"""`groupbot doctor`: what stands between the bot and its work, each with the exact remedy. It fetches no updates."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.chat.checks import Finding
    from groupbot.config import Settings
    from groupbot.records import Group

WITH_FIGURES = ("communications", "mirror")  # who is told the figures of each week and month

Look = Callable[["Settings", Sequence["Group"]], AsyncIterator["Finding"]]


@click.command()
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="GROUPBOT_CONFIG",
    help="The settings; default: groupbot.toml, where there is one.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each thing looked at.")
@click.option("--remove-webhook", is_flag=True, help="First take away the Telegram webhook that is set.")
def doctor(config: Path | None, *, as_json: bool, remove_webhook: bool) -> None:
    """Look at the settings, the database, each platform's account and every bound group.

    It says what is wrong and how to mend it; the exit status is 0 only if nothing is. The bot may run meanwhile.
    """
    settings = opened.read(config)
    held = asyncio.run(_look(settings, as_json=as_json, remove_webhook=remove_webhook))
    if not held:
        raise SystemExit(1)


async def _look(settings: Settings, *, as_json: bool, remove_webhook: bool) -> bool:
    from groupbot.chat.checks import Finding
    from groupbot.config import SECRET_FILES, ConfigError

    if remove_webhook:
        await _remove_webhook(settings)
    groups, about = _groups(settings)
    held = _tell("groupbot", about, as_json=as_json)
    for finding in _open_to_others({"database": opened.file_of(settings.database)}):
        held = _tell("groupbot", finding, as_json=as_json)
    if any(group.kind in WITH_FIGURES for group in groups):
        _tell("groupbot", _figures(), as_json=as_json)
    if not settings.has_platform():
        remedy = "add a [telegram] or a [matrix] section to groupbot.toml"
        held = _tell("groupbot", Finding("platforms", "no platform is set", remedy), as_json=as_json)
    for platform, look in LOOKS.items():
        if getattr(settings, platform) is None:
            continue
        try:
            async for finding in look(settings, [group for group in groups if group.platform == platform]):
                held = _tell(platform, finding, as_json=as_json) and held
        except ConfigError as error:
            held = _tell(platform, Finding("settings", "a secret is missing", str(error)), as_json=as_json)
            continue
        files = {name: getattr(getattr(settings, platform), name, None) for name in SECRET_FILES}
        for finding in _open_to_others(files):
            held = _tell(platform, finding, as_json=as_json) and held
    return held


def _open_to_others(files: Mapping[str, Path | None]) -> Iterator[Finding]:
    """What other users of this machine can read: whoever has a token is the bot, and the database is people's words."""
    from groupbot.chat.checks import Finding

    for name, file in files.items():
        if file is not None and file.is_file() and file.stat().st_mode & 0o077:
            yield Finding(name, f"other users of this machine can read {file}", f"chmod 600 {file}")


def _tell(platform: str, finding: Finding, *, as_json: bool) -> bool:
    if as_json:
        record = {"platform": platform, "about": finding.about, "holds": finding.holds, "said": finding.said}
        click.echo(json.dumps({**record, "remedy": finding.remedy}, ensure_ascii=False))
    elif finding.holds:
        click.echo(f"ok    {platform}, {finding.about}: {finding.said}")
    else:
        click.echo(f"MEND  {platform}, {finding.about}: {finding.said}\n      -> {finding.remedy}")
    return finding.holds


def _groups(settings: Settings) -> tuple[list[Group], Finding]:
    """The bound groups, as the database has them; it is only read."""
    from groupbot.chat.checks import Finding
    from groupbot.cli.packs import jurisdiction
    from groupbot.store.people import load_roster

    county = jurisdiction(settings.pack)
    found: list[Group] = []
    if opened.missing(settings.database) is None:  # it may be asked before the first start
        with opened.reading(settings.database) as store:
            roster = store.read(lambda tx: load_roster(tx, county.id))
        kinds = ("department", "mirror", "communications", "committee")
        found = [group for kind in kinds for group in roster.groups(kind)]
    if not found:
        ways = {"telegram": "--telegram CHAT_ID", "matrix": "--matrix ROOM_ID"}
        ours = [way for platform, way in ways.items() if getattr(settings, platform) is not None]
        command = f"groupbot groups bind department CODE {' or '.join(ours or ways.values())}"
        codes = ", ".join(county.protocol.departments)
        return [], Finding("groups", "none is bound", f"{command}; CODE is one of {codes}")
    return found, Finding("groups", f"{len(found)} are bound")


def _figures() -> Finding:
    """Whether the weekly figures can have their picture: the extra for it is nobody's duty."""
    from groupbot.chat.checks import Finding
    from groupbot.pictures import png

    if png.installed():
        return Finding("figures", "each week's and month's go out with a picture")
    said = "they go out in words alone; for a picture install the extra: pip install 'groupbot[reports]'"
    return Finding("figures", said)


async def _telegram(settings: Settings, groups: Sequence[Group]) -> AsyncIterator[Finding]:
    from groupbot.chat.telegram_api import Api
    from groupbot.chat.telegram_doctor import Doctor
    from groupbot.clock import real_time
    from groupbot.rules.standing import lacking

    assert settings.telegram is not None
    api = Api(settings.telegram.read_token(), settings.telegram.base_url)
    try:
        async for finding in Doctor(api, lacking, settings.telegram.webhook_url).look(groups, real_time()):
            yield finding
    finally:
        await api.close()
    yield _second_poller(settings)


def _second_poller(settings: Settings) -> Finding:
    """Whether the running bot has met another one on the same token: only who fetches can tell."""
    from groupbot.chat.checks import Finding
    from groupbot.chat.telegram import TAKEN_BY_ANOTHER

    live = opened.live(settings.database)
    if live is None:
        return Finding("second poller", "the bot does not run: its log and `groupbot health` say if it meets another")
    state = live["chats"].get("telegram", {})
    said = state.get("in", "not asked yet")
    if state.get("trouble") == TAKEN_BY_ANOTHER:
        remedy = (
            "find the other program with this token and stop it; if it cannot be found, write to @BotFather: /revoke,"
            " and put the new token into the file that token_file names"
        )
        return Finding("second poller", f"another program fetches this bot's updates ({said})", remedy)
    return Finding("second poller", f"the running bot meets none ({said})")


async def _remove_webhook(settings: Settings) -> None:
    from groupbot.chat.telegram_api import Api

    if settings.telegram is not None:
        api = Api(settings.telegram.read_token(), settings.telegram.base_url)
        try:
            await api.call("deleteWebhook", {"drop_pending_updates": False})
        finally:
            await api.close()


async def _matrix(settings: Settings, groups: Sequence[Group]) -> AsyncIterator[Finding]:
    from groupbot.chat.matrix import MatrixChat
    from groupbot.chat.matrix_doctor import Doctor
    from groupbot.cli.platforms import ADAPTERS
    from groupbot.rules.standing import lacking

    chat = ADAPTERS["matrix"](settings)
    assert isinstance(chat, MatrixChat)
    try:
        async for finding in Doctor(chat, lacking).look(groups):
            yield finding
    finally:
        await chat.close()


# platform -> what looks at it; the platform's name is that of its section in the settings
LOOKS: Mapping[str, Look] = {"telegram": _telegram, "matrix": _matrix}
