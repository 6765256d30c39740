"""What the words on the command line mean: durations, seeds, places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast, get_args

from ale_agent.attempt.options import ModelPolicy
from ale_agent.errors import UsageError
from ale_agent.sandbox import Sandbox, SandboxKind, open_sandbox
from ale_agent.settings import load_settings

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smh]?)")
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_MOST_SECONDS = 30 * 86400.0
_MOST_SEEDS = 1_000_000


def duration(text: str) -> float:
    """Return seconds: ``90``, ``90s``, ``5m``, ``1h``, ``1.5h``."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise UsageError(f"--time {text!r}: a duration is a number with s, m or h, such as 90, 90s, 5m or 1h")
    seconds = float(match[1]) * _UNITS[match[2]]
    if not 1.0 <= seconds <= _MOST_SECONDS:
        raise UsageError(f"--time {text!r}: a duration is between 1 second and 30 days")
    return seconds


def seed_range(text: str) -> list[int]:
    """Return seeds: ``0:20`` (half-open), ``5``, ``1,4,9``, or several of these joined by commas."""
    seeds: list[int] = []
    for part in text.split(","):
        ends = part.strip().split(":")
        if not all(re.fullmatch(r"\d{1,20}", end.strip()) for end in ends) or len(ends) > 2:
            raise UsageError(f"--seeds {text!r}: seeds are written 0:20 (20 not included), 7, or 1,4,9")
        numbers = [int(end) for end in ends]
        if max(numbers) > 2**64:
            raise UsageError(f"--seeds {text!r}: a seed is below 2**64")
        if len(numbers) == 2 and numbers[1] - numbers[0] > _MOST_SEEDS:
            raise UsageError(f"--seeds {text!r}: at most {_MOST_SEEDS:,} seeds at a time")
        seeds.extend(range(numbers[0], numbers[1]) if len(numbers) == 2 else numbers)
    if not seeds:
        raise UsageError(f"--seeds {text!r}: this names no seed; 0:20 means 0, 1, ..., 19")
    return list(dict.fromkeys(seeds))


def sandbox_kind(text: str) -> SandboxKind:
    """Return the kind of sandbox that is asked for."""
    for kind in get_args(SandboxKind):
        if text == kind:
            return cast(SandboxKind, kind)
    raise UsageError(f"--sandbox {text!r}: one of {', '.join(get_args(SandboxKind))}")


def model_policy(text: str) -> ModelPolicy:
    """Return the policy that is asked for."""
    for policy in get_args(ModelPolicy):
        if text == policy:
            return cast(ModelPolicy, policy)
    raise UsageError(f"--policy {text!r}: one of {', '.join(get_args(ModelPolicy))}")


def model_name(text: str) -> str:
    """Return a model's name with the folder or file in it as an absolute path, so that a resumed attempt finds it.

    Raises
    ------
    UsageError
        It names no model; said before there is an attempt.
    """
    kind, separator, rest = text.partition(":")
    if not rest:
        raise UsageError(f"model is {text!r}; it must be relay:DIR, replay:FILE or PROVIDER:NAME")
    if kind in ("relay", "replay", "replay-strict") and rest:
        return f"{kind}{separator}{Path(rest).expanduser().absolute()}"
    return text


def open_box(text: str, home: Path | None = None) -> Sandbox:
    """Return the sandbox that is asked for, as the settings of the home have it."""
    return open_sandbox(sandbox_kind(text), settings=load_settings(home).sandbox)


def existing_file(path: Path, what: str) -> Path:
    """Return the path of a file that must be there."""
    if path.is_dir():
        raise UsageError(f"{path}: this is a folder; {what} is a file")
    if not path.exists():
        raise UsageError(f"{path}: there is no such file; name {what}")
    return path
