"""Draws the picture of a run for the README: `python -m benchmarks.picture ATTEMPT docs/run.svg`.

The attempt's journal is played back into the live view, so that the picture is what a person saw.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

from ale_agent.attempt import Event
from ale_agent.attempt.journal import Journal
from ale_agent.cli.live import LiveView

_WIDTH = 112
_FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def main() -> None:
    """Write the picture of an attempt, shortly before it begins to confirm."""
    journal = Journal(Path(sys.argv[1]), read_only=True)
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True)
    console.print("$ ale-agent solve problems/ahc026/statement.md", highlight=False)
    view = LiveView(console)
    for elapsed, kind, payload in journal.read_events():
        view.observe(Event(kind, payload, elapsed))
        if kind == "confirm":
            break
    for _ in range(journal.count_results()):
        view.observe(Event("result", {}, elapsed))
    for trial in journal.read_trials():
        view.observe(Event("trial", {"number": trial[1]}, elapsed))
    journal.close()
    console.print(view.render())
    svg = console.export_svg(title="ale-agent")
    Path(sys.argv[2]).write_text(_FONT.sub("", svg), encoding="utf-8")


if __name__ == "__main__":
    main()
