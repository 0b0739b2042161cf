"""The Bot API by its machine-readable description: are a call's parameters, or an object's fields, as it says?

The description is not part of this project. It is looked for in the folder that GROUPBOT_TEST_BOT_API names, else in
../shared/telegram-bot-api beside the checkout. Without it calls are not checked; with CI=true it must be there.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = Any
BESIDE = Path(__file__).parents[3] / "shared" / "telegram-bot-api"
OURS, NEXT = "10.0", "10.1"  # what python-telegram-bot speaks, and the one after it
VERSIONS = (OURS, NEXT)


FILE = "\0a file"  # in the place of a parameter that came as one


class NoSpec(Exception):
    """The description is not here."""


def folder() -> Path:
    """Where the descriptions are. Raises NoSpec."""
    place = Path(os.environ.get("GROUPBOT_TEST_BOT_API", BESIDE))
    if not all((place / f"api-{version}.json").is_file() for version in VERSIONS):
        raise NoSpec(f"no Bot API description in {place}: set GROUPBOT_TEST_BOT_API")
    return place


@functools.cache
def load(version: str = OURS) -> Spec:
    """One version's. Raises NoSpec."""
    return Spec(json.loads((folder() / f"api-{version}.json").read_text(encoding="utf-8")))


def wrong_call(method: str, given: Mapping[str, str]) -> list[str]:
    """What is wrong with a call in any version: the bot must be right with the server of today and the next one.

    Raises NoSpec.
    """
    return [f"{version}: {what}" for version in VERSIONS for what in load(version).wrong_call(method, given)]


def wrong_update(update: Json) -> list[str]:
    """What is wrong with an update that is right in no version. Raises NoSpec."""
    return _first_fit([list(load(version).wrong("update", "Update", update)) for version in VERSIONS])


class Spec:
    """One version of the Bot API."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._methods = {name.lower(): method for name, method in description["methods"].items()}
        self._types = description["types"]

    def wrong_call(self, method: str, given: Mapping[str, str]) -> list[str]:
        """What is wrong with a call; `given` is as it came over the wire: text, and JSON for all that is no text."""
        known = self._methods.get(method.lower())
        if known is None:
            return [f"there is no method {method}"]
        fields = {field["name"]: field for field in known.get("fields", ())}
        found = [f"{method} has no parameter {name}" for name in given if name not in fields]
        found += [f"{method} needs {name}" for name, field in fields.items() if field["required"] and name not in given]
        for name, text in given.items():
            if name in fields:
                found += _first_fit([self._wire(f"{method}.{name}", one, text) for one in fields[name]["types"]])
        return found

    def _wire(self, where: str, kind: str, text: str) -> list[str]:
        if FILE in (kind, text):
            return [] if (kind, text) == ("InputFile", FILE) else [f"{where}: a file is no {kind}"]
        if kind == "String":
            return []
        try:
            value = json.loads(text)
        except ValueError:
            return [f"{where}: {text!r} is no {kind}"]
        return list(self.wrong(where, kind, value))

    def wrong(self, where: str, kind: str, value: Json) -> Iterator[str]:
        """What is wrong with a value of a type."""
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            if not isinstance(value, list):
                yield f"{where}: a list expected"
                return
            for number, one in enumerate(value):
                yield from self.wrong(f"{where}[{number}]", inner, one)
        elif kind in PLAIN:
            if type(value) not in PLAIN[kind]:
                yield f"{where}: {value!r} is no {kind}"
        else:
            yield from self._wrong_object(where, kind, value)

    def _wrong_object(self, where: str, kind: str, value: Json) -> Iterator[str]:
        described = self._types.get(kind)
        if described is None or not isinstance(value, dict):
            yield f"{where}: {value!r} is no {kind}"
            return
        if "subtypes" in described:
            yield from _first_fit([list(self.wrong(where, one, value)) for one in described["subtypes"]])
            return
        fields = {field["name"]: field for field in described.get("fields", ())}
        for name in value.keys() - fields.keys():
            yield f"{where}: {kind} has no field {name}"
        for name, field in fields.items():
            if name in value:
                fits = [list(self.wrong(f"{where}.{name}", one, value[name])) for one in field["types"]]
                yield from _first_fit(fits)
            elif field["required"]:
                yield f"{where}: {kind} needs {name}"


PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (float, int),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "Int": (int,),
}


def _first_fit(tried: list[list[str]]) -> list[str]:
    """Nothing when one of the alternatives fits, else what is wrong with the one that fits best."""
    return min(tried, key=len, default=[])
