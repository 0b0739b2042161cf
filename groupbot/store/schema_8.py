"""The eighth schema: which requests have lost their words, at the citizen's wish or because they are old.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE request ADD COLUMN erased_at {int}",)
