"""Kills attempts at random moments and resumes them: `python -m benchmarks.crashes --kills 50`.

Each attempt works on a small problem in a temporary folder. The main process, or one of the processes below it, is
killed with SIGKILL after a random time; then the attempt is resumed, killed again, and so on to its end. Checked: every
resume succeeds and ends with a solver; the time spent never goes back; no measured run is lost; nothing is left
behind: no process, no temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ale_agent.problem.new import create_problem

_SECONDS = 30


def main() -> None:
    """Kill until the number is reached; print what was found and fail if anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)
    faults: list[str] = []
    kills = attempts = 0
    with tempfile.TemporaryDirectory(prefix="ale-crashes-") as folder:
        root = Path(folder)
        problem = create_problem(root / "problem", "crashes")
        while kills < chosen.kills:
            attempts += 1
            kills += _one_attempt(root, problem, attempts, chosen.kills - kills, rng, faults)
            print(f"{attempts} attempts, {kills} kills, {len(faults)} faults", flush=True)
        left = [str(path) for path in (root / "tmp").glob("*")] if (root / "tmp").exists() else []
        faults += [f"left behind: {path}" for path in left]
        faults += [f"still running: {line}" for line in _processes(root)]
    for fault in faults:
        print(f"fault: {fault}")
    print(f"{kills} kills in {attempts} attempts: {len(faults)} faults")
    sys.exit(1 if faults else 0)


def _one_attempt(root: Path, problem: Path, number: int, most: int, rng: random.Random, faults: list[str]) -> int:
    """Make one attempt with at most that many kills; return how many there were."""
    out = root / f"attempt-{number}"
    words = ["solve", str(problem), "--out", str(out), "--time", str(_SECONDS), "--seed", str(number), "--json"]
    kills, spent, results = 0, 0.0, 0
    while True:
        process = _start(root, words)
        killed = kills < most and _kill_somebody(process, rng)
        stdout, stderr = process.communicate(timeout=300)
        kills += killed
        if process.returncode >= 0:
            if process.returncode not in (0, 3):
                faults.append(f"attempt {number}: exit {process.returncode}: {stderr[-500:]}")
            elif not json.loads(stdout.strip().splitlines()[-1]).get("solver"):
                faults.append(f"attempt {number}: no solver")
            return kills
        words = ["resume", str(out), "--json"]
        if not (out / "attempt.db").exists():  # killed before there was anything to resume
            return kills
        now_spent, now_results = _counters(out)
        if now_spent < spent or now_results < results:
            faults.append(
                f"attempt {number}: went back from {spent:.2f} s, {results} runs to {now_spent:.2f} s, {now_results}"
            )
        spent, results = now_spent, now_results


def _start(root: Path, words: list[str]) -> subprocess.Popen[str]:
    temporary = root / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {"ALE_HOME": str(root / "home"), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", "from ale_agent.cli import main; main()", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def _kill_somebody(process: subprocess.Popen[str], rng: random.Random) -> bool:
    """Kill the main process, or one below it, at a random moment; return whether it still ran."""
    time.sleep(rng.uniform(0.5, _SECONDS * 0.6))
    if process.poll() is not None:
        return False
    below = _children(process.pid)
    victim = process.pid if not below or rng.random() < 0.7 else rng.choice(below)
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except OSError:
            continue
    return found


def _counters(out: Path) -> tuple[float, int]:
    journal = sqlite3.connect(f"file:{out / 'attempt.db'}?mode=ro", uri=True)
    try:
        spent = journal.execute("SELECT amount FROM spend WHERE kind='seconds'").fetchone()
        runs = journal.execute("SELECT count(*) FROM results").fetchone()
    except sqlite3.OperationalError:  # killed before the tables were made
        return 0.0, 0
    finally:
        journal.close()
    return (float(spent[0]) if spent else 0.0), int(runs[0])


def _processes(root: Path) -> list[str]:
    """Return the command lines of processes that still belong to these attempts."""
    time.sleep(2.0)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            if str(root).encode() in environment and int(entry.name) != os.getpid():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:120])
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
