"""Carrying what users wrote onto the database that comes back: which rows can, and as what.

Pure: two schemas and what the migrations make of the one into the other go in, a decision for
each captured row comes out. How the rows get there is the database adapter's.
`docs/explanation/replay.md` has the cases and the law.
"""
