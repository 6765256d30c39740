"""The bundled problem ahc011: its cases, its judging and its array level."""

from __future__ import annotations

import contextlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "problems" / "ahc011"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_ahc011", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOLS = load_tools()
CASE = (FOLDER / "samples" / "0001.in").read_text()
OUTPUT = (FOLDER / "samples" / "0001.out").read_text()


def board(*rows: str) -> str:
    return f"6 432\n{chr(10).join(rows)}\n"


# One row along the top from which a column hangs at each place: a tree of all 35 tiles.
COMPLETE = board("cdddd9", "aaaaaa", "aaaaaa", "aaaaaa", "aaaaa2", "222220")
RING = board("c91111", "631111", "111111", "111111", "111111", "111110")


@pytest.mark.parametrize("name", ["0000", "0001", "0002"])
def test_a_sample_scores_what_is_recorded(name):
    scores = json.loads((FOLDER / "samples" / "scores.json").read_text())
    case, output = ((FOLDER / "samples" / f"{name}.{ending}").read_text() for ending in ("in", "out"))
    assert TOOLS.score(case, output) == scores[name]


@pytest.mark.parametrize(
    ("case", "moves", "expected"),
    [
        (COMPLETE, "", 1_000_000),
        (COMPLETE, "UD", 997_685),  # 500000 (2 - 2 / 432)
        (COMPLETE, "U", 485_714),  # the last column's lowest tile is off: 34 of 35
        (RING, "", 14_286),  # the ring of four does not count, the others are alone: 1 of 35
    ],
)
def test_the_score_is_that_of_the_largest_tree(case, moves, expected):
    assert TOOLS.score(case, moves) == expected


@pytest.mark.parametrize(
    ("moves", "reason"),
    [
        ("R", r"move 1: R leads out of the grid from \(5, 5\)"),
        ("LLLLLL", r"move 6: L leads out of the grid from \(5, 0\)"),
        ("UX", "move 2: expected U, D, L or R, got 'X'"),
        ("U D", "must be one word without spaces, there are 2 words"),
        ("UD" * 217, "at most 432 moves, there are 434"),
        ("l", "expected U, D, L or R, got 'l'"),
    ],
)
def test_a_broken_output_is_refused_with_the_reason(moves, reason):
    with pytest.raises(ValueError, match=reason):
        TOOLS.score(COMPLETE, moves)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(OUTPUT)), st.integers(0, 40), st.text(max_size=12))
def test_any_text_is_scored_or_refused(start, length, inserted):
    output = OUTPUT[:start] + inserted + OUTPUT[start + length :]
    with contextlib.suppress(ValueError):
        assert 0 <= TOOLS.score(CASE, output) <= 1_000_000


@pytest.mark.parametrize("seed", range(5))
def test_the_objective_of_an_answer_is_the_score_of_its_text(seed):
    text = TOOLS.generate(seed)
    case = TOOLS.read_case(text)
    space = TOOLS.answer_space(case)
    rng = np.random.default_rng(seed)
    answer = rng.integers(0, space["symbols"], rng.integers(1, space["maximum_length"] + 1))
    assert TOOLS.objective(case, answer) == TOOLS.score(text, TOOLS.write_answer(case, answer))


def test_moves_beyond_the_most_allowed_are_left_out():
    case = TOOLS.read_case(COMPLETE)
    answer = np.array([0, 35] * 36, dtype=np.int64)
    assert len(TOOLS.write_answer(case, answer).strip()) == 432


@pytest.mark.parametrize("answer", [[], [36], [-1], [0] * 73])
def test_an_invalid_answer_is_worth_minus_infinity_and_has_no_text(answer):
    case = TOOLS.read_case(COMPLETE)
    array = np.array(answer, dtype=np.int64)
    assert TOOLS.objective(case, array) == -np.inf
    with pytest.raises(ValueError, match="1 to 72 cells from 0 to 35"):
        TOOLS.write_answer(case, array)


def test_the_picture_shows_no_loose_end_of_a_complete_tree():
    assert "#d0402a" not in TOOLS.draw(COMPLETE, "")
    assert "#d0402a" in TOOLS.draw(COMPLETE, "U")
