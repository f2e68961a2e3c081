"""A person's parom.toml is changed in the keys that must change, and in nothing else."""

from __future__ import annotations

import pytest

from parom.config.edited import edited

TEXT = """# ours
[project]
name = "notes"  # the name
#layout = "releases"

[release]
shared = [
    "media/",  # uploads
    "db.sqlite3",
]
keep = 7
"""


def test_everything_else_stays_as_it_was_written() -> None:
    """Comments are why people write such files by hand."""
    changed = edited(
        TEXT,
        {
            ("project", "layout"): "releases",
            ("release", "shared"): ("media/", ".env"),
            ("gateway", "page"): "current/page",
        },
    )
    assert (
        changed
        == """# ours
[project]
layout = "releases"
name = "notes"  # the name
#layout = "releases"

[release]
shared = ["media/", ".env"]
keep = 7

[gateway]
page = "current/page"
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        'project = { layout = "in-place" }\n',
        'project.layout = "in-place"\nproject.name = "x"\n',
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    """A half changed configuration would be another installation's."""
    with pytest.raises(ValueError, match="one key a line"):
        edited(text, {("project", "layout"): "releases", ("project", "name"): "y"})
