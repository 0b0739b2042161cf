"""A catalogue without a whole pack around it: of the pack's own texts, or of texts made up by a test."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from groupbot.messages import Catalogue
from groupbot.protocol import Protocol, ProtocolFile, Topic, locate

PACK = locate("ke-elgeyo-marakwet")
MEDICINES = Topic(code="medicines", service_code="health", name={"en": "medicines", "sw": "dawa"}, words={})
WORDS: dict[str, Any] = {
    "lists": {"comma": ", ", "and": "and", "or": "or"},
    "units": {"day": "{n} d", "hour": "{n} h", "minute": "{n} min", "moment": "a moment", "join": " "},
    "dates": {
        "weekdays": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        "months": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        "day": "{weekday} {date} {month}",
        "day_year": "{weekday} {date} {month} {year}",
        "date": "{date} {month}",
        "today": "today {clock}",
        "tomorrow": "tomorrow {clock}",
        "yesterday": "yesterday {clock}",
        "other": "{day} {clock}",
    },
}


def toml(path: Path) -> dict[str, Any]:
    """A TOML file as plain data."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def catalogue(**messages: dict[str, Any]) -> Catalogue:
    """The pack's catalogue, or one of the messages given by language (en first)."""
    texts: dict[str, dict[str, Any]] = messages or {code: toml(PACK / f"messages/{code}.toml") for code in ("en", "sw")}
    file = ProtocolFile.model_validate(toml(PACK / "protocol.toml"))
    pack = Protocol.model_construct(file=file, reading=SimpleNamespace(topic=(MEDICINES,)), messages=texts)
    return Catalogue(pack)


def made_up(**texts: Any) -> Catalogue:
    """A catalogue of one language with these texts."""
    return catalogue(en={**texts, **WORDS})


def micros(local: str) -> int:
    """Nairobi time "2026-11-23 10:10" (UTC+3 all year) as integer UTC microseconds."""
    at = datetime.fromisoformat(f"{local}+03:00")
    return int(at.timestamp()) * 1_000_000


def at(local: str) -> datetime:
    """Nairobi time as an aware UTC datetime."""
    return datetime.fromisoformat(f"{local}+03:00").astimezone(UTC)
