"""Encodings that a model wrote: tried in the sandbox, judged outside, composed, and varied on their own tools."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ale_agent.errors import ProgramError
from ale_agent.evaluate import Job, PoolEvaluator
from ale_agent.problem import Problem, load_problem
from ale_agent.problem.new import create_problem
from ale_agent.sandbox import Limits, Sandbox, open_sandbox
from ale_agent.strategist.builtin import BuiltinStrategist
from ale_agent.strategist.conversations import ModelReply, ModelRequest, Usage
from ale_agent.strategist.encoding import Encoder
from ale_agent.strategist.model import ModelStrategist
from ale_agent.strategist.prompting import describe_task
from ale_agent.strategist.protocol import Brief, Parent, composition_name

LIMITS = Limits(cpu_seconds=100.0, wall_seconds=300.0, idle_seconds=3.0)
GOOD = """
import numpy as np


def read_case(text):
    numbers = np.array(text.split(), dtype=np.int64)
    pairs = numbers[2:].reshape(-1, 2)
    return int(numbers[1]), np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def answer_space(case):
    return {"kind": "permutation", "size": len(case[1])}


def taken(case, answer, k, left):
    return case[1][answer[k]] <= left


def objective(case, answer):
    left = case[0]
    value = 0.0
    for k in range(len(answer)):
        if taken(case, answer, k, left):
            left -= case[1][answer[k]]
            value += case[2][answer[k]]
    return value


def write_answer(case, answer):
    left, chosen = case[0], []
    for k in range(len(answer)):
        if taken(case, answer, k, left):
            left -= case[1][answer[k]]
            chosen.append(int(answer[k]))
    return f"{len(chosen)}\\n{' '.join(map(str, chosen))}\\n"
"""


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """A problem whose own tools have no array level."""
    folder = create_problem(tmp_path_factory.mktemp("problems") / "knapsack", "knapsack")
    tools = (folder / "tools.py").read_text("utf-8")
    for name in ("answer_space", "objective", "write_answer"):
        tools = tools.replace(f"def {name}(", f"def own_{name}(")
    (folder / "tools.py").write_text(tools, "utf-8")
    loaded = load_problem(folder)
    assert not loaded.array_level
    return loaded


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = open_sandbox("auto")
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def encoder(problem: Problem, sandbox: Sandbox) -> Iterator[Encoder]:
    encoder = Encoder(problem, sandbox)
    yield encoder
    encoder.close()


class Scripted:
    name = "scripted"

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.requests: list[ModelRequest] = []

    def ask(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        return ModelReply(text=self.replies.pop(0), usage=Usage())

    def close(self) -> None:
        pass


def brief(request: str, *parents: Parent, tried: frozenset[str] = frozenset()) -> Brief:
    return Brief(request=request, parents=parents, tried=(), genotypes_tried=tried, rng=np.random.default_rng(1))  # type: ignore[arg-type]


def test_an_encoding_becomes_a_solver_that_is_varied_on_its_own_tools(
    problem: Problem, sandbox: Sandbox, encoder: Encoder
) -> None:
    model = Scripted(f"IDEA: an order\n```python\n{GOOD}```\n")
    proposal = ModelStrategist(model, describe_task(problem), encoder=encoder).propose(brief("encode"))
    assert proposal is not None and proposal.genotype is not None and proposal.tools is not None
    assert (proposal.kind, proposal.idea) == ("encode", "an order")
    parent = Parent(
        id=proposal.program.id,
        program=proposal.program,
        values=(),
        genotype=proposal.genotype,
        idea="",
        tools=proposal.tools,
    )
    builtin = BuiltinStrategist(
        tools_source=None, space=None, sample_case="1 1\n1 1\n", objective="maximize", time_limit=1.0,
        weights=lambda rng: lambda slot, name: 1.0,
    )  # fmt: skip
    varied = builtin.propose(
        brief("vary", parent, tried=frozenset({composition_name(proposal.genotype, proposal.tools)}))
    )
    assert varied is not None and varied.tools == proposal.tools and varied.parents == (parent.id,)
    assert builtin.propose(brief("draft")) is None
    evaluator = PoolEvaluator(problem, sandbox=sandbox, workers=1)
    try:
        for program in (proposal.program, varied.program):
            parameters = {"evaluation_limit": 200}
            job = Job(seed=1, time_limit=1.0, parameters=tuple(parameters.items()))
            (result,) = evaluator.evaluate(program, [job])
            assert result.accepted and result.score > 0, result.message
    finally:
        evaluator.close()


BROKEN = {
    "an objective that promises too much": ("return value\n", "return value + 1.0\n", "gives .* where score gives"),
    "an output that is invalid": ('f"{len(chosen)}', 'f"{len(chosen) + 1}', "where the judge says"),
    "a function that does not compile": ("value = 0.0", "value = {}", "does not compile"),
    "a crash at import": ("import numpy as np\n", "import numpy as np\n1 / 0\n", "ZeroDivisionError"),
    "a look outside": ("import numpy as np\n", "import numpy as np\nopen('/etc/passwd')\n", "Permission denied"),
    "an endless loop": ("import numpy as np\n", "import numpy as np\nimport time\ntime.sleep(1e6)\n", "asleep"),
    "a reply that is no answer": ("import numpy as np\n", "import os, numpy as np\nos._exit(0)\n", "disturbed"),
    "a missing function": ("def write_answer", "def writes", "lacks write_answer"),
    "a wrong space": ('"permutation"', '"permutations"', "'kind' must be one of"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_encoding_that_does_not_hold_is_refused_with_the_reason(
    name: str, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, reason = BROKEN[name]
    assert old in GOOD
    monkeypatch.setattr("ale_agent.strategist.encoding._LIMITS", LIMITS)
    with pytest.raises(ProgramError, match=reason):
        encoder.make(GOOD.replace(old, new))
