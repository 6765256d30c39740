"""What a person sees while an attempt works, and what a program reads."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ale_agent.attempt import Event
from ale_agent.cli.output import number, percent, print_json, told_estimate, told_spend

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_ROWS = 10
_QUIET = frozenset({"result", "confirmed", "trial", "measuring", "tuning", "spend"})
_EVERY_SECONDS = 1.0


@dataclass
class LineView:
    """Prints each event as a line of JSON; what comes many times a second, once a second."""

    _last: float = field(default=-1e9)

    def __enter__(self) -> LineView:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def observe(self, event: Event) -> None:
        """Print an event."""
        if event.kind == "end":
            return
        if event.kind in _QUIET:
            if event.elapsed - self._last < _EVERY_SECONDS:
                return
            self._last = event.elapsed
        print_json({"event": event.kind, "elapsed": round(event.elapsed, 2), **event.payload})


class LiveView:
    """A table that is drawn anew as events come in."""

    def __init__(self, console: Console) -> None:
        from rich.live import Live

        self._console = console
        self._begun = time.monotonic()
        self._head: dict[str, Any] = {}
        self._offset = 0.0
        self._doing = "reading the problem"
        self._rows: dict[str, list[str]] = {}
        self._incumbent: dict[str, Any] = {}
        self._evaluations = 0
        self._trials = 0
        self._steps = 0
        self._spend: dict[str, Any] = {}
        self._open: dict[int, str] = {}
        self._insights: list[str] = []
        self._notes: list[str] = []
        self._live = Live(console=console, get_renderable=self.render, refresh_per_second=4, transient=False)

    def __enter__(self) -> LiveView:
        self._live.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._live.__exit__(*error)

    def observe(self, event: Event) -> None:
        """Take in an event."""
        self._offset = event.elapsed - (time.monotonic() - self._begun)
        handler = getattr(self, f"_on_{event.kind}", None)
        if handler is not None:
            handler(event.payload)

    def _on_statement(self, payload: dict[str, Any]) -> None:
        for line in payload["understood"]:
            self._console.print(f"[dim]read[/dim] {line}", highlight=False)
        for line in payload["not_understood"]:
            self._console.print(f"[yellow]not understood[/yellow] {line}", highlight=False)

    def _on_begin(self, payload: dict[str, Any]) -> None:
        self._head = payload
        self._doing = "composing"

    def _on_recalled(self, payload: dict[str, Any]) -> None:
        for line in payload["lines"][:5]:
            self._console.print(f"[dim]recalled[/dim] {line}", highlight=False)

    def _on_candidate(self, payload: dict[str, Any]) -> None:
        self._rows[payload["id"]] = [str(payload["number"]), payload["kind"], payload["idea"], "waiting", "", ""]

    def _on_measuring(self, payload: dict[str, Any]) -> None:
        self._doing = f"measuring candidate {payload['number']}"
        self._set_status(payload["id"], "[cyan]measuring[/cyan]")

    def _on_tuning(self, payload: dict[str, Any]) -> None:
        self._doing = f"tuning {len(payload['parameters'])} constants of candidate {payload['number']}"

    def _on_trial(self, payload: dict[str, Any]) -> None:
        self._trials += 1

    def _on_step(self, payload: dict[str, Any]) -> None:
        self._steps = payload["number"]

    def _on_result(self, payload: dict[str, Any]) -> None:
        self._evaluations += 1

    def _on_raced(self, payload: dict[str, Any]) -> None:
        row = self._rows.setdefault(payload["id"], [str(payload["number"]), "", "", "", "", ""])
        colours = {"better": "green", "first": "green", "failed": "red"}
        colour = colours.get(payload["status"], "dim")
        row[3] = f"[{colour}]{payload['status'].replace('_', ' ')}[/{colour}]"
        row[4] = percent(payload["gain"])
        row[5] = str(payload["cases"])

    def _on_incumbent(self, payload: dict[str, Any]) -> None:
        self._incumbent = payload

    def _on_confirm(self, payload: dict[str, Any]) -> None:
        self._doing = f"confirming {len(payload['finalists'])} finalists: cold, wall clock, one at a time"

    def _on_confirmed(self, payload: dict[str, Any]) -> None:
        self._evaluations += 1

    def _on_warning(self, payload: dict[str, Any]) -> None:
        self._notes.append(payload["text"])

    def _on_estimate(self, payload: dict[str, Any]) -> None:
        self._console.print(f"[dim]estimate[/dim] {told_estimate(payload)}", highlight=False)

    def _on_asked(self, payload: dict[str, Any]) -> None:
        self._open[payload["request"]] = payload["kind"]

    def _on_answered(self, payload: dict[str, Any]) -> None:
        self._open.pop(payload["request"], None)

    def _on_refused(self, payload: dict[str, Any]) -> None:
        self._open.pop(payload["request"], None)

    def _on_insights(self, payload: dict[str, Any]) -> None:
        self._open.pop(payload["request"], None)
        self._insights += payload["claims"]

    def _on_spend(self, payload: dict[str, Any]) -> None:
        self._spend = payload

    def _on_capped(self, payload: dict[str, Any]) -> None:
        self._notes.append(payload["text"])

    def _set_status(self, id_: str, status: str) -> None:
        if id_ in self._rows:
            self._rows[id_][3] = status

    def render(self) -> RenderableType:
        """Return the view as it stands."""
        from rich import box
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        for title, style, justify in (
            ("#", "bold", "right"), ("move", "", "left"), ("idea", "", "left"), ("verdict", "", "left"),
            ("gain", "", "right"), ("cases", "dim", "right"),
        ):  # fmt: skip
            table.add_column(title, style=style, justify=justify, no_wrap=title != "idea", overflow="ellipsis")  # type: ignore[arg-type]
        for row in list(self._rows.values())[-_ROWS:]:
            table.add_row(*row)
        parts: list[RenderableType] = [self._status(), table]
        parts += [Text(f"learned: {claim}"[:200], style="dim") for claim in self._insights[-2:]]
        parts += [Text(note[:300], style="yellow") for note in self._notes[-2:]]
        return Group(*parts)

    def _status(self) -> RenderableType:
        from rich.text import Text

        elapsed = time.monotonic() - self._begun + self._offset
        seconds, iterations = self._head.get("seconds"), self._head.get("iterations")
        left = f"{max(0.0, seconds - elapsed):.0f} s left" if seconds else f"step {self._steps} of {iterations or '?'}"
        best = "no incumbent yet"
        if self._incumbent:
            mean, cases = number(self._incumbent["mean_score"]), self._incumbent["cases"]
            best = f"incumbent {self._incumbent['number']}: mean {mean} on {cases} cases"
        line = Text()
        line.append(f"{self._head.get('problem', '...')}  ", style="bold")
        line.append(f"{left}  ", style="cyan")
        line.append(f"{len(self._rows)} candidates  {self._evaluations} evaluations  {self._trials} trials  ")
        line.append(best, style="green" if self._incumbent else "dim")
        line.append(f"\n{self._doing}", style="italic dim")
        if models := self._head.get("models"):
            asked = ", ".join(f"{kind} ({number})" for number, kind in sorted(self._open.items())) or "nobody is asked"
            spent = told_spend(self._spend, self._head.get("caps")) or "no reply yet"
            line.append(f"\n{', '.join(models)}: ", style="bold")
            line.append(f"{spent}; {asked}")
        return line
