"""How many canaries leak: `python -m tests.intake.canary_run [COUNT] [SEED]`, 5,000 unless told."""

from __future__ import annotations

import asyncio
import sys

from tests.intake import canary_scenes


def main() -> None:
    """Play, print what was said and what leaked, and fail if anything did."""
    count, seed = (int(given) for given in [*sys.argv[1:], *("5000", "1")[len(sys.argv) - 1 :]])
    seen = asyncio.run(canary_scenes.play(count, seed))
    print(f"{seen.planted} canaries, seed {seed}: {seen.texts} public texts, {len(seen.leaks)} leaks")
    for text, what in seen.leaks[:20]:
        print(f"  {what}: {text}")
    sys.exit(bool(seen.leaks))


if __name__ == "__main__":
    main()
