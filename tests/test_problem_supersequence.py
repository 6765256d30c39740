"""The problem folder supersequence: exact lengths, a strict judge, an objective that says what the judge says."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import json
import types
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "supersequence"
SMALL = "3\nGATTA\nTACA\nCATG\n"
EMPTY = np.zeros(0, dtype=np.int64)


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_supersequence", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    scope = dict(vars(tools))
    for name in ("_advance", "_majority"):
        scope[name] = numba.njit(vars(tools)[name])
    return numba.njit(types.FunctionType(tools.objective.__code__, scope))


def symbols(word: str) -> np.ndarray:
    return np.array(["ACGT".index(letter) for letter in word], dtype=np.int64)


def shortest_length(strings: list[str]) -> int:
    """Return the length of a shortest common supersequence: breadth first over how much of each string is matched."""
    goal, layer = tuple(map(len, strings)), {tuple(0 for _ in strings)}
    for length in itertools.count():
        if goal in layer:
            return length
        layer = {
            tuple(at + string.startswith(letter, at) for at, string in zip(state, strings, strict=True))
            for state in layer
            for letter in "ACGT"
        }
    raise AssertionError


def test_generated_cases_stay_what_they_are() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(20), 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "34a071c31e4fb03dbb8cfb4cd173287c254b2decab22f1d31b5c5b58ad628d24"
    )


def test_every_size_is_drawn_and_none_beyond() -> None:
    counts, lengths = set(), set()
    for seed in range(100):
        count, *strings = tools.generate(seed).split()
        assert int(count) == len(strings) and set("".join(strings)) == set("ACGT")
        counts.add(len(strings))
        lengths.update(map(len, strings))
    assert counts == set(range(5, 13)) and lengths == set(range(30, 61))


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "string 1 is not a subsequence of the output's 0 letters: 0 of its 5 letters are matched"),
        ("CATGACTT", "string 1 is not a subsequence of the output's 8 letters: 4 of its 5 letters are matched"),
        ("GATTACTG", "string 2 is not a subsequence of the output's 8 letters: 3 of its 4 letters are matched"),
        ("GATTACA", "string 3 is not a subsequence of the output's 7 letters: 2 of its 4 letters are matched"),
        ("CATG ACTTA", "line 1: a second word 'ACTTA'"),
        ("\nCATGACTTA\n\nA", "line 4: a second word 'A'"),
        ("\nCATGNCTTA", "line 2, letter 5: 'N' is not one of ACGT"),
        ("catgactta", "line 1, letter 1: 'c' is not one of ACGT"),
        ("CATGACTTA\0", r"line 1, letter 10: '\\x00' is not one of ACGT"),
    ],
)
def test_what_is_no_common_supersequence_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "has '' and 0 strings"),
        ("3\nA\nC\n", "has '3' and 2 strings"),
        ("0\n", "has '0' and 0 strings"),
        ("9" * 5000 + "\nA\n", "and 1 strings"),
        ("\u0661\nA\n", "and 1 strings"),
        ("2\nA\nAXA\n", "string 2 of the case must have"),
        ("1\n" + "A" * 10_001, "string 1 of the case must have .* 10001 characters"),
    ],
)
def test_a_broken_case_is_refused(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "A")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["A", "C", "G", "T", "CATGACTTA", "a", "\uff21", "\0", "\n", " "])).map("".join),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 9 <= tools.score(SMALL, output) == len(output.strip())


def test_no_common_supersequence_of_the_small_case_is_shorter_than_its_sample() -> None:
    assert shortest_length(SMALL.split()[1:]) == 9


def test_the_shortest_of_all_answers_of_a_tiny_case_is_optimal(compiled_objective) -> None:
    strings = ["GTA", "TAC", "ACG"]
    case = tools.read_case("3\n" + "\n".join(strings))
    best = min(compiled_objective(case, np.array(answer)) for answer in itertools.product(range(4), repeat=5))
    assert best == shortest_length(strings)


def test_the_empty_answer_is_the_majority_merge_with_ties_to_the_first_letter() -> None:
    # Waiting: G T C, so C; G T A, so A; G T T, so T; G A G, so G; A A, A; T C, C; T A, A; then T, T and A.
    assert tools.write_answer(tools.read_case(SMALL), EMPTY) == "CATGACATTA\n"


def test_symbols_that_advance_no_string_are_not_written() -> None:
    case = tools.read_case("2\nAC\nAG\n")
    assert tools.write_answer(case, symbols("TAAGC")) == "AGC\n"
    assert tools.objective(tools.read_case("1\nAC\n"), symbols("GC")) == 2


@pytest.mark.parametrize("seed", [0, 1, 5, 2**64 - 1])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    longest = tools.answer_space(case)["maximum_length"]
    for length in (0, 1, longest, *rng.integers(0, longest, 10)):
        answer = rng.integers(0, 4, length)
        value = compiled_objective(case, answer)
        assert value == tools.score(text, tools.write_answer(case, answer)) == tools.objective(case, answer)


def test_a_written_answer_is_written_again(compiled_objective) -> None:
    case = tools.read_case(tools.generate(3))
    word = tools.write_answer(case, EMPTY)
    assert tools.write_answer(case, symbols(word.strip())) == word
    assert compiled_objective(case, symbols(word.strip())) == len(word.strip())


def test_majority_is_counted_right_for_as_many_strings_as_there_may_be(compiled_objective) -> None:
    text = "1000\n" + "A\n" * 499 + "TC\n" * 501
    assert tools.write_answer(tools.read_case(text), EMPTY) == "TCA\n"
    assert compiled_objective(tools.read_case(text), EMPTY) == 3


@pytest.mark.parametrize(
    "answer", [[4], [-1], [2, 0, 3, 3, 0, 1, 0, 3, 2, 4], [2, 0, 3, 3, 0, 1, 0, 3, 2, -1], [0] * 14]
)
def test_what_is_outside_the_answer_space_is_invalid(compiled_objective, answer: list[int]) -> None:
    assert compiled_objective(tools.read_case(SMALL), np.array(answer)) == np.inf


def test_picture_has_a_cell_a_letter_and_a_row_a_string() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "CATGACTTA"))
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg" and root.get("viewBox") == "0 0 1200 142"
    cells = [cell for cell in root.iter(f"{name}rect") if cell.get("stroke")]
    assert len(cells) == 9 + 5 + 4 + 4
