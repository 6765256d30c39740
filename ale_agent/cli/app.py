"""The commands, put together; each is in the module of what it is about."""

from __future__ import annotations

import sys
import warnings

import typer

from ale_agent import __version__
from ale_agent.cli import bench, evaluating, examining, memories, problems, replaying, solving, standings

app = typer.Typer(
    name="ale-agent",
    help="From the statement of an optimization contest problem to a tuned solver program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"ale-agent {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Hold the options of the whole program."""


app.command("solve")(solving.solve)
app.command("resume")(solving.resume)
app.command("report")(solving.report)
app.command("eval")(evaluating.evaluate)
app.command("compare")(evaluating.compare)
app.command("tune")(evaluating.tune)
app.add_typer(problems.app, name="problem")
memories.app.command("replay")(replaying.replay)
app.add_typer(memories.app, name="memory")
app.add_typer(standings.app, name="leaderboard")
app.command("bench")(bench.bench)
app.command("doctor")(examining.doctor)


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    print(f"warning: {message}", file=sys.stderr, flush=True)


def main() -> None:
    """Run the command line; Ctrl+C ends any command quietly, and a warning is a line without its place in our code."""
    warnings.showwarning = _warn
    try:
        app()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
