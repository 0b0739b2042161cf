"""Delivery: how a notice gets out, and what becomes of it when a chat fails."""

from groupbot.delivery.sending import Delivery
from groupbot.delivery.traffic import PlatformHealth

__all__ = ["Delivery", "PlatformHealth"]
