"""Kills the engine at every point of every step, and has an independent checker look.

`python -m tests.faults [--short] [--only REGEX] [--jobs N]`; see
`docs/explanation/crash-points.md`.
"""
