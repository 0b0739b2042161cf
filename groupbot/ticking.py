"""What falls due by itself, with nobody saying anything."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Protocol

from groupbot.store.database import Tx

LOOK_EVERY = timedelta(hours=1)


class Ticker(Protocol):
    """Something that falls due by itself. Instants are aware UTC."""

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When it is due next, perhaps past; None while there is nothing to wait for."""

    def run(self, tx: Tx, now: datetime) -> None:
        """Do what is due by now, so that it is due no more."""


class Hourly(ABC):
    """A ticker of what is due a day or more ahead: looked up once an hour, and again after each run."""

    def __init__(self) -> None:
        self._looked: datetime | None = None
        self._due: datetime | None = None

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When it is due next (aware UTC, perhaps past); None while there is nothing to wait for."""
        if self._looked is None or not self._looked <= now < self._looked + LOOK_EVERY:
            self._due, self._looked = self.look(tx, now), now
        return self._due

    @abstractmethod
    def look(self, tx: Tx, now: datetime) -> datetime | None:
        """Look up when it is due next. What it is kept to have done later than `now` a wrong clock has told."""

    @abstractmethod
    def run(self, tx: Tx, now: datetime) -> None:
        """Do what is due by now, so that it is due no more."""

    def look_again(self, tx: Tx) -> None:
        """Let the next look be a new one, once this transaction is committed."""
        tx.after_commit(self._forget)

    def _forget(self) -> None:
        self._looked = None
