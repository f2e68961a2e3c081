"""What a rehearsed release imports first. This folder stands on its PYTHONPATH; run by the
release's own interpreter (Python 3.8+), so standard library only. What it keeps apart and what
not: `docs/explanation/rehearsal.md`.
"""
