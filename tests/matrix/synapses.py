"""Homeservers begun by a fork: Synapse with the settings named after each, loaded already.

Twisted makes its event loop when it is loaded; a forked process must not share it. Synapse comes with a stand-in for
it, made for its own tests in many processes: the real one is put in after the fork.
"""

from __future__ import annotations

import importlib
import sys

from synapse.app.complement_fork_proxied_reactor import ProxiedReactor
from twisted.internet.main import installReactor

from tests.lives import bear


def main() -> None:
    """Begin a homeserver for each line of the standard input; the line is its command line."""
    proxy = ProxiedReactor()
    installReactor(proxy)
    homeserver = importlib.import_module("synapse.app.homeserver")

    def live(words: str) -> None:
        from twisted.internet.epollreactor import EPollReactor

        sys.argv = ["synapse.app.homeserver", *words.split()]
        proxy._install_real_reactor(EPollReactor())
        homeserver.main()

    bear(live)


if __name__ == "__main__":
    main()
