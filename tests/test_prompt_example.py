"""The program that prompts show: it is what it says it is, warm and cold, on either clock."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ale_agent.program import Program
from ale_agent.sandbox import Limits, Run, Sandbox, open_sandbox
from ale_agent.strategist.kit_page import describe_kit
from ale_agent.strategist.prompting import Task, write_prompt
from tests.test_model_strategist import brief

CASE = b"6\n5 4 3 3 2 1\n"
LIMITS = Limits(wall_seconds=60.0)
TASK = Task(title="t", statement="s", facts=(), time_limit=0.4)


@pytest.fixture(scope="module")
def program() -> Program:
    shown = write_prompt(TASK, brief()).split("```python\n")[1].split("```")[0]
    return Program.from_source(shown)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = open_sandbox("auto")
    yield sandbox
    sandbox.close()


def answered(output: bytes) -> int:
    sides = list(map(int, output.split()))
    return sum(side * int(weight) for side, weight in zip(sides, CASE.split()[1:], strict=True))


def test_the_example_runs_warm_on_the_processor_clock_within_its_limit(program: Program, sandbox: Sandbox) -> None:
    loaded = sandbox.load(program.source)
    assert loaded.error == ""
    settings = {
        "ALE_CLOCK": "cpu",
        "ALE_TIME_LIMIT": "0.4",
        "ALE_SEED": "3",
        "ALE_PARAMETERS": json.dumps({"stride": 3}),
    }
    outcome = loaded.start(Run(standard_input=CASE, limits=LIMITS, environment=settings)).wait()
    loaded.close()
    assert outcome.exit_code == 0, outcome.standard_error
    assert answered(outcome.standard_output) == 0
    assert 0.3 < outcome.cpu_seconds < 0.5


def test_the_example_runs_cold_after_the_compile_pass(program: Program, sandbox: Sandbox) -> None:
    cold = sandbox.cold(program.source)
    compiled = cold.start(Run(standard_input=b"", limits=LIMITS), compile_pass=True).wait()
    assert (compiled.exit_code, compiled.standard_output) == (0, b"")
    settings = {"ALE_TIME_LIMIT": "5"}  # starting takes a part of it
    outcome = cold.start(Run(standard_input=CASE, limits=LIMITS, environment=settings)).wait()
    cold.close()
    assert outcome.exit_code == 0, outcome.standard_error
    assert answered(outcome.standard_output) == 0
    assert outcome.wall_seconds > 4.0


def test_the_kit_page_names_arrays_of_what_a_program_needs_and_lists_moves_shortly() -> None:
    from ale_agent.program import kit_sources

    page = describe_kit(kit_sources())
    assert "from ale_agent.kit.budget import clock_seconds, spent_share\n" in page
    assert "A budget is a float64 array `(5,)`" in page
    assert "insertion(answer, extent, reach, rng)" in page
    assert "Take one element out" not in page
