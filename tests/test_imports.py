"""Who may import what, shown to bite with planted sources; and no jurisdiction's words in the program."""

from __future__ import annotations

import pytest

from tests import house, pack_words

GOOD = {
    "__init__": "",
    "records": "from dataclasses import dataclass",
    "protocol/__init__": "from groupbot.protocol.pack import Pack",
    "protocol/pack": "import pydantic\nfrom groupbot.records import Form",
    "rules/__init__": "",
    "rules/worktime": "import re, holidays\nfrom groupbot.protocol import Clock\nfrom groupbot.rules import text",
    "rules/text": "def fold(now): return now.date()",
    "store/__init__": "",
    "store/requests": "import peewee\ndef change(tx): tx.execute('UPDATE request SET state = ?')\ndef by_id(tx): pass",
    "store/batch": "from groupbot.store import requests\ndef close_all(tx): requests.change(tx)",
    "moves": "from groupbot.store import requests\nrequests.change(1)",
    "nagging": "from groupbot import moves\nfrom groupbot.store import requests\nrequests.by_id(1)",
    "delivery": "from groupbot.chat import Chat",
    "chat/__init__": "from groupbot.records import Update",
    "chat/telegram": "import telegram\nfrom groupbot.chat import Chat",
    "chat/matrix": "from nio import AsyncClient",
    "chat/sandbox": "import json",
    "cli/__init__": "import click",
    "cli/run": "from rich.table import Table\nfrom groupbot import app",
    "app": "import apscheduler\nfrom groupbot.chat import telegram",
    "web/board": "from aiohttp import web\nimport jinja2\nfrom groupbot.store import requests",
    "config": "from pydantic import BaseModel",
}

PLANTED = [
    ("records", "from groupbot.rules import text", "must not import rules/text"),
    ("records", "import groupbot.protocol", "must not import protocol/__init__"),
    ("records", "import pydantic", "must not import the library pydantic"),
    ("rules/text", "from groupbot.store.requests import by_id", "must not import store/requests"),
    ("rules/text", "from groupbot import moves", "must not import moves"),
    ("rules/text", "def f():\n    import peewee", "must not import the library peewee"),
    ("rules/text", "import time", "a rule must not use time"),
    ("rules/text", "from random import choice", "a rule must not use random"),
    ("rules/text", "import socket, re", "a rule must not use socket"),
    ("rules/text", "from pathlib import Path", "a rule must not use pathlib"),
    ("rules/text", "text = open('x').read()", "a rule must not call open"),
    ("rules/text", "import datetime\nx = datetime.datetime.now()", "a rule must not call datetime.datetime.now"),
    ("rules/text", "from datetime import date\nx = date.today()", "a rule must not call date.today"),
    ("store/requests", "from groupbot.protocol import Pack", "must not import protocol/__init__"),
    ("store/requests", "from groupbot.rules.text import fold", "must not import rules/text"),
    ("chat/telegram", "import nio", "must not import the library nio"),
    ("chat/telegram", "from groupbot.chat import matrix", "must not import chat/matrix"),
    ("chat/matrix", "from groupbot.store import requests", "must not import store/requests"),
    ("chat/sandbox", "import telegram", "must not import the library telegram"),
    ("chat/sandbox", "from groupbot.chat.telegram import send", "must not import chat/telegram"),
    ("nagging", "import peewee", "must not import the library peewee"),
    ("nagging", "from playhouse import db_url", "must not import the library playhouse"),
    ("nagging", "import sqlite3", "must not import the library sqlite3"),
    ("nagging", "from groupbot.chat import Chat", "must not import chat/__init__"),
    ("nagging", "from groupbot import app", "must not import app"),
    ("nagging", "from .store import requests", "must not import the library (relative)"),
    ("intake/posts", "import click", "must not import the library click"),
    ("intake/posts", "from groupbot.web import board", "must not import web/board"),
    ("commands/officers", "from groupbot.cli import run", "must not import cli/run"),
    ("delivery", "from groupbot import config", "must not import config"),
    ("moves", "import telegram", "must not import the library telegram"),
    ("cli/run", "import aiohttp", "must not import the library aiohttp"),
    ("rehearsal/replay", "from rich import progress", "must not import the library rich"),
    ("pictures/png", "from groupbot import records", "must not import records"),
    ("delivery", "import matplotlib", "must not import the library matplotlib"),
    ("verify_log", "from groupbot import records", "must not import records"),
    ("nagging", "x = 'update request set state = 1'", "only the store may hold SQL that changes requests"),
    ("nagging", "x = f'INSERT  INTO request({1})'", "only the store may hold SQL that changes requests"),
    ("cli/run", "x = 'DELETE FROM request'", "only the store may hold SQL that changes requests"),
    ("nagging", "from groupbot.store.requests import change", None),
    ("nagging", "from groupbot.store.requests import change as c\nc(1)", "only moves may change requests: change"),
    ("nagging", "from groupbot.store import requests as r\nr.change(1)", "only moves may change requests: r.change"),
    ("app", "from groupbot.store import batch\nbatch.close_all(1)", "only moves may change requests: batch.close_all"),
    (
        "intake/posts",
        "import groupbot.store.requests\ngroupbot.store.requests.change(1)",
        "only moves may change requests: groupbot.store.requests.change",
    ),
]


def test_the_package_keeps_the_import_rule() -> None:
    assert house.breaches(house.sources()) == []


def test_a_house_in_order_has_no_breach() -> None:
    assert house.breaches(GOOD) == []


@pytest.mark.parametrize(("module", "text", "expected"), PLANTED)
def test_a_planted_breach_is_found(module: str, text: str, expected: str | None) -> None:
    found = [line.split(": ", 1)[1] for line in house.breaches(GOOD | {module: text}) if line.startswith(f"{module}:")]
    assert found == ([expected] if expected else [])


def test_a_change_through_the_query_builder_is_a_change() -> None:
    planted = GOOD | {
        "store/tables": "REQUEST = object()",
        "store/tidy": "from groupbot.store.tables import REQUEST\ndef tidy(tx): REQUEST.update(state=1).execute(tx.db)",
        "nagging": "from groupbot.store import tidy\ntidy.tidy(1)",
    }
    assert house.breaches(planted) == ["nagging:2: only moves may change requests: tidy.tidy"]


def test_a_change_through_a_named_statement_is_a_change() -> None:
    planted = GOOD | {
        "store/hot": "SET = 'UPDATE request SET x = 1'\ndef set_x(tx): tx.execute(SET)",
        "nagging": "from groupbot.store.hot import set_x\nset_x(1)",
    }
    assert house.breaches(planted) == ["nagging:2: only moves may change requests: set_x"]


# --- no jurisdiction in the program -----------------------------------------------------------------------------------


def test_no_name_of_a_pack_and_none_of_its_words_is_in_the_program() -> None:
    assert pack_words.found_in(house.sources(), pack_words.vocabulary()) == []


def test_the_packs_have_names_and_words_to_look_for() -> None:
    vocabulary = pack_words.vocabulary()
    assert len(vocabulary.names) > 20
    assert len(vocabulary.words) > 50


def test_a_planted_name_or_word_is_found_but_not_in_a_docstring() -> None:
    vocabulary = pack_words.Vocabulary(frozenset({"kapsowar", "kuserwo"}), frozenset({"haraka", "kesho"}))
    planted = {
        "rules/a": '"""Kapsowar may be an example here, haraka."""\nWARD = "Kapsowar"',
        "rules/b": "def f(x: str) -> bool:\n    return x in ('ok', 'HARAKA sana')",
        "rules/c": "x = f'to {1} kuserwo ward'\ny = 'kapsowarian'",
        "rules/d": "# kesho\nkesho = 'tomorrow'",
    }
    assert pack_words.found_in(planted, vocabulary) == [
        "rules/a:2: kapsowar",
        "rules/b:2: haraka",
        "rules/c:1: kuserwo",
    ]
