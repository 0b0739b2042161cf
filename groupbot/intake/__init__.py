"""Intake: what comes in becomes what it is. `batches` receives, one room per kind of event does the rest."""
