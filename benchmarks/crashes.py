"""Kills attempts at random moments and resumes them: `python -m benchmarks.crashes --kills 50 [--model] [--sandbox docker]`.

Each attempt works on a small problem on an iteration budget, so that its outcome is known: the first one runs undisturbed
and the others must hand over the same program with the same score, however often something of theirs was killed. The
victim is the main process, a loaded program, a running case, the tools' process or a container (through the engine, or
its first process); after another victim the main one may be killed in the same session, and is resumed each time. The
tools write down every answer that they score, which counts the runs independently of the journal.

Checked: every session ends or is resumed without an error; the outcome is the undisturbed one; no run is lost, and none
is made twice beyond those that were under way; time and calls in the journal never go back; with ``--model`` a scripted
author answers at a relay, and no question is put to it twice; at the end nothing is left: no process, no container, no
temporary folder, no half-written file.
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
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from ale_agent.problem.new import create_problem
from ale_agent.sandbox.docker_engine import Engine, owner
from benchmarks.crash_victims import choose_kind, containers_left, kill_one, processes_of

WORKERS = 2
BUDGET = ["--iterations", "5", "--trials", "4", "--evaluations", "300", "--seed", "1", "--workers", str(WORKERS)]
MODEL_BUDGET = ["--iterations", "7", "--trials", "2", "--evaluations", "300", "--seed", "1", "--workers", str(WORKERS)]
SESSION_SECONDS = 1800
SECOND_KILL = 0.7

_COUNTING = """

_score = score


def score(case, output):
    with open({log!r}, "a") as file:
        file.write(f"{{hash(case)}} {{hash(output)}}\\n")
    return _score(case, output)
"""
_PROGRAM = """Idea: number {number} of the author

```python
import sys

PARAMETERS = {{}}


def main():
    words = [int(word) for word in sys.stdin.read().split()]
    weights = words[2::2]
    order = list(range(words[0]))
    {moves}
    left, chosen = words[1], []
    for item in order:
        if weights[item] <= left:
            left -= weights[item]
            chosen.append(item)
    print(len(chosen))
    print(*chosen)


if __name__ == "__main__":
    main()
```
"""


@dataclass
class Attempt:
    """One attempt in a folder of its own, with what its sessions showed."""

    root: Path
    problem: Path
    number: int
    model: bool
    engine: Engine | None = None
    owners: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    sessions: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    result: dict[str, object] | None = None

    @property
    def out(self) -> Path:
        """The attempt folder."""
        return self.root / f"attempt-{self.number}"

    @property
    def relay(self) -> Path:
        """Where the author answers."""
        return self.root / f"relay-{self.number}"

    @property
    def log(self) -> Path:
        """What the tools scored."""
        return self.problem / "scored.log"

    def fault(self, text: str) -> None:
        """Note that something is not as it must be."""
        self.faults.append(f"attempt {self.number}, after {dict(self.kills)}: {text}")

    def run(self, most_kills: int, longest: float, rng: random.Random) -> dict[str, object]:
        """Work on it to its end with at most that many kills; return its last line."""
        words = [
            "solve",
            str(self.problem),
            "--out",
            str(self.out),
            "--json",
            *(MODEL_BUDGET if self.model else BUDGET),
        ]
        words += ["--model", f"relay:{self.relay}"] if self.model else []
        words += ["--sandbox", "local" if self.engine is None else "docker"]
        before = (0.0, 0.0, 0)
        while True:
            self.sessions += 1
            began = time.monotonic()
            process = self._start(words)
            self.owners.append(owner(process.pid))
            self._disturb(process, most_kills, longest, rng)
            stdout, stderr = process.communicate(timeout=SESSION_SECONDS)
            self.seconds += time.monotonic() - began
            if process.returncode != -signal.SIGKILL:
                return self._last_line(process.returncode, stdout, stderr)
            if begun(self.out):
                words = ["resume", str(self.out), "--json"]
                now = counters(self.out)
                if any(a < b for a, b in zip(now, before, strict=True)):
                    self.fault(f"seconds, calls and runs went back from {before} to {now}")
                before = now
            # Otherwise it was killed before there was anything to resume: it is started anew, in the same folder.

    def _disturb(self, process: subprocess.Popen[str], most_kills: int, longest: float, rng: random.Random) -> None:
        """Kill one victim in this session, and then perhaps the main process: a second death of a program is its own."""
        if self.kills.total() >= most_kills:
            return
        kind = choose_kind(rng, self.engine)
        if kill_somebody(process, kind, longest, self.engine, rng):
            self.kills[kind] += 1
            if kind != "main" and self.kills.total() < most_kills and rng.random() < SECOND_KILL:
                self.kills["main"] += kill_somebody(process, "main", longest, self.engine, rng)

    def _last_line(self, code: int, stdout: str, stderr: str) -> dict[str, object]:
        try:
            line: dict[str, object] = json.loads(stdout.strip().splitlines()[-1])
        except (ValueError, IndexError):
            line = {}
        if code != 0:
            self.fault(f"exit {code}: {stderr[-600:]} {stdout[-300:]}")
        return line

    def _start(self, words: list[str]) -> subprocess.Popen[str]:
        temporary = self.root / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = os.environ | {"ALE_HOME": str(self.root / f"home-{self.number}"), "TMPDIR": str(temporary)}
        command = [sys.executable, "-c", "from ale_agent.cli import main; main()", *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def check(self, reference: dict[str, object] | None, source: str | None) -> None:
        """Compare the end with the undisturbed attempt's, and look for what is left."""
        line = json.loads(json.dumps(self.result or {}))
        solver = self.out / "solver.py"
        if not solver.exists():
            self.fault("no solver")
            return
        if reference is not None:
            for key in ("mean_score", "candidates", "evaluations", "tuned_trials", "search_mean"):
                if line.get(key) != reference.get(key):
                    self.fault(f"{key} is {line.get(key)}, undisturbed {reference.get(key)}")
            if solver.read_text() != source:
                self.fault("another solver than the undisturbed attempt's")
        self._check_runs(line)
        if self.model:
            self._check_questions()
        files = {path.name for path in self.out.iterdir()}
        if files - {"attempt.db", ".lock", "solver.py", "report.html"}:
            self.fault(f"left in the attempt folder: {sorted(files)}")
        for path in (self.root / "tmp").iterdir():
            self.fault(f"left behind: {path.name}")
        for text in processes_of(self.root):
            self.fault(f"still running: {text}")
        for identity in [] if self.engine is None else containers_left(self.owners, self.engine):
            self.fault(f"container left behind: {identity[:12]}")

    def _check_runs(self, line: dict[str, object]) -> None:
        scored = len(self.log.read_text().splitlines())
        kept = counters(self.out)[2]
        if kept != line.get("evaluations"):
            self.fault(f"{kept} runs in the journal, {line.get('evaluations')} in the summary")
        # One more run is made for the report, and scored again to be drawn, once a session that came so far.
        most = kept + WORKERS * self.kills.total() + 2 * self.sessions
        if not kept <= scored + failed_runs(self.out) <= most:
            self.fault(f"{scored} answers were scored for {kept} runs, at most {most} expected")

    def _check_questions(self) -> None:
        prompts = [path.read_text() for path in self.relay.glob("*.prompt.md")]
        calls = counters(self.out)[1]
        if len(set(prompts)) != len(prompts) or len(prompts) != calls:
            self.fault(f"{len(prompts)} questions, {len(set(prompts))} of them different, {calls:.0f} calls counted")


def main() -> None:
    """Kill until the number is reached; print what was found and fail if anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", action="store_true", help="with a scripted author at a relay")
    parser.add_argument("--sandbox", choices=["local", "docker"], default="local", help="docker: kill containers, too")
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)
    engine = Engine() if chosen.sandbox == "docker" else None
    faults: list[str] = []
    kills: Counter[str] = Counter()
    sessions = number = 0
    with tempfile.TemporaryDirectory(prefix="ale-crashes-") as folder:
        root = Path(folder)
        problem = make_problem(root)
        reference: dict[str, object] | None = None
        source, longest = None, 30.0
        while number == 0 or kills.total() < chosen.kills:
            attempt = Attempt(root, problem, number, chosen.model, engine)
            attempt.log.write_text("")
            with author(attempt.relay) if chosen.model else nullcontext():
                most = chosen.kills - kills.total() if number else 0
                attempt.result = attempt.run(most, longest, rng)
            attempt.check(reference, source)
            if not attempt.kills:  # the machine's load changes: a kill must come before the end
                longest = min(longest, attempt.seconds) if number else attempt.seconds
            if reference is None and not attempt.faults:
                reference = attempt.result
                source = (attempt.out / "solver.py").read_text()
            faults += attempt.faults
            kills += attempt.kills
            sessions += attempt.sessions
            number += 1
            print(f"{number} attempts, {kills.total()} kills, {len(faults)} faults", flush=True)
            for fault in attempt.faults:
                print(f"fault: {fault}", flush=True)
            if reference is None:
                break
    print(f"{kills.total()} kills ({dict(kills)}) in {number} attempts, {sessions} sessions: {len(faults)} faults")
    sys.exit(1 if faults else 0)


def make_problem(root: Path) -> Path:
    """Make the problem, with tools that write down what they score."""
    problem = create_problem(root / "problem", "crashes")
    tools = problem / "tools.py"
    tools.write_text(tools.read_text() + _COUNTING.format(log=str(problem / "scored.log")))
    return problem


def kill_somebody(
    process: subprocess.Popen[str], kind: str, longest: float, engine: Engine | None, rng: random.Random
) -> bool:
    """Kill a victim of that kind at a random moment; return whether there was one before the main process had ended."""
    until = time.monotonic() + 0.1 + 0.7 * longest * rng.random() ** 2  # often early: more kills an attempt
    while time.monotonic() < until:
        time.sleep(0.05)
        if process.poll() is not None:
            return False
    patience = time.monotonic() + longest
    while process.poll() is None and time.monotonic() < patience:
        if kill_one(kind, process.pid, engine, rng):
            return True
        time.sleep(0.01)
    return False


def counters(out: Path) -> tuple[float, float, int]:
    """Return the seconds, calls and runs that a journal holds."""
    journal = sqlite3.connect(f"file:{out / 'attempt.db'}?mode=ro", uri=True)
    try:
        spent = dict(journal.execute("SELECT kind, amount FROM spend").fetchall())
        runs = journal.execute("SELECT count(*) FROM results").fetchone()
    except sqlite3.OperationalError:  # killed before the tables were made
        return 0.0, 0.0, 0
    finally:
        journal.close()
    return float(spent.get("seconds", 0.0)), float(spent.get("calls", 0.0)), int(runs[0])


def begun(out: Path) -> bool:
    """Return whether a journal knows what was asked for."""
    if not (out / "attempt.db").exists():
        return False
    journal = sqlite3.connect(f"file:{out / 'attempt.db'}?mode=ro", uri=True)
    try:
        return bool(journal.execute("SELECT count(*) FROM meta WHERE key='options'").fetchone()[0])
    except sqlite3.OperationalError:
        return False
    finally:
        journal.close()


def failed_runs(out: Path) -> int:
    """Return how many runs came to no answer that could be scored."""
    journal = sqlite3.connect(f"file:{out / 'attempt.db'}?mode=ro", uri=True)
    try:
        query = "SELECT count(*) FROM results WHERE verdict NOT IN ('accepted', 'wrong_answer')"
        return int(journal.execute(query).fetchone()[0])
    finally:
        journal.close()


@contextmanager
def author(relay: Path) -> Iterator[None]:
    """Answer every question in a relay folder while the block runs."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            for prompt in sorted(relay.glob("*.prompt.md")):
                reply = prompt.with_name(prompt.name.replace(".prompt.", ".reply."))
                if not reply.with_suffix(".done").exists():
                    reply.write_text(answer_to(prompt.name))
                    reply.with_suffix(".done").touch()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def answer_to(name: str) -> str:
    """Return the author's reply to a prompt file: a program of its own for each number, every other at second try."""
    number = int(name[:4])
    if "retry" not in name and number % 2 == 1:
        return "I would rather talk about it first."
    moves = [f"order = order[{k}:] + order[:{k}]" for k in range(1, 2 * number + 1)]
    return _PROGRAM.format(number=number, moves="\n    ".join([*moves, *["order.reverse()"] * (number % 2)]))


if __name__ == "__main__":
    main()
