"""ahc003: the generator is the contest's, and the judge accepts exactly the simple paths from start to goal."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ale_agent.problem import Case, InvalidAnswerError, SolverGoneError, load_problem, open_tools

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "ahc003"


@pytest.fixture(scope="module")
def tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ahc003_tools", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def case(tools: ModuleType) -> str:
    text: str = tools.generate(7)
    return text


class Walker:
    """Answers each query by rows first, and one of them by a word of its own."""

    def __init__(self, wrong: int = -1, answer: str = "") -> None:
        self.wrong = wrong
        self.answer = answer
        self.count = 0
        self.query = (0, 0, 0, 0)
        self.lengths: list[int] = []

    def send(self, text: str) -> None:
        words = [int(word) for word in text.split()]
        if len(words) == 4:
            self.query = (words[0], words[1], words[2], words[3])
        else:
            self.lengths += words

    def receive(self) -> str:
        self.count += 1
        if self.count == self.wrong:
            return self.answer
        si, sj, ti, tj = self.query
        return ("D" if ti > si else "U") * abs(ti - si) + ("R" if tj > sj else "L") * abs(tj - sj)


def test_a_dialogue_is_scored_and_measured_within_a_tenth(tools: ModuleType, case: str) -> None:
    walker = Walker()
    score = tools.interact(case, walker)
    assert 3e8 < score < 1e9
    assert len(walker.lengths) == 1000


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("X", "expected one of"), ("", "ends at"), ("U" * 40, "leaves the grid"), ("LRLR", "query 3")],
)
def test_a_wrong_path_is_refused_with_its_place(tools: ModuleType, case: str, answer: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.interact(case, Walker(3, answer))


def test_the_host_replays_a_transcript_and_tells_an_early_end(case: str) -> None:
    problem = load_problem(FOLDER)
    with open_tools(problem) as host:
        sample = problem.samples[0]
        assert host.score(Case(0, sample.input), sample.output) == sample.score
        with pytest.raises((SolverGoneError, InvalidAnswerError)):
            host.score(Case(0, sample.input), "\n".join(sample.output.split("\n")[:5]) + "\n")


def _words() -> Iterator[str]:
    yield from ("\x00", "é", "UDUD", "D" * 10_000, "-1")


@pytest.mark.parametrize("answer", list(_words()))
def test_no_answer_crashes_the_judge(tools: ModuleType, case: str, answer: str) -> None:
    with pytest.raises(ValueError, match="query 1"):
        tools.interact(case, Walker(1, answer))
