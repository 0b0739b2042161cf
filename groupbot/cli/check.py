"""groupbot check PACK: does a pack hold? Says file, key, what was expected and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.argument("pack", metavar="PACK")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: holds, pack, problems.")
def check(pack: str, as_json: bool) -> None:
    """Check PACK, a pack's folder or its name. The exit status is 0 only if it holds."""
    from groupbot.protocol_check import check as check_pack

    folder = _folder(pack)
    problems = check_pack(folder)
    if as_json:
        said = {"holds": not problems, "pack": str(folder), "problems": [asdict(problem) for problem in problems]}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            click.echo(problem)
        click.echo(f"{folder}: {_summary(len(problems))}")
    if problems:
        raise SystemExit(1)


def _folder(pack: str) -> Path:
    from groupbot.protocol import locate

    if Path(pack).is_dir():
        return Path(pack)
    try:
        return locate(pack)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from None


def _summary(problems: int) -> str:
    if not problems:
        return "this pack holds."
    return f"{problems} problem{'s' if problems > 1 else ''}; this pack does not hold."
