"""The problem folder facility: random cases, exact rounded distances, an objective that says what the judge says."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import naive_judges

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "facility"
SMALL = "3 5\n0 0 100\n300 400 200\n1000 0 900\n0 10\n3 5\n300 401\n313 408\n990 0\n"
SVG = "{http://www.w3.org/2000/svg}"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_facility", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def random_sites(size: int, rng: np.random.Generator) -> np.ndarray:
    """Return a set of open sites, from a single one to nearly all of them, (size,) int64."""
    chosen = (rng.random(size) < rng.random()).astype(np.int64)
    chosen[rng.integers(size)] = 1
    return chosen


def test_cases_stay_as_they_are() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(20), 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "3adc3119dc36f5020e14f4331c28df0b9e9efb93a22f242fa17fe6c6f87788c2"
    )


@pytest.mark.parametrize("seed", [0, 1, 2, 1000, 2**64 - 1])
def test_cases_are_within_the_statements_constraints(seed: int) -> None:
    (n, m), *lines = ([int(word) for word in line.split()] for line in tools.generate(seed).splitlines())
    assert 50 <= n <= 100 and 100 <= m <= 200
    assert [len(line) for line in lines] == [3] * n + [2] * m
    assert all(0 <= place <= 10_000 for line in lines for place in line[:2])
    assert all(5_000 <= cost <= 15_000 for _, _, cost in lines[:n])


def test_sizes_reach_both_ends_of_their_ranges() -> None:
    heads = [tuple(map(int, tools.generate(seed).split(maxsplit=2)[:2])) for seed in range(400)]
    assert {min(n for n, _ in heads), max(n for n, _ in heads)} == {50, 100}
    assert {min(m for _, m in heads), max(m for _, m in heads)} == {100, 200}


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


def test_the_statement_shows_the_first_sample() -> None:
    statement = (FOLDER / "statement.md").read_text()
    assert all(f"```\n{(FOLDER / 'samples' / f'0000.{end}').read_text()}```" in statement for end in ("in", "out"))


def test_score_is_the_one_computed_by_hand() -> None:
    assert tools.score(SMALL, "2\n1 2\n") == (100 + 200) + (10 + 6 + 1 + 15 + 798)


def test_no_set_of_sites_of_the_small_case_beats_its_sample() -> None:
    sets = [chosen for k in (1, 2, 3) for chosen in itertools.combinations("123", k)]
    assert min(tools.score(SMALL, f"{len(chosen)} {' '.join(chosen)}") for chosen in sets) == 1130


@pytest.mark.parametrize("root", [1, 7, 100, 1000])
def test_distances_are_rounded_exactly_beside_the_middle_of_two_integers(root: int) -> None:
    middle = root * root  # middle ** 2 + root ** 2 is the last square below (middle + 1/2) ** 2
    below, above = tools._distances(np.array([[middle, 0]]), np.array([[0, root], [0, root + 1]]))[0]
    assert (below, above) == (middle, middle + 1)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the output is empty, must be k and the k open sites"),
        ("0\n", r"line 1, token 1: 0 is not in 1\.\.3"),
        ("4\n1 2 3\n", r"line 1, token 1: 4 is not in 1\.\.3"),
        ("2\n1", "the output ends after 1 sites, k is 2"),
        ("2\n1 2 3", "line 2, token 3: 3 is a site too many, k is 2"),
        ("2\n1 4", r"line 2, token 2: 4 is not in 1\.\.3"),
        ("2\n0 1", r"line 2, token 1: 0 is not in 1\.\.3"),
        ("2\n2\n2", "line 3, token 1: site 2 follows site 2, the numbers must increase"),
        ("2\n3 1", "line 2, token 2: site 1 follows site 3, the numbers must increase"),
        ("1\n1.0", r"line 2, token 1: '1\.0' is not an integer"),
        ("1\n" + "9" * 5000, "line 2, token 1: '9{40}' is not an integer"),
        ("1\n\u0661", "line 2, token 1: '\u0661' is not an integer"),
    ],
)
def test_an_invalid_output_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "the case must hold n m, n x 3 and m x 2 integers, has 0 integers"),
        ("3 5\n1 1 1\n", "has 5 integers"),
        (SMALL + "7\n", "has 22 integers"),
        ("0 5\n", r"line 1, token 1: n and m must be 1\.\.1000, is 0"),
        ("3 1000000000000\n", r"line 1, token 2: n and m must be 1\.\.1000, is 1000000000000"),
        ("1 1\n0 -1 5\n0 0\n", r"the sites' coordinates must be 0\.\.1000000, are -1\.\.0"),
        ("1 1\n0 0 5\n0 1000001\n", r"the customers' coordinates must be 0\.\.1000000, are 0\.\.1000001"),
        ("1 1\n0 0 -5\n0 0\n", r"the opening costs must be 0\.\.1000000000, are -5\.\.-5"),
        ("1 1\n0 x 5\n0 0\n", "line 2, token 2: 'x' is not an integer"),
    ],
)
def test_a_broken_case_is_refused(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "1\n1\n")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["1", "2", "3", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(" ".join),
    )
)
def test_any_text_is_scored_as_the_second_judge_scores_it_or_refused(output: str) -> None:
    score = None
    with contextlib.suppress(ValueError):
        score = tools.score(SMALL, output)
    assert score == naive_judges.facility(SMALL, output)


@pytest.mark.parametrize("seed", [0, 1, 31, 2**64 - 1])
def test_objective_equals_both_judges_on_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for _ in range(8):
        answer = random_sites(case[0], rng)
        output = tools.write_answer(case, answer)
        assert compiled_objective(case, answer) == tools.score(text, output) == naive_judges.facility(text, output)


def test_objective_is_the_same_uncompiled(compiled_objective) -> None:
    case, rng = tools.read_case(tools.generate(5)), np.random.default_rng(5)
    answer = random_sites(case[0], rng)
    assert tools.objective(case, answer) == compiled_objective(case, answer)


def test_objective_is_exact_on_the_largest_case_from_elsewhere(compiled_objective) -> None:
    rng = np.random.default_rng(0)
    sites = [f"{x} {y} 1000000000" for x, y in rng.integers(0, 10**6, (1000, 2), endpoint=True)]
    customers = [f"{x} {y}" for x, y in rng.integers(0, 10**6, (1000, 2), endpoint=True)]
    text = "\n".join(["1000 1000", *sites, *customers])
    case = tools.read_case(text)
    for answer in (np.ones(1000, dtype=np.int64), (np.arange(1000) == 999).astype(np.int64)):
        assert compiled_objective(case, answer) == tools.score(text, tools.write_answer(case, answer))


@pytest.mark.parametrize("answer", [[0, 0, 0], [1, 1], [1, 1, 0, 0], [1, 2, 0], [-1, 1, 0], [], [1, 0, 2**40 + 1]])
def test_what_is_no_set_of_sites_is_invalid(compiled_objective, answer: list[int]) -> None:
    assert compiled_objective(tools.read_case(SMALL), np.array(answer, dtype=np.int64)) == np.inf


def test_answers_are_the_sets_of_at_least_one_site() -> None:
    assert tools.answer_space(tools.read_case(SMALL)) == {"kind": "subset", "size": 3, "minimum": 1, "maximum": 3}


def test_picture_has_a_line_a_customer_and_a_square_a_site() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "2\n1 2\n"))
    assert root.tag == f"{SVG}svg" and root.get("viewBox") == "0 0 800 830"
    assert len(root.findall(f"{SVG}line")) == len(root.findall(f"{SVG}circle")) == 5
    squares = root.findall(f"{SVG}rect")[1:]
    assert [square.get("fill") == "none" for square in squares] == [False, False, True]


def test_picture_of_points_that_all_coincide_is_drawn() -> None:
    assert ElementTree.fromstring(tools.draw("1 1\n0 0 0\n0 0\n", "1 1")).tag == f"{SVG}svg"


def test_picture_of_an_invalid_output_is_refused() -> None:
    with pytest.raises(ValueError, match="the output is empty"):
        tools.draw(SMALL, "")
