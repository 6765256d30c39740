"""The pool: verdicts as values, judging both kinds of problems, nothing left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from containers import SANDBOXES, open_kind
from evaluate_fakes import DOUBLE, GUESS, MAIN, FakeTools, fake_problem

from ale_agent.errors import ToolsError
from ale_agent.evaluate import CaseResult, Job, PoolEvaluator, Verdict
from ale_agent.program import Program
from ale_agent.sandbox import Sandbox, open_sandbox


@pytest.fixture(scope="module", params=SANDBOXES)
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    opened = open_kind(request.param, folder=tmp_path_factory.mktemp("sandbox"))
    yield opened
    opened.close()


Evaluate = Callable[..., list[CaseResult]]


@pytest.fixture(scope="module")
def evaluate(sandbox: Sandbox) -> Iterator[Evaluate]:
    pools = {
        kind: PoolEvaluator(
            fake_problem(interactive=kind), sandbox=sandbox, workers=2, tools_factory=FakeTools, load_cpu_seconds=2.0
        )
        for kind in (False, True)
    }

    def run(source: str, *seeds: int, interactive: bool = False, **options: Any) -> list[CaseResult]:
        jobs = [Job(**{"seed": seed, "time_limit": 1.0, **options}) for seed in seeds or (7,)]
        return sorted(pools[interactive].evaluate(Program(source), jobs), key=lambda result: result.seed)

    yield run
    for pool in pools.values():
        pool.close()


def test_valid_answers_are_scored_on_every_case(evaluate: Evaluate) -> None:
    results = evaluate(DOUBLE, *range(20))

    assert [result.score for result in results] == [2.0 * seed for seed in range(20)]
    assert {result.verdict for result in results} == {Verdict.ACCEPTED}


def test_a_run_is_measured(evaluate: Evaluate) -> None:
    (result,) = evaluate(
        "import time\ndef main():\n    x = bytearray(80 << 20)\n    end = time.process_time() + 0.2\n"
        "    while time.process_time() < end: pass\n    print(1)\n" + MAIN
    )

    assert result.accepted
    assert 0.2 <= result.cpu_seconds < 0.5
    assert result.wall_seconds >= 0.2
    assert 80 << 20 <= result.memory_bytes < 300 << 20


def test_statistics_of_an_accepted_run_come_with_its_result(evaluate: Evaluate) -> None:
    (result,) = evaluate(
        "import sys\ndef main():\n    print(1)\n    print('chatter\\nSTAT moves 12', file=sys.stderr)\n" + MAIN
    )

    assert (result.accepted, result.message) == (True, "STAT moves 12")


def test_the_solver_is_told_its_settings(evaluate: Evaluate) -> None:
    source = (
        "import json, os\ndef main():\n    values = json.loads(os.environ['ALE_PARAMETERS'])\n"
        "    assert (os.environ['ALE_TIME_LIMIT'], os.environ['ALE_CLOCK']) == ('0.75', 'cpu')\n"
        "    print(values['a'] + int(os.environ['ALE_SEED']))\n" + MAIN
    )

    (result,) = evaluate(source, 1, time_limit=0.75, parameters=(("a", 40),), solver_seed=2)

    assert (result.score, result.message) == (42.0, "")


def test_the_answer_is_kept_when_it_is_wanted(evaluate: Evaluate) -> None:
    assert [evaluate(DOUBLE, 4, keep_output=keep)[0].output for keep in (True, False)] == ["8\n", None]


def test_a_plain_program_is_a_solver(evaluate: Evaluate) -> None:
    results = evaluate("import sys\nn = int(sys.stdin.readline())\nprint(n + 1)\nsys.exit()\n", 1, 2, 3)

    assert [result.score for result in results] == [2.0, 3.0, 4.0]


def test_a_reader_bound_while_loading_reads_the_case(evaluate: Evaluate) -> None:
    source = "import sys\nread = sys.stdin.buffer.readline\ndef main():\n    print(int(read()))\n" + MAIN

    assert [result.score for result in evaluate(source, 5, 6)] == [5.0, 6.0]


def test_state_does_not_pass_from_case_to_case(evaluate: Evaluate) -> None:
    source = "seen = []\ndef main():\n    seen.append(input())\n    print(len(seen))\n" + MAIN

    assert {result.score for result in evaluate(source, *range(6))} == {1.0}


@pytest.mark.parametrize(
    ("body", "verdict", "words"),
    [
        ("print('no')", Verdict.WRONG_ANSWER, "no number"),
        ("pass", Verdict.WRONG_ANSWER, "no number"),
        ("raise KeyError('lost')", Verdict.RUNTIME_ERROR, "KeyError: 'lost'"),
        ("sys.exit(3)", Verdict.RUNTIME_ERROR, "exit code 3"),
        ("os.abort()", Verdict.RUNTIME_ERROR, "ended by signal"),
        ("while True: pass", Verdict.TIME_LIMIT, "processor time"),
        ("import time; time.sleep(100)", Verdict.TIME_LIMIT, "asleep"),
        ("x = bytearray(8 << 30)", Verdict.MEMORY_LIMIT, "MiB"),
        ("sys.stdout.write('1' * (65 << 20))", Verdict.OUTPUT_LIMIT, "bytes"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_failures_are_verdicts(evaluate: Evaluate, body: str, verdict: Verdict, words: str) -> None:
    (result,) = evaluate(f"import os, sys\ndef main():\n    {body}\n{MAIN}", time_limit=0.5)

    assert result.verdict is verdict
    assert words in result.message
    assert result.score is None


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def main(:\n", "SyntaxError"),
        ("import nothing_of_the_kind\ndef main(): pass\n" + MAIN, "nothing_of_the_kind"),
        ("def warm_up():\n    raise OverflowError('cold')\ndef main(): pass\n" + MAIN, "OverflowError: cold"),
        ("while True: pass\ndef main(): pass\n" + MAIN, "longer than 2 s"),
        ("import os\nos._exit(0)\ndef main(): pass\n" + MAIN, "ended its process"),
        ("import sys\nsys.exit(4)\ndef main(): pass\n" + MAIN, "exit code 4"),
    ],
    ids=["syntax", "import", "warm_up", "endless", "os._exit", "sys.exit"],
)
def test_what_does_not_load_fails_on_every_case_with_the_reason(evaluate: Evaluate, source: str, words: str) -> None:
    results = evaluate(source, 1, 2)

    assert {result.verdict for result in results} == {Verdict.RUNTIME_ERROR}
    assert all(words in result.message for result in results)


@pytest.mark.parametrize(("seed", "words"), [(666, "hang"), (667, "crashed")])
def test_a_fault_of_the_tools_is_never_a_score(evaluate: Evaluate, seed: int, words: str) -> None:
    (result,) = evaluate(DOUBLE, seed)

    assert (result.verdict, result.score) == (Verdict.JUDGE_ERROR, None)
    assert words in result.message


def test_an_interactive_solver_talks_to_the_judge(evaluate: Evaluate) -> None:
    results = evaluate(GUESS, 3, 49, 77, interactive=True)

    assert {result.verdict for result in results} == {Verdict.ACCEPTED}
    assert results[1].score == 1.0


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("pass", Verdict.WRONG_ANSWER),
        ("raise KeyError(1)", Verdict.RUNTIME_ERROR),
        ("print('x', flush=True); input()", Verdict.WRONG_ANSWER),
        ("while True: print(1)", Verdict.TIME_LIMIT),
        ("while True: pass", Verdict.TIME_LIMIT),
    ],
    ids=["quits", "raises", "garbage", "floods", "burns"],
)
def test_bad_interactive_solvers_end_with_their_verdict(evaluate: Evaluate, body: str, verdict: Verdict) -> None:
    started = time.monotonic()

    (result,) = evaluate(f"def main():\n    {body}\n{MAIN}", 55, interactive=True)

    assert result.verdict is verdict, result.message
    assert time.monotonic() - started < 30


def test_closing_the_iterator_ends_what_runs(sandbox: Sandbox) -> None:
    pool = PoolEvaluator(fake_problem(), sandbox=sandbox, workers=1, tools_factory=FakeTools)
    source = "import time\ndef main():\n    if input() == '1':\n        time.sleep(60)\n    print(1)\n" + MAIN
    results = pool.evaluate(Program(source), [Job(seed=seed, time_limit=30.0) for seed in (0, 1, 1, 1)])
    assert next(results).accepted
    started = time.monotonic()

    results.close()  # type: ignore[attr-defined]
    pool.close()

    assert time.monotonic() - started < 10


def test_two_programs_are_evaluated_at_once(evaluate: Evaluate) -> None:
    found: dict[int, list[float | None]] = {}

    def work(factor: int) -> None:
        source = f"def main():\n    print({factor} * int(input()))\n{MAIN}"
        found[factor] = [result.score for result in evaluate(source, *range(8))]

    threads = [threading.Thread(target=work, args=(factor,)) for factor in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {factor: [float(factor * seed) for seed in range(8)] for factor in (2, 3)}


def test_cases_are_generated_once(sandbox: Sandbox) -> None:
    tools = FakeTools()
    pool = PoolEvaluator(fake_problem(), sandbox=sandbox, workers=1, tools_factory=lambda: tools)
    for _ in range(2):
        list(pool.evaluate(Program(DOUBLE), [Job(seed=5, time_limit=1.0)]))
    pool.close()

    assert tools.generated == [5]


def test_programs_beyond_the_kept_ones_are_closed(tmp_path: Path) -> None:
    opened = open_sandbox("local", folder=tmp_path)
    pool = PoolEvaluator(fake_problem(), sandbox=opened, workers=1, tools_factory=FakeTools, keep_loaded=2)
    for number in range(5):
        list(pool.evaluate(Program(f"# {number}\n{DOUBLE}"), [Job(seed=1, time_limit=1.0)]))
    loaded = list(tmp_path.glob("*/program-*"))
    pool.close()
    opened.close()

    assert 1 <= len(loaded) <= 2
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_was_released_can_be_evaluated_again(sandbox: Sandbox) -> None:
    pool = PoolEvaluator(fake_problem(), sandbox=sandbox, workers=1, tools_factory=FakeTools)
    program = Program(DOUBLE)
    scores = []
    for _ in range(2):
        scores += [result.score for result in pool.evaluate(program, [Job(seed=2, time_limit=1.0)])]
        pool.release(program)
    pool.close()

    assert scores == [4.0, 4.0]


def test_a_loaded_program_that_was_killed_is_loaded_again(tmp_path: Path) -> None:
    opened = open_sandbox("local", folder=tmp_path)
    pool = PoolEvaluator(fake_problem(), sandbox=opened, workers=1, tools_factory=FakeTools)
    program = Program(DOUBLE)
    job = Job(seed=3, time_limit=1.0)
    assert [result.score for result in pool.evaluate(program, [job])] == [6.0]
    for name in os.listdir("/proc"):
        if name.isdigit() and str(tmp_path) in _cwd(name):
            os.kill(int(name), 9)

    again = list(pool.evaluate(program, [job]))
    pool.close()
    opened.close()

    assert [result.score for result in again] == [6.0]


def _cwd(pid: str) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def test_closing_gives_up_what_is_being_loaded(sandbox: Sandbox) -> None:
    pool = PoolEvaluator(fake_problem(), sandbox=sandbox, workers=1, tools_factory=FakeTools, load_cpu_seconds=600.0)
    pool.prepare(Program("while True: pass\n" + DOUBLE))
    time.sleep(0.3)
    started = time.monotonic()

    pool.close()

    assert time.monotonic() - started < 20


def test_tools_that_cannot_be_opened_are_an_error_of_ours(sandbox: Sandbox) -> None:
    def fail() -> FakeTools:
        raise ToolsError("tools.py is gone")

    pool = PoolEvaluator(fake_problem(), sandbox=sandbox, workers=1, tools_factory=fail)

    with pytest.raises(ToolsError, match=r"tools\.py is gone"):
        list(pool.evaluate(Program(DOUBLE), [Job(seed=1, time_limit=1.0)]))
    pool.close()
