"""Solvers of an interactive problem that misbehave, in each phase of the dialogue, warm and cold, with the real judge."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ale_agent.evaluate import Job, Judge, PoolEvaluator, Verdict
from ale_agent.problem import Problem, load_problem
from ale_agent.problem.new import create_problem
from ale_agent.program import Program
from ale_agent.sandbox import Sandbox, open_sandbox

pytestmark = pytest.mark.sandbox

SOLVER = """
import os
import sys
import time


def flood():
    while True:
        os.write(1, b"7" * 65536)


def misbehave():
    {deed}


def main():
    if {phase} == 0:
        misbehave()
    input()
    low, high, turn = 1, 1000000, 0
    while True:
        turn += 1
        if {phase} == 1 and turn == 3:
            misbehave()
        guess = (low + high) // 2
        print(guess, flush=True)
        reply = input()
        if reply == "correct":
            break
        low, high = (guess + 1, high) if reply == "higher" else (low, guess - 1)
    if {phase} == 2:
        misbehave()


if __name__ == "__main__":
    main()
"""
FAULTS = {Verdict.TIME_LIMIT, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR, Verdict.OUTPUT_LIMIT}
DEEDS = {
    "is silent": ("time.sleep(1000)", {Verdict.TIME_LIMIT}),
    "burns": ("while True:\n        pass", {Verdict.TIME_LIMIT}),
    "floods": ("flood()", FAULTS),
    "leaves": ("os._exit(0)", {Verdict.WRONG_ANSWER}),
    "crashes": ("raise KeyError", {Verdict.RUNTIME_ERROR}),
    "closes its output": ("os.close(1)\n    time.sleep(1000)", FAULTS),
    "talks garbage": ("os.write(1, bytes(range(256)) + b'\\n')", {Verdict.WRONG_ANSWER}),
}


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    folder = create_problem(tmp_path_factory.mktemp("dialogue") / "guess", "guess", interactive=True)
    text = (folder / "problem.toml").read_text()
    (folder / "problem.toml").write_text(text.replace("time_limit = 2.0", "time_limit = 0.5"))
    return load_problem(folder)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    opened = open_sandbox("local", folder=tmp_path_factory.mktemp("sandbox"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pool(problem: Problem, sandbox: Sandbox) -> Iterator[PoolEvaluator]:
    opened = PoolEvaluator(problem, sandbox=sandbox, workers=1)
    yield opened
    opened.close()


def solver(phase: int, deed: str) -> Program:
    return Program.from_source(SOLVER.format(phase=phase, deed=DEEDS[deed][0]))


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("phase", [0, 1], ids=["at once", "in the middle"])
def test_a_solver_that_misbehaves_ends_with_its_verdict(pool: PoolEvaluator, phase: int, deed: str) -> None:
    begun = time.monotonic()
    (result,) = pool.evaluate(solver(phase, deed), [Job(seed=5, time_limit=0.5)])

    assert result.verdict in DEEDS[deed][1], result.message
    assert time.monotonic() - begun < 30.0


@pytest.mark.parametrize("deed", DEEDS)
def test_after_the_dialogue_only_leaving_well_is_accepted(pool: PoolEvaluator, deed: str) -> None:
    (result,) = pool.evaluate(solver(2, deed), [Job(seed=5, time_limit=0.5)])

    left_well = deed in ("leaves", "talks garbage")
    assert (result.verdict is Verdict.ACCEPTED) == left_well or deed == "floods", result.message
    assert result.verdict is not Verdict.JUDGE_ERROR


@pytest.mark.parametrize("deed", ["is silent", "floods", "leaves"])
def test_a_cold_solver_that_misbehaves_ends_with_its_verdict(problem: Problem, sandbox: Sandbox, deed: str) -> None:
    with Judge(problem, sandbox=sandbox) as judge:
        result = judge.run(solver(1, deed), [5])[5]

    assert result.verdict in DEEDS[deed][1], result.message
    assert result.wall_seconds < 10.0


@pytest.mark.parametrize(
    ("deed", "hint"),
    [
        ("print(5); sys.stdin.readline()", "; the judge waited for line 3 of its output: is each line flushed"),
        ("os.write(1, b'5'); input()", "; line 3 of its output has no newline at its end: end each line with one"),
    ],
    ids=["not flushed", "no newline"],
)
def test_a_solver_that_waits_for_its_judge_is_told_where_and_why(
    problem: Problem, sandbox: Sandbox, deed: str, hint: str
) -> None:
    program = Program.from_source(SOLVER.format(phase=1, deed=deed))
    with Judge(problem, sandbox=sandbox) as judge:
        result = judge.run(program, [5])[5]

    assert result.verdict is Verdict.TIME_LIMIT
    assert hint in result.message.splitlines()[0]


def test_a_solver_that_computes_too_long_is_told_nothing_of_flushing(problem: Problem, sandbox: Sandbox) -> None:
    with Judge(problem, sandbox=sandbox) as judge:
        result = judge.run(solver(1, "burns"), [5])[5]

    assert result.verdict is Verdict.TIME_LIMIT and "flush" not in result.message


def test_the_next_case_is_judged_as_if_nothing_had_been(pool: PoolEvaluator) -> None:
    (result,) = pool.evaluate(solver(3, "leaves"), [Job(seed=6, time_limit=2.0)])

    assert result.accepted, result.message
