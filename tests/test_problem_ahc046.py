"""The bundled problem ahc046: its cases, its judging and its array level."""

from __future__ import annotations

import contextlib
import importlib.util
import json
from collections import deque
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "problems" / "ahc046"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_ahc046", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOLS = load_tools()
CASE = (FOLDER / "samples" / "0000.in").read_text()
OUTPUT = (FOLDER / "samples" / "0000.out").read_text()


def case_of(*cells: tuple[int, int]) -> str:
    """A case that begins with these cells; the others follow row by row from the bottom."""
    others = [(i, j) for i in range(19, -1, -1) for j in range(20) if (i, j) not in cells]
    return "20 40\n" + "".join(f"{i} {j}\n" for i, j in [*cells, *others][:40])


@pytest.mark.parametrize("name", ["0000", "0001", "0002", "0003"])
def test_a_sample_scores_what_is_recorded(name):
    scores = json.loads((FOLDER / "samples" / "scores.json").read_text())
    case, output = ((FOLDER / "samples" / f"{name}.{ending}").read_text() for ending in ("in", "out"))
    assert TOOLS.score(case, output) == scores[name]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", 1),
        ("S R", 2),  # to the wall at (0, 19)
        ("S D S U S R", 2),
        ("S R M D", 3),
        ("A R S R", 1),  # the block ahead holds the skater
        ("A R A R S R", 2),
        ("S D M R S U S R S L", 2),  # away and back: the second target is not on the way
    ],
)
def test_the_skater_moves_as_described(output, expected):
    assert TOOLS.score(case_of((0, 0), (0, 19), (1, 19), (10, 10)), output) == expected


def test_gliding_over_a_target_is_no_visit():
    assert TOOLS.score(case_of((0, 0), (0, 5)), "S R") == 1
    assert TOOLS.score(case_of((0, 0), (0, 5)), "M R M R M R M R M R") == 2


def test_a_block_stops_a_slide():
    away, back = "M D" + " M R" * 6, "M L " * 6 + "M U"
    assert TOOLS.score(case_of((0, 0), (0, 5)), f"{away} {back} S R") == 1
    assert TOOLS.score(case_of((0, 0), (0, 5)), f"{away} A U {back} S R") == 2


def test_all_targets_score_by_the_number_of_actions():
    output = (FOLDER / "samples" / "0001.out").read_text()
    assert TOOLS.score(CASE, output) == 1640 - len(output.splitlines())
    assert TOOLS.score(CASE, output + "S U\n") == 1640 - len(output.splitlines()) - 1


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("M", "the last one has no direction"),
        ("M U", r"action 1: the wall is in the way U of \(0, 0\)"),
        ("A D M D", r"action 2: a block is in the way D of \(0, 0\)"),
        ("A L", r"action 1: there is no cell L of \(0, 0\)"),
        ("S R\nX R", "action 2: expected M, S or A, got 'X'"),
        ("S R\nM r", "action 2: expected U, D, L or R, got 'r'"),
        ("S R " * 1601, "at most 1600 actions, there are 1601"),
        ("S MSA", "expected U, D, L or R"),
        ("MS U", "expected M, S or A"),
    ],
)
def test_a_broken_output_is_refused_with_the_reason(output, reason):
    with pytest.raises(ValueError, match=reason):
        TOOLS.score(case_of((0, 0)), output)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(OUTPUT)), st.integers(0, 40), st.text(max_size=12))
def test_any_text_is_scored_or_refused(start, length, inserted):
    output = OUTPUT[:start] + inserted + OUTPUT[start + length :]
    with contextlib.suppress(ValueError):
        assert 1 <= TOOLS.score(CASE, output) <= 1640


def distance(source: int, target: int, blocks: set[int]) -> int:
    """A naive twin of the search on bit boards; -1 if there is no way."""
    away, queue = {source: 0}, deque([source])
    while queue:
        cell = queue.popleft()
        for direction in range(4):
            ahead = TOOLS.neighbour(cell, direction)
            if ahead < 0 or ahead in blocks:
                continue
            end = ahead
            while (beyond := TOOLS.neighbour(end, direction)) >= 0 and beyond not in blocks:
                end = beyond
            for reached in (ahead, end):
                if reached not in away:
                    away[reached] = away[cell] + 1
                    queue.append(reached)
    return away.get(target, -1)


@pytest.mark.parametrize("seed", range(8))
def test_the_shortest_path_is_as_long_as_a_naive_search_finds(seed):
    rng = np.random.default_rng(seed)
    source, target, *blocks = rng.permutation(400)[: 20 + 20 * seed].tolist()
    free = np.full(20, TOOLS.ROW, dtype=np.uint32)
    for block in blocks:
        TOOLS.flip(free, block)
    layers, path = np.empty((401, 20), dtype=np.uint32), np.empty((400, 2), dtype=np.int64)
    length = TOOLS.shortest_path(free, source, target, layers, path)
    assert length == distance(source, target, set(blocks))
    if length >= 0:
        assert TOOLS.follow(free, source, path, length, np.empty((length, 2), dtype=np.int64), 0)[0] == target


@pytest.mark.parametrize("seed", range(3))
def test_the_objective_of_an_answer_is_the_score_of_its_text(seed):
    text = TOOLS.generate(seed)
    case = TOOLS.read_case(text)
    space = TOOLS.answer_space(case)
    answer = np.random.default_rng(seed).integers(space["low"], space["high"] + 1)
    assert TOOLS.objective(case, answer) == TOOLS.score(text, TOOLS.write_answer(case, answer)) > 1000


@pytest.mark.parametrize("answer", [[0] * 38, [33] + [0] * 38, [-1] + [0] * 38])
def test_an_invalid_answer_is_worth_minus_infinity_and_has_no_text(answer):
    case = TOOLS.read_case(CASE)
    array = np.array(answer, dtype=np.int64)
    assert TOOLS.objective(case, array) == -np.inf
    with pytest.raises(ValueError, match="39 numbers from 0 to 32"):
        TOOLS.write_answer(case, array)


def test_the_picture_numbers_all_targets():
    assert TOOLS.draw(CASE, OUTPUT).count('fill="#10161f"') == 40
