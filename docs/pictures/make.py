"""`make pictures`: a real deployment is played and its pictures are drawn anew.

With a folder, that of a deployment that was played before: only the drawing is repeated.
Names of this machine's folders and people are replaced in the records before they are drawn.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from docs.pictures.neutral import Neutral
from parom.config.reading import read
from parom.journal.opening import open_journal

PICTURES = Path(__file__).parent
_HRHELPER = PICTURES.parents[1] / "hrhelper"


def main() -> None:
    if len(sys.argv) > 1:
        draw(Path(sys.argv[1]).resolve())
        return
    from docs.pictures.played import play

    with tempfile.TemporaryDirectory(prefix="parom-pictures-") as name:
        top = Path(name).resolve() / "demo"
        play(top, _HRHELPER)
        draw(top)


def draw(top: Path) -> None:
    """Both pictures of the last run of the installation in `top`."""
    config, neutral = read(top / "parom.toml"), Neutral(top)
    open_journal(config.state)
    # The journal's tables can be imported only once it is open.
    from docs.pictures.page import draw_page
    from docs.pictures.terminal import draw_terminal
    from parom.cli.ending import ending_of
    from parom.journal.models import Run
    from parom.plan.plan import Plan
    from parom.report.deriving import report_of
    from parom.report.html import as_html
    from parom.report.pages.whole import document_of
    from parom.report.reading import events_of, sources_of, zone_of
    from parom.words.language import Language

    run = Run.objects.latest("started")
    run.plan, run.who = neutral.data(run.plan), neutral.person
    events = tuple(neutral.told(one) for one in events_of(run.id))
    ending = ending_of(Plan.from_record(run.plan), run.outcome, run.exit_code or 0, events)
    title = f"{config.project.name} · {config.project.environment}"
    terminal = draw_terminal(title, run, config.state, events, ending)
    report = report_of(replace(sources_of(run, config), events=events))
    page = as_html(document_of(report, Language.ENGLISH, zone_of(config)))
    for drawn in (terminal, page):
        neutral.check(drawn)
    (PICTURES / "deploy.svg").write_text(terminal, "utf-8")
    draw_page(page, PICTURES / "report.png")


if __name__ == "__main__":
    main()
