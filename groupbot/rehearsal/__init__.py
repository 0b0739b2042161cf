"""Rehearsal: the real bot on a virtual clock, for replays of transcripts and the opening of the sandbox."""
