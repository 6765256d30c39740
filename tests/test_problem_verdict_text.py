"""What an official tool prints, read as a score, a refusal or a broken tool."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.problem import InvalidAnswerError
from ale_agent.problem.dialogue import ScriptedSolver
from ale_agent.problem.verdict_text import ToolBrokenError, ToolRun, read_score


def run(stdout: str = "", stderr: str = "", status: int = 0) -> ToolRun:
    return ToolRun(status, stdout, stderr)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Score = 1234\n", 1234.0),
        ("Score = 1,234,567", 1234567.0),
        ("  score=-5\t\n", -5.0),
        ("Score: 0.125", 0.125),
        ("SCORE  =  1.5e3", 1500.0),
        ("Turns = 5\nScore = 7\nSeed = 3\n", 7.0),
        ("Score = 0", 0.0),
        ("Score = 7\r\n", 7.0),
    ],
)
def test_a_score_line_is_read_wherever_it_stands(text: str, score: float) -> None:
    assert read_score(run(stdout=text)) == score
    assert read_score(run(stderr=text)) == score


def test_a_score_that_is_printed_twice_counts_once() -> None:
    assert read_score(run("Score = 7\n", "Score = 7\n")) == 7.0


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (run("Score = 0\n", "box 3 is used twice"), "box 3 is used twice"),
        (run("Score = 0\nbox 3 is used twice\n"), "box 3 is used twice"),
        (run("", "thread 'main' panicked at src/lib.rs", status=101), "panicked"),
        (run("Illegal output: (0, 5)\n"), "Illegal output"),
        (run("Score = 9\n", "too many operations", status=1), "too many operations"),
        (run(status=1), "refused it with exit status 1"),
    ],
)
def test_a_refused_answer_has_the_tools_own_words(what: ToolRun, reason: str) -> None:
    with pytest.raises(InvalidAnswerError, match=reason):
        read_score(what)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (run(), "no line 'Score = N'"),
        (run("Score = many\n"), "no number: 'many'"),
        (run("Score = 1,23\n"), "no number: '1,23'"),
        (run("Score = 1e999\n"), "too large"),
        (run("Score = nan\n"), "no number: 'nan'"),
        (run("Score = \n"), "no number: ''"),
        (run("Score = 5\n", "Score = 6\n"), "different scores: 5, 6"),
        (run("Score = 5\n", status=-11), "killed by SIGSEGV"),
        (run(stderr="sh: no such file", status=127), r"cannot be run \(exit status 127\): sh: no such file"),
        (run(stderr="error: bad argument\n\nUSAGE: vis <input>", status=2), "misused"),
    ],
)
def test_a_broken_tool_is_neither_a_score_nor_a_refusal(what: ToolRun, reason: str) -> None:
    with pytest.raises(ToolBrokenError, match=reason):
        read_score(what)


def test_what_a_solver_said_is_no_score_where_the_tool_has_one() -> None:
    assert read_score(run("Score = 1000000\n", "Score = 7\n"), echoes=True) == 7.0


def test_what_a_solver_said_is_no_reason_to_refuse() -> None:
    assert read_score(run("500\n750\n", "Score = 0\n"), echoes=True) == 0.0


def test_a_long_reason_is_shortened() -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        read_score(run("x" * 10**6, status=1))
    assert len(str(caught.value)) < 2100


@given(st.text(alphabet="Score=: 0123456789.,eE+-\n", max_size=40), st.integers(-15, 130))
def test_any_output_is_a_finite_score_or_one_of_the_two_refusals(text: str, status: int) -> None:
    try:
        score = read_score(run(text, "", status))
    except (InvalidAnswerError, ToolBrokenError):
        return
    assert math.isfinite(score) and status == 0


@pytest.mark.parametrize(
    ("output", "lines"),
    [("", []), ("\n", [""]), ("1 2\n3", ["1 2", "3"]), ("1\r\n2\n", ["1", "2"]), ("a\fb\u2028c\n", ["a\fb\u2028c"])],
)
def test_a_recorded_output_has_the_lines_that_a_pipe_would_give(output: str, lines: list[str]) -> None:
    solver = ScriptedSolver(output)
    assert [solver.receive() for _ in lines] == lines
    with pytest.raises(EOFError):
        solver.receive()
