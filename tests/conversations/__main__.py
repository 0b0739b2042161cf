"""Write down anew what is heard in each conversation."""

from __future__ import annotations

from tests.conversations.play import SCRIPTS, heard_file, play, written

for script in SCRIPTS:
    for plain in (False, True):
        heard_file(script, plain=plain).write_text(written(play(script, plain=plain)), encoding="utf-8")
        print(heard_file(script, plain=plain).name)
