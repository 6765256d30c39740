"""The problem folder qap: Taillard's kind of instances, exact costs, an objective that says what the judge says."""

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

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "qap"
SMALL = "4\n0 7 2 5\n7 0 4 9\n2 4 0 6\n5 9 6 0\n0 3 8 1\n3 0 0 6\n8 0 0 2\n1 6 2 0\n"
# Nugent, Vollmann and Ruml's instance with five facilities; its optimum is published as 50.
NUGENT_5 = """5
0 1 1 2 3
1 0 2 1 2
1 2 0 1 2
2 1 1 0 1
3 2 2 1 0
0 5 2 4 1
5 0 3 0 2
2 3 0 0 0
4 0 0 0 5
1 2 0 5 0
"""


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_qap", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def test_generated_cases_stay_the_same() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(10), 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "fb2319720544b5c22747fb8eac264dd55cdc61e2e6cd6277d79418f2ba2fc2f3"
    )


def test_every_size_from_20_to_40_is_drawn() -> None:
    assert {int(tools.generate(seed).split(maxsplit=1)[0]) for seed in range(150)} == set(range(20, 41))


@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_generated_matrices_are_symmetric_from_0_to_99_with_zero_diagonal(seed: int) -> None:
    lines = tools.generate(seed).splitlines()
    size = int(lines[0])
    both = np.array([line.split() for line in lines[1:]], dtype=int).reshape(2, size, size)
    assert (both == both.transpose(0, 2, 1)).all() and (both >= 0).all() and (both <= 99).all()
    assert not both[:, range(size), range(size)].any()


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


def test_cost_by_hand() -> None:
    assert tools.score(SMALL, "1 2 3 4") == 2 * (7 * 3 + 2 * 8 + 5 * 1 + 4 * 0 + 9 * 6 + 6 * 2)


def test_no_assignment_of_the_small_case_beats_its_sample() -> None:
    assert min(tools.score(SMALL, " ".join(map(str, order))) for order in itertools.permutations(range(1, 5))) == 184


def test_published_optimum_of_nugents_instance_is_met() -> None:
    assert min(tools.score(NUGENT_5, " ".join(map(str, order))) for order in itertools.permutations(range(1, 6))) == 50


def test_facilities_and_locations_may_change_roles() -> None:
    lines = tools.generate(3).splitlines()
    size = int(lines[0])
    mirrored = "\n".join([lines[0], *lines[1 + size :], *lines[1 : 1 + size]])
    order = np.random.default_rng(3).permutation(size)
    there, back = (" ".join(map(str, some + 1)) for some in (order, np.argsort(order)))
    assert tools.score("\n".join(lines), there) == tools.score(mirrored, back)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "0 facilities have a location, must be all 4"),
        ("1 2 3", "3 facilities have a location"),
        ("1 2\n3 3", "line 2, location of facility 4: 3 is taken already, by facility 3"),
        ("1 2 3 4 1", "location of facility 5: 1 is taken already"),
        ("0 1 2 3", r"line 1, location of facility 1: 0 is not in 1\.\.4"),
        ("1 2 3 4.0", "'4.0' is not an integer"),
        ("1 2 3 \u0664", "facility 4: '\u0664' is not an integer"),
    ],
)
def test_what_is_no_assignment_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "has n = 0, 0 integers"),
        ("2\n0 1\n1 0\n0 1\n1", "has n = 2, 8 integers"),
        ("999999999999\n0", "has n = 999999999999, 2 integers"),
        ("2\n0 1\n1 0\n0 x\n1 0", "line 4: 'x' is not an integer"),
        ("2\n0 1\n2 0\n0 1\n1 0", "distance in row 1, column 2: must be equal to row 2, column 1, is 1"),
        ("2\n0 1\n1 0\n0 1\n1 7", "flow in row 2, column 2: must be zero on the diagonal, is 7"),
        ("2\n0 -1\n-1 0\n0 1\n1 0", r"must hold values 0\.\.100000, has -1\.\.1"),
    ],
)
def test_a_broken_case_is_refused_with_its_place(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "1 2")


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["1", "2", "3", "4", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 184 <= tools.score(SMALL, output) <= 254


@pytest.mark.parametrize("seed", [0, 1, 2, 77])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for _ in range(10):
        order = rng.permutation(case[0])
        value = compiled_objective(case, order)
        assert value == tools.score(text, tools.write_answer(case, order)) == tools.objective(case, order)


def test_objective_is_exact_for_the_largest_case_that_is_read(compiled_objective) -> None:
    size, greatest = 256, 10**5
    rows = "\n".join(" ".join("0" if row == column else str(greatest) for column in range(size)) for row in range(size))
    case, order = tools.read_case(f"{size}\n{rows}\n{rows}\n"), np.arange(size)
    assert compiled_objective(case, order) == tools.objective(case, order) == size * (size - 1) * greatest**2


@pytest.mark.parametrize(
    "answer", [[0, 1, 2, 2], [0, 0, 1, 2], [0, 1, 2], [0, 1, 2, 3, 0], [0, 1, 2, 4], [-1, 0, 1, 2]]
)
def test_what_is_no_permutation_is_invalid(compiled_objective, answer: list[int]) -> None:
    case = tools.read_case(SMALL)
    assert compiled_objective(case, np.array(answer)) == tools.objective(case, np.array(answer)) == np.inf


def test_two_facilities_at_one_location_are_invalid_even_without_flow(compiled_objective) -> None:
    case = tools.read_case("3\n" + "0 0 0\n" * 6)
    assert compiled_objective(case, np.array([2, 0, 1])) == 0
    assert compiled_objective(case, np.array([2, 0, 2])) == np.inf


@pytest.mark.parametrize("case", [SMALL, "4\n" + "0 0 0 0\n" * 8])
def test_picture_is_well_formed_svg_with_a_cell_for_each_pair(case: str) -> None:
    root = ElementTree.fromstring(tools.draw(case, "3 1 2 4"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 1230 880"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}title"))) == 16
