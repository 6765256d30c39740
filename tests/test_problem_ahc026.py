"""The problem folder ahc026: official cases, exact judging, and an encoding that says what the judge says."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "ahc026"
SMALL = "6 2\n3 1 5\n6 2 4\n"
CLEARED = ["5 2", "1 0", "5 1", "4 1", "2 0", "5 2", "3 0", "4 0", "5 0", "6 0"]


def load_tools(name: str = "tools_ahc026") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    module = load_tools("tools_ahc026_compiled")
    module.clear_stacks = numba.njit(module.clear_stacks)
    module.objective = numba.njit(module.objective)
    return module


def random_digits(rng: np.random.Generator, share: float) -> np.ndarray:
    return rng.integers(0, 40, 200) * (rng.random(200) < share)


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "6 boxes not carried out"),
        (CLEARED[:-1], "1 boxes not carried out"),
        (["1 0", *CLEARED], "line 1: box 1 cannot leave, box 5 is on top"),
        (["5 2", "5 0"], "line 2: box 5 cannot leave, the next one is 1"),
        ([*CLEARED[:2], "1 2"], "line 3: box 1 has already left"),
        (["7 1"], r"line 1: box 7 is not in 1\.\.6"),
        (["5 3"], r"line 1: stack 3 is not in 0\.\.2"),
        (["5 two"], "line 1: 'two' is not an integer"),
        (["5 2", "", "1"], "ends after box 1"),
        (["5 1"] * 5001, "line 5001: more than 5000 operations"),
    ],
)
def test_wrong_operation_is_refused_with_its_line(lines: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, "\n".join(lines))


def test_moving_onto_the_same_stack_changes_nothing_but_the_cost() -> None:
    plain = tools.score(SMALL, "\n".join(CLEARED))
    assert tools.score(SMALL, "\n".join(["3 1", *CLEARED])) == plain - 4


def test_score_is_at_least_one() -> None:
    assert tools.score(SMALL, "\n".join(["3 1"] * 4000 + CLEARED)) == 1


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from([*CLEARED, "-1 0", "9" * 30 + " 1", "1e3 0", "\u0661 0", "nan", "\0", ""])).map(
            "\n".join
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 1 <= tools.score(SMALL, output) <= 10000


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_objective_equals_the_score_of_the_written_answer(compiled: ModuleType, share: float) -> None:
    rng = np.random.default_rng(int(10 * share))
    for seed in range(4):
        text = tools.generate(seed)
        case, answer = tools.read_case(text), random_digits(rng, share)
        value = compiled.objective(case, answer)
        assert value == tools.score(text, tools.write_answer(case, answer)) == tools.objective(case, answer)


def test_digits_out_of_range_are_invalid(compiled: ModuleType) -> None:
    case = tools.read_case(tools.generate(0))
    for answer in (np.full(200, 40), np.full(200, -1), np.zeros(199, dtype=np.int64)):
        assert compiled.objective(case, answer) == -np.inf


def test_plain_digits_are_a_decent_greedy(compiled: ModuleType) -> None:
    cases = [tools.read_case(tools.generate(seed)) for seed in range(50)]
    assert np.mean([compiled.objective(case, np.zeros(200, dtype=np.int64)) for case in cases]) > 9100


def test_picture_is_well_formed_svg() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "\n".join(CLEARED)))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
