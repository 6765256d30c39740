"""The problem folder reversals: distances of small permutations, an objective that says what the judge says."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "reversals"
SMALL = "6\n4 1 2 6 5 3\n"
SMALL_OUTPUT = "3\n2 5\n1 5\n3 6\n"
PAIRS = list(itertools.combinations(range(1, 7), 2))  # what the answer symbols of SMALL turn around


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_reversals", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def test_cases_are_the_same_for_ever() -> None:
    text = "".join(tools.generate(seed) for seed in range(20))
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "528fcb038e9443d675903d4c7be8b1a7233665eddead228c049eb9e315ee4459"
    )


def test_sizes_are_20_to_40_and_each_occurs() -> None:
    assert {int(tools.generate(seed).split()[0]) for seed in range(300)} == set(range(20, 41))


@pytest.mark.parametrize("seed", [0, 1, 2, 2**64 - 1])
def test_cases_are_permutations_with_at_least_half_as_many_breakpoints(seed: int) -> None:
    size, *row = map(int, tools.generate(seed).split())
    assert sorted(row) == list(range(1, size + 1))
    framed = np.array([0, *row, size + 1])
    assert np.count_nonzero(abs(np.diff(framed)) != 1) >= size / 2


def test_a_permutation_with_few_breakpoints_is_shuffled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    count = iter([9, 10])  # of 20 symbols or more, the first is too few
    monkeypatch.setattr(tools, "_breakpoints", lambda row: next(count) * len(row) / 20)
    again = tools.generate(6)
    assert not list(count)
    monkeypatch.undo()
    assert again.split()[0] == tools.generate(6).split()[0] and again != tools.generate(6)


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the output is empty"),
        ("x", "line 1, the number of reversals: 'x' is not an integer"),
        ("-1", r"line 1, the number of reversals: -1 is not in 0\.\.60"),
        ("61" + "\n1 2" * 61, r"line 1, the number of reversals: 61 is not in 0\.\.60"),
        ("0", "after 0 reversals place 1 holds 4, must hold 1"),
        ("2\n2 5\n1 5", "after 2 reversals place 3 holds 6, must hold 3"),
        ("1\n0 5", r"line 2, i of reversal 1: 0 is not in 1\.\.6"),
        ("1\n2 7", r"line 2, j of reversal 1: 7 is not in 1\.\.6"),
        ("2\n2 5\n4 4", "line 3, j of reversal 2: 4 must be greater than i, which is 4"),
        ("2\n2 5\n1 4.0", "line 3, j of reversal 2: '4.0' is not an integer"),
        ("1\n2 \u0665", "line 2, j of reversal 1: '\u0665' is not an integer"),
        ("3\n2 5\n1 5\n3", "the output ends after 5 of the 6 places"),
        ("3\n2 5\n1 5\n3 6\n1", "line 5: 1 follows the last of 3 reversals"),
    ],
)
def test_what_does_not_sort_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


def test_ten_reversals_a_symbol_are_accepted() -> None:
    assert tools.score(SMALL, "\n".join(["59", *["1 2"] * 56, "2 5", "1 5", "3 6"])) == 59
    assert tools.score("2\n2 1", "\n".join(["19", *["1 2"] * 19])) == 19


@pytest.mark.parametrize("case", ["", "0", "1\n1", "3\n1 2 3", "3\n1 3 3", "3\n3 2", "64", "9" * 5000, "2\n2 \u0661"])
def test_a_broken_case_is_refused(case: str) -> None:
    with pytest.raises(ValueError, match="the case must"):
        tools.score(case, "0")


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["1", "2", "3", "5", "6", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
        st.lists(st.sampled_from(PAIRS), min_size=1).map(
            lambda pairs: f"{len(pairs)}\n" + "\n".join(f"{low} {high}" for low, high in pairs)
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 3 <= tools.score(SMALL, output) <= 60


def test_no_two_reversals_sort_the_small_case() -> None:
    for (a, b), (c, d) in itertools.product(PAIRS, repeat=2):
        with pytest.raises(ValueError, match="must hold"):
            tools.score(SMALL, f"2\n{a} {b}\n{c} {d}")


def test_best_answers_are_the_reversal_distances_of_five_symbols(compiled_objective) -> None:
    """10, 52, 55 and 2 permutations are 1, 2, 3 and 4 reversals away from the sorted one; counted by a full search."""
    space = [np.array(answer) for length in (1, 2, 3) for answer in itertools.product(range(10), repeat=length)]
    distances: Counter[int] = Counter()
    for row in list(itertools.permutations(range(1, 6)))[1:]:
        case = tools.read_case(f"5\n{' '.join(map(str, row))}")
        distances[int(min(compiled_objective(case, answer) for answer in space))] += 1
    assert distances == {1: 10, 2: 52, 3: 55, 4: 2}


def test_what_the_answer_leaves_unsorted_is_brought_to_place_one_after_another() -> None:
    case = tools.read_case(SMALL)
    assert tools.write_answer(case, np.array([PAIRS.index((5, 6))])) == "6\n5 6\n1 2\n2 3\n3 5\n4 5\n5 6\n"


def test_what_follows_the_sorted_permutation_is_ignored(compiled_objective) -> None:
    case = tools.read_case(SMALL)
    answer = np.array([PAIRS.index(pair) for pair in [(2, 5), (1, 5), (3, 6), (1, 6), (2, 3)]])
    assert tools.write_answer(case, answer) == SMALL_OUTPUT
    assert compiled_objective(case, answer) == tools.objective(case, answer) == 3


def test_symbols_are_the_pairs_of_places_in_lexicographic_order() -> None:
    _, _, first, last = tools.read_case(SMALL)
    assert first.dtype == last.dtype == np.int64
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == PAIRS


@pytest.mark.parametrize("seed", [0, 1, 19, 77])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for trial in range(30):
        answer = rng.integers(0, case[2].size, rng.integers(1, 2 * case[0] + 1))
        value = compiled_objective(case, answer)
        assert value == tools.score(text, tools.write_answer(case, answer))
        assert trial > 3 or value == tools.objective(case, answer)


@pytest.mark.parametrize("size", [2, 3, 62, 63])
def test_objective_equals_the_score_in_the_smallest_and_largest_cases(compiled_objective, size: int) -> None:
    rng = np.random.default_rng(size)
    text = f"{size}\n{' '.join(map(str, range(size, 0, -1)))}\n"
    case = tools.read_case(text)
    for _ in range(30):
        answer = rng.integers(0, case[2].size, rng.integers(1, 2 * size + 1))
        assert compiled_objective(case, answer) == tools.score(text, tools.write_answer(case, answer))
    longest = np.array([case[2].size - 1])  # the greatest sum of places that there is
    assert compiled_objective(case, longest) == tools.objective(case, longest)


@pytest.mark.parametrize("answer", [[], [0] * 13, [15], [-1], [0, 1, 2, 99], [7, 4, 11, 15]])
def test_what_is_outside_of_the_space_is_invalid(compiled_objective, answer: list[int]) -> None:
    case, given = tools.read_case(SMALL), np.array(answer, dtype=np.int64)
    assert compiled_objective(case, given) == tools.objective(case, given) == np.inf


def test_picture_is_well_formed_svg_with_a_row_for_each_step() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, SMALL_OUTPUT))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    rows = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("x") == "10"]
    assert rows == ["1: turn 2-5", "2: turn 1-5", "3: turn 3-6", "sorted"]
    boxes = [box for box in root.iter("{http://www.w3.org/2000/svg}rect") if box.get("width") != "100%"]
    right, bottom = (
        max(float(box.get(a, 0)) + float(box.get(b, 0)) for box in boxes) for a, b in (("x", "width"), ("y", "height"))
    )
    _, _, width, height = map(float, root.get("viewBox", "").split())
    assert right <= width and bottom <= height <= bottom + 30
