"""What of an attempt can be killed, found from outside, and what is left of it: for `benchmarks.crashes`."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from docker.errors import APIError

from ale_agent.sandbox.docker_engine import OWNER_LABEL, Engine, owner

Kill = Callable[[], None]
WEIGHTS = {"main": 5, "loaded program": 2, "case": 2, "tools": 1}
"""What is killed, and how often in proportion."""
CONTAINER_WEIGHTS = {"main": 4, "container": 6, "loaded program": 1, "case": 1, "tools": 1}
_LEAVING_SECONDS = 20.0


def choose_kind(rng: random.Random, engine: Engine | None) -> str:
    """Return what is to be killed next."""
    weights = WEIGHTS if engine is None else CONTAINER_WEIGHTS
    return rng.choices(list(weights), list(weights.values()))[0]


def victims(main_pid: int, engine: Engine | None) -> dict[str, list[Kill]]:
    """Return what can be killed of an attempt, by what it is."""
    found: dict[str, list[Kill]] = {"main": [partial(os.kill, main_pid, signal.SIGKILL)]}
    parents = [main_pid]
    if engine is not None:
        for identity in containers([owner(main_pid)], engine):
            first = int(engine.client.api.inspect_container(identity)["State"]["Pid"])
            if first:
                parents.append(first)
                ways = [partial(engine.client.api.kill, identity), partial(os.kill, first, signal.SIGKILL)]
                found.setdefault("container", []).extend(ways)
    for pid in (child for parent in parents for child in _children(parent)):
        kind = _kind(pid)
        if kind:
            found.setdefault(kind, []).append(partial(os.kill, pid, signal.SIGKILL))
    return found


def kill_one(kind: str, main_pid: int, engine: Engine | None, rng: random.Random) -> bool:
    """Kill one of that kind, if there is one now."""
    try:
        ways = victims(main_pid, engine).get(kind, [])
        if not ways:
            return False
        rng.choice(ways)()
    except (ProcessLookupError, APIError):  # it ended by itself meanwhile
        return False
    return True


def containers(owners: Iterable[str], engine: Engine) -> list[str]:
    """Return the containers of these owners, stopped ones too."""
    wanted = [f"{OWNER_LABEL}={who}" for who in owners]
    return [one["Id"] for label in wanted for one in engine.client.api.containers(all=True, filters={"label": label})]


def containers_left(owners: Iterable[str], engine: Engine) -> list[str]:
    """Return which of these owners' containers are still there when the engine had time to remove them."""
    deadline = time.monotonic() + _LEAVING_SECONDS
    while (left := containers(owners, engine)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def processes_of(root: Path) -> list[str]:
    """Return the command lines of processes that still belong to attempts below a folder."""
    time.sleep(1.0)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            if str(root).encode() in told and int(entry.name) != os.getpid():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[-160:])
        except OSError:
            continue
    return found


def _kind(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        session = os.getsid(pid)
    except OSError:
        return ""
    if b"host_child" in command:
        return "tools"
    if b"sandbox.server" in command:
        return "loaded program" if session == pid else "case"
    return "cold run" if b"sandbox.cold_start" in command else ""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except OSError:
            continue
    return found
