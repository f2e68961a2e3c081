"""The configuration reference as Markdown, from the example: `python -m parom.config.reference`."""

from __future__ import annotations

import sys
from itertools import groupby

from parom.config.example import entries

_HEAD = """\
# Configuration

Every key of `parom.toml`, from the commented example that comes with Parom
(`src/parom/config/example.toml`); `parom init` fills it in for a project, and
`parom check` reads what you made of it. Durations are in seconds. Relative paths of
`project.root`, `source.location` and `vault.path` count from the file's own folder;
"in the installation" counts from `project.root`.

This page is written by `python -m parom.config.reference`; a test compares the two.
"""


def reference() -> str:
    """The whole page."""
    parts = [_HEAD]
    for table, group in groupby(entries(), lambda entry: entry.table):
        parts.append(f"## [{table}]\n\n| key | default | meaning |\n| --- | --- | --- |")
        for one in group:
            shown = f"required, e.g. `{one.shown}`" if one.is_required else f"`{one.shown}`"
            meaning = one.meaning.replace("|", "\\|")
            parts.append(f"| `{one.key}` | {shown} | {meaning} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
