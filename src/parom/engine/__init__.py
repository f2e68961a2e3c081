"""Runs a plan against the journal: intent, outcome, in doubt, resume, rollback."""
