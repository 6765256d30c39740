"""As a judge: one compile pass, cold runs, the wall clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from containers import SANDBOXES, open_kind
from evaluate_fakes import DOUBLE, GUESS, MAIN, FakeTools, fake_problem

from ale_agent.errors import ToolsError
from ale_agent.evaluate import Judge, JudgeReport, Verdict, judge_run
from ale_agent.problem import Case
from ale_agent.program import Program
from ale_agent.sandbox import Ending, Outcome, Run, Sandbox


@pytest.fixture(scope="module", params=SANDBOXES)
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    opened = open_kind(request.param, folder=tmp_path_factory.mktemp("sandbox"))
    yield opened
    opened.close()


def test_every_case_is_judged_and_keeps_its_answer(sandbox: Sandbox) -> None:
    report = judge_run(Program(DOUBLE), fake_problem(), [3, 1], sandbox=sandbox, tools_factory=FakeTools)

    assert {seed: (result.score, result.output) for seed, result in report.items()} == {
        3: (6.0, "6\n"),
        1: (2.0, "2\n"),
    }


def test_start_up_counts_and_is_told(sandbox: Sandbox) -> None:
    source = "import time\ntime.sleep(0.3)\n" + DOUBLE

    report = judge_run(Program(source), fake_problem(), [1, 2], sandbox=sandbox, tools_factory=FakeTools)

    assert report.startup_seconds >= 0.3
    assert report.startup_share == report.startup_seconds / 1.0
    assert report.slowest.wall_seconds >= 0.3


def test_a_case_over_the_limit_by_the_clock_has_no_score(sandbox: Sandbox) -> None:
    source = f"import time\ndef main():\n    time.sleep(1.2)\n    print(1)\n{MAIN}"

    report = judge_run(Program(source), fake_problem(), [1], sandbox=sandbox, tools_factory=FakeTools)

    assert (report[1].verdict, report[1].score) == (Verdict.TIME_LIMIT, None)


def test_the_settings_are_left_to_the_program(sandbox: Sandbox) -> None:
    source = f"import os\ndef main():\n    print(sum(name.startswith('ALE_') for name in os.environ))\n{MAIN}"

    report = judge_run(Program(source), fake_problem(), [1], sandbox=sandbox, tools_factory=FakeTools)

    assert report[1].score == 0.0


def test_a_failing_compile_pass_is_told_but_the_cases_run(sandbox: Sandbox) -> None:
    source = f"import sys\ndef main():\n    print(int(input()))\n{MAIN}"

    report = judge_run(Program(source), fake_problem(), [4], sandbox=sandbox, tools_factory=FakeTools)

    assert "EOFError" in report.compiled.error
    assert report[4].score == 4.0


def test_a_judge_compiles_a_program_once(sandbox: Sandbox) -> None:
    class Counting:
        kind = "counting"
        count = 0

        def cold(self, source: str) -> object:
            self.count += 1
            return sandbox.cold(source)

    counting = Counting()
    with Judge(fake_problem(), sandbox=counting, tools_factory=FakeTools) as judge:  # type: ignore[arg-type]
        scores = [judge.run(Program(DOUBLE), [seed])[seed].score for seed in (1, 2)]

    assert (scores, counting.count) == ([2.0, 4.0], 1)


def test_an_interactive_program_is_judged_cold(sandbox: Sandbox) -> None:
    problem = fake_problem(interactive=True)

    report = judge_run(Program(GUESS), problem, [49], sandbox=sandbox, tools_factory=FakeTools)

    assert report[49].score == 1.0


def test_a_fault_of_the_tools_is_never_a_score(sandbox: Sandbox) -> None:
    report = judge_run(Program(DOUBLE), fake_problem(), [666], sandbox=sandbox, tools_factory=FakeTools)

    assert report[666].verdict is Verdict.JUDGE_ERROR


def test_an_error_of_ours_while_judging_is_raised(sandbox: Sandbox) -> None:
    def fail() -> FakeTools:
        raise ToolsError("tools.py is gone")

    with pytest.raises(ToolsError, match="gone"):
        judge_run(Program(DOUBLE), fake_problem(), [1], sandbox=sandbox, tools_factory=fail)


@dataclass
class TimedSandbox:
    """Runs nothing: its runs take given times by the clock, of which they wait for a processor for given times."""

    times: list[tuple[float, float | None]]
    runs: int = 0

    def cold(self, source: str) -> TimedSandbox:
        return self

    def start(self, run: Run, *, compile_pass: bool = False) -> TimedSandbox:
        self.compiling = compile_pass
        return self

    @property
    def channels(self) -> tuple[int, int]:
        ours, theirs = os.pipe()
        return ours, theirs

    def wait(self) -> Outcome:
        wall, queued = (0.2, 0.1) if self.compiling else self.times[self.runs]
        self.runs += not self.compiling
        return Outcome(
            ending=Ending.EXITED, exit_code=0, standard_output=b"5", standard_error="", cpu_seconds=0.4,
            wall_seconds=wall, memory_bytes=0, queued_seconds=queued,
        )  # fmt: skip

    def close(self) -> None:
        pass


def judged(*times: tuple[float, float | None]) -> tuple[TimedSandbox, JudgeReport]:
    sandbox = TimedSandbox(list(times))
    report = judge_run(Program(DOUBLE), fake_problem(), [1], sandbox=sandbox, tools_factory=FakeTools)  # type: ignore[arg-type]
    return sandbox, report


def test_a_run_that_is_late_only_for_waiting_for_a_processor_is_run_again() -> None:
    sandbox, report = judged((1.3, 0.5), (0.9, 0.2))

    assert (report[1].verdict, report[1].score, sandbox.runs) == (Verdict.ACCEPTED, 5.0, 2)


def test_a_run_that_stays_late_is_a_time_limit_that_says_how_long_it_waited() -> None:
    sandbox, report = judged((1.3, 0.5), (1.2, 0.3), (1.4, 0.6), (0.5, 0.0))

    assert (report[1].verdict, sandbox.runs) == (Verdict.TIME_LIMIT, 3)
    assert report[1].message == (
        "1.400 s by the clock, 1 allowed (0.600 s of it waiting for a processor, and late only for that, 3 times: "
        "this machine is too busy to tell)"
    )


def test_a_run_that_waited_for_its_judge_is_not_late_for_that() -> None:
    class Waiting(FakeTools):
        waited = 0.0

        @property
        def queued_seconds(self) -> float:
            return self.waited

        def interact(self, case: Case, read_fd: int, write_fd: int, *, wall_seconds: float) -> float:
            os.close(read_fd)
            os.close(write_fd)
            self.waited += 0.4
            return 7.0

    sandbox = TimedSandbox([(1.3, 0.1), (0.9, 0.0)])
    problem = fake_problem(interactive=True)
    report = judge_run(Program(GUESS), problem, [1], sandbox=sandbox, tools_factory=Waiting)  # type: ignore[arg-type]

    assert (report[1].verdict, report[1].score, sandbox.runs) == (Verdict.ACCEPTED, 7.0, 2)


def test_where_there_is_no_time_a_late_run_is_not_run_again() -> None:
    sandbox = TimedSandbox([(1.3, 0.5), (0.5, 0.0)])
    with Judge(fake_problem(), sandbox=sandbox, tools_factory=FakeTools, may_run_again=lambda: False) as judge:  # type: ignore[arg-type]
        report = judge.run(Program(DOUBLE), [1])

    assert (report[1].verdict, sandbox.runs) == (Verdict.TIME_LIMIT, 1)


@pytest.mark.parametrize(("wall", "queued"), [(1.3, 0.0), (1.3, 0.2), (1.01, 0.005)])
def test_a_run_that_is_late_by_itself_is_not_run_again(wall: float, queued: float) -> None:
    sandbox, report = judged((wall, queued), (0.5, 0.0))

    assert (report[1].verdict, sandbox.runs) == (Verdict.TIME_LIMIT, 1)


def test_waiting_for_a_processor_is_no_part_of_start_up() -> None:
    assert judged((0.5, 0.0))[1].startup_seconds == pytest.approx(0.1)
