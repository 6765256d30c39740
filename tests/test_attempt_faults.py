"""Full disks, lost locks, half-begun journals, and two attempts on one memory: told in one message, and survived."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ale_agent.attempt.journal import Journal
from ale_agent.errors import SandboxUnavailableError, StoreError
from ale_agent.evaluate.programs import ProgramStore
from ale_agent.memory import Store
from ale_agent.problem.new import create_problem
from ale_agent.program import Program
from ale_agent.sandbox import Loaded, Sandbox, folders, open_sandbox

ITERATIONS = ("--iterations", "2", "--trials", "1", "--evaluations", "100", "--seed", "1")


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    return create_problem(tmp_path / "problem", "faults")


def command(tmp_path: Path, *words: str, limit_kib: int | None = None) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", "from ale_agent.cli import main; main()", *words, "--json"]
    if limit_kib is not None:
        program = ["sh", "-c", f'ulimit -f {limit_kib}; exec "$@"', "sh", *program]
    environment = os.environ | {"ALE_HOME": str(tmp_path / "home")}
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def outcome(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any], str]:
    stdout, stderr = process.communicate(timeout=280)
    return process.returncode, json.loads(stdout.strip().splitlines()[-1]), stderr


@pytest.mark.slow
def test_a_full_disk_is_told_in_one_line_and_the_attempt_resumes(problem: Path, tmp_path: Path) -> None:
    out = tmp_path / "attempt"
    Store.open(tmp_path / "home" / "memory.db").close()
    code, line, stderr = outcome(
        command(tmp_path, "solve", str(problem), "--out", str(out), *ITERATIONS, limit_kib=200)
    )
    assert (code, len(stderr.strip().splitlines())) == (2, 1), stderr
    assert line["kind"] == "StoreError"
    assert "resume" in line["error"]
    code, line, stderr = outcome(command(tmp_path, "resume", str(out)))
    assert code == 0, stderr
    assert line["solver"]


@pytest.mark.slow
def test_two_attempts_on_one_memory_neither_block_nor_corrupt_it(problem: Path, tmp_path: Path) -> None:
    words = ["solve", str(problem), *ITERATIONS]
    both = [command(tmp_path, *words, "--out", str(tmp_path / name)) for name in ("one", "two")]
    ends = [outcome(process) for process in both]
    assert [code for code, _, _ in ends] == [0, 0], ends
    (memory,) = (tmp_path / "home").glob("*.db")
    with sqlite3.connect(memory) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    attempts = {str(line["attempt"]) for _, line, _ in ends}
    with Store.open(memory) as store:
        learned = [strategy for strategy in store.strategies() if strategy.origin.attempt in attempts]
    assert learned, "what was learned is in the memory"
    warnings = [text for name in ("one", "two") for text in warned(tmp_path / name)]
    assert not any("memory" in text for text in warnings), warnings


def warned(folder: Path) -> list[str]:
    journal = Journal(folder, read_only=True)
    try:
        return [payload["text"] for _, kind, payload in journal.read_events() if kind == "warning"]
    finally:
        journal.close()


def test_a_journal_that_was_killed_before_it_began_is_begun_anew_and_not_resumed(tmp_path: Path) -> None:
    Journal(tmp_path, create=True).close()
    code, line, stderr = outcome(command(tmp_path, "resume", str(tmp_path)))
    assert (code, line["kind"]) == (2, "StoreError"), stderr
    assert "start it anew" in line["error"]
    Journal(tmp_path, create=True).close()


def test_an_attempt_that_began_is_not_overwritten(tmp_path: Path) -> None:
    journal = Journal(tmp_path, create=True)
    journal.write_meta({"options": {}})
    journal.close()
    with pytest.raises(StoreError, match="there is an attempt here already"):
        Journal(tmp_path, create=True)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be looked at" * 99, b"SQLite format 3\0"])
def test_a_damaged_journal_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "attempt.db").write_bytes(content)
    with pytest.raises(StoreError, match="cannot be read or written"):
        Journal(tmp_path)


def test_a_lost_database_lock_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path, create=True)
    journal._db.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "attempt.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        journal.write_spend({"seconds": 1.0})
    other.close()
    journal.write_spend({"seconds": 2.0})
    assert journal.read_spend() == {"seconds": 2.0}
    journal.close()


def test_a_closed_journal_is_one_file(tmp_path: Path) -> None:
    Journal(tmp_path, create=True).close()
    looked = Journal(tmp_path, read_only=True)
    looked.read_meta()
    looked.close()
    assert {path.name for path in tmp_path.iterdir()} == {"attempt.db", ".lock"}


def test_a_full_temporary_folder_is_no_fault_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_sandbox("local", folder=tmp_path)

    def full(*arguments: object, **more: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folders.tempfile, "mkdtemp", full)
    with pytest.raises(SandboxUnavailableError, match="TMPDIR"):
        opened.load("print(1)")
    monkeypatch.undo()
    opened.close()


class Dead(Loaded):
    """A loaded program that is there and does nothing."""

    error = ""
    load_seconds = 0.0

    def close(self) -> None:
        pass


class SlowSandbox(Sandbox):
    """Loads at once the first time, and waits the second."""

    def __init__(self) -> None:
        self.loads = 0
        self.go_on = threading.Event()

    def load(self, source: str, **more: object) -> Loaded:  # type: ignore[override]
        self.loads += 1
        if self.loads > 1:
            self.go_on.wait(10.0)
        return Dead()  # type: ignore[abstract]


def test_two_cases_that_find_their_program_dead_share_its_restart() -> None:
    sandbox = SlowSandbox()  # type: ignore[abstract]
    store = ProgramStore(sandbox, kept=2, cpu_seconds=1.0, memory_bytes=1 << 20)
    program = Program("print(1)")
    with store.borrow(program) as dead:
        assert store.restart(program, dead)
        assert store.restart(program, dead), "the second case came while the program was being loaded again"
        sandbox.go_on.set()
    with store.borrow(program) as fresh:
        assert not store.restart(program, fresh), "one restart is all"
    store.close()
    assert sandbox.loads == 2
