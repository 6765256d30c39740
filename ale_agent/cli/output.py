"""How a command speaks: tables for a person, one JSON object as the last line for a program, one message an error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from ale_agent.errors import AleAgentError

USAGE = 2
INTERRUPTED = 130


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on one line; a number that JSON has no text for becomes null."""
    print(json.dumps(_finite(value), ensure_ascii=False, default=str), flush=True)


def shortened(line: str, most: int) -> str:
    """Return a line of at most so many characters, cut between words."""
    if len(line) <= most:
        return line
    head = line[: most - 3]
    return (head if line[most - 3] == " " else head.rpartition(" ")[0] or head).rstrip() + "..."


@contextmanager
def told_errors(as_json: bool) -> Iterator[None]:
    """Turn the errors that a user can meet into one message and the exit code for wrong input."""
    try:
        yield
    except AleAgentError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        if as_json:
            print_json({"error": str(error), "kind": type(error).__name__})
        raise typer.Exit(USAGE) from None
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to say.
        sys.stdout = None
        raise typer.Exit(0) from None


def number(value: float | None, digits: int = 6) -> str:
    """Return a number as a person reads it: thousands apart, as many digits as say something."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    return f"{value:,.{digits}g}" if abs(value) < 1000 else f"{value:,.1f}"


def interval(value: tuple[float, float] | None) -> str:
    """Return an interval as a person reads it."""
    if value is None:
        return "-"
    return f"{number(value[0])} .. {number(value[1])}"


def percent(gain: float | None) -> str:
    """Return a log-ratio as a signed percentage."""
    return "-" if gain is None else f"{100 * math.expm1(max(-20.0, min(20.0, gain))):+.2f} %"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def told_spend(spend: Mapping[str, float], caps: Mapping[str, float] | None = None) -> str:
    """Return what models took, in words; empty if none was asked."""
    if not spend.get("calls"):
        return ""
    parts = []
    for kind, shown in (
        ("calls", f"{spend['calls']:.0f}"), ("tokens", f"{spend.get('tokens', 0.0):,.0f}"),
        ("usd", f"{spend.get('usd', 0.0):.4g}"),
    ):  # fmt: skip
        cap = f" of {caps[kind]:,g}" if caps and kind in caps else ""
        parts.append(f"{shown}{cap} {'US dollars' if kind == 'usd' else kind}")
    return ", ".join(parts)


def told_estimate(payload: Mapping[str, Any]) -> str:
    """Return in words what a call of a model is expected to take, and how many the caps allow."""
    tokens = payload["input_tokens"] + payload["output_tokens"]
    words = f"{payload['model']}: replies cost nothing"
    if tokens:
        cost = "at an unknown price" if payload["usd"] is None else f"for {payload['usd']:.3g} US dollars"
        words = f"{payload['model']}: a reply is expected to take {tokens} tokens {cost}"
    return words if payload["calls"] is None else f"{words}; the caps allow about {payload['calls']} calls"
