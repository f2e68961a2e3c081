"""The live view of a deployment at its end, as the terminal shows it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from parom.cli.ending import Ending, words_of
from parom.cli.live import View
from parom.journal.models import Run
from parom.journal.told import Told

_WIDTH, _HEIGHT = 100, 50
_FONT_RATIO = 0.602
"""Width to height of most fonts of one width; each line is also told how long it is."""
_THEME = TerminalTheme(
    (22, 27, 30),
    (214, 221, 224),
    [(60, 70, 76), (242, 139, 130), (111, 207, 159), (229, 180, 84),
     (138, 180, 240), (197, 155, 230), (110, 200, 210), (214, 221, 224)],
)  # fmt: skip
# Rich's own frame loads a font from elsewhere: a picture in a README must ask for nothing.
_FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px ui-monospace, "DejaVu Sans Mono", \
Menlo, Consolas, monospace; }}
.{unique_id}-title {{ font: 16px system-ui, "DejaVu Sans", Arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def draw_terminal(title: str, run: Run, state: Path, events: Iterable[Told], ending: Ending) -> str:
    """An SVG of one file."""
    view = View(run, state)
    for told in events:
        view.take(told)
    console = Console(
        record=True,
        file=io.StringIO(),
        width=_WIDTH,
        height=_HEIGHT,
        force_terminal=True,
        color_system="truecolor",
    )
    console.print(Text.assemble(("$ ", "dim"), ("parom deploy", "bold")))
    console.print(view)
    console.print(words_of(ending), highlight=False, markup=False)
    console.print()  # rich cuts the last line in half
    return console.export_svg(
        title=title,
        theme=_THEME,
        code_format=_FRAME,
        font_aspect_ratio=_FONT_RATIO,
        unique_id="t",
    )
