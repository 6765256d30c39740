"""The problem folder of AHC024, Topological Map, and the solver program that shrinks it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "problems" / "ahc024"
SOLVER = ROOT / "solvers" / "ahc024" / "boundary_annealing.py"
SMALL = "5 4\n1 1 1 1 2\n1 1 3 2 2\n1 3 3 3 2\n1 4 3 2 2\n4 4 4 4 2\n"
SMALL_ANSWER = "0 0 0 0 0\n0 1 1 2 0\n0 1 3 2 0\n0 4 4 4 0\n0 0 0 0 0\n"


def load_tools() -> ModuleType:
    specification = importlib.util.spec_from_file_location("tools_ahc024", FOLDER / "tools.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


TOOLS = load_tools()


def changed(row: int, column: int, colour: int) -> str:
    """Return the small answer with one cell recoloured."""
    lines = [line.split() for line in SMALL_ANSWER.splitlines()]
    lines[row][column] = str(colour)
    return "\n".join(" ".join(line) for line in lines)


@pytest.mark.parametrize("name", ["0000", "0001", "0002", "0003"])
def test_a_sample_scores_what_is_recorded(name: str) -> None:
    scores = json.loads((FOLDER / "samples" / "scores.json").read_text())
    case, output = ((FOLDER / "samples" / f"{name}.{kind}").read_text() for kind in ("in", "out"))
    assert TOOLS.score(case, output) == scores[name]


def test_the_statements_sample_scores_what_it_says() -> None:
    statement = (FOLDER / "statement.md").read_text()
    assert SMALL in statement and SMALL_ANSWER in statement
    assert TOOLS.score(SMALL, SMALL_ANSWER) == 17


def test_the_given_map_is_an_answer_without_outside_cells() -> None:
    case = TOOLS.generate(7)
    assert TOOLS.score(case, case.split("\n", 1)[1]) == 1


def test_the_last_map_counts() -> None:
    assert TOOLS.score(SMALL, SMALL.split("\n", 1)[1] + SMALL_ANSWER) == 17


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "found 0 tokens"),
        (SMALL_ANSWER + "0", "found 26 tokens"),
        (changed(2, 2, 5), r"row 2, column 2: expected a colour 0\.\.4, found '5'"),
        (changed(2, 2, -1), "row 2, column 2: expected a colour"),
        (changed(4, 0, 1), "colour 1 is not connected: second piece at row 4, column 0"),
        (changed(2, 2, 0), "colour 0 is cut off from the outside"),
        (changed(2, 2, 1), "colour 3 is missing"),
        (changed(1, 3, 0), "colours 1 and 2 must be neighbours and are not"),
    ],
)
def test_a_broken_rule_is_named(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        TOOLS.score(SMALL, output)


def test_a_new_neighbourhood_is_refused() -> None:
    with pytest.raises(ValueError, match="colours 0 and 2 must not be neighbours and are"):
        TOOLS.score("3 2\n1 1 1\n1 2 1\n1 1 1\n", "1 1 1\n1 2 2\n1 1 1\n")


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["0", "1", "2", "3", "4", "²", "1e3", "+1"]), min_size=25, max_size=25).map(" ".join),
        st.builds(changed, st.integers(0, 4), st.integers(0, 4), st.integers(-2, 10**30)),
    )
)
def test_any_text_is_a_score_or_a_refusal(output: str) -> None:
    try:
        score = TOOLS.score(SMALL, output)
    except ValueError:
        return
    assert 1 <= score <= 17


def test_picture_enlarges_the_answer() -> None:
    case, output = ((FOLDER / "samples" / f"0000.{kind}").read_text() for kind in ("in", "out"))
    picture = TOOLS.draw(case, output)
    assert picture.startswith("<svg ") and picture.endswith("</svg>\n")
    assert "enlarged" in picture


def load_solver() -> ModuleType:
    specification = importlib.util.spec_from_file_location("solver_ahc024", SOLVER)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_solver_keeps_the_topology_at_every_length_of_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A cache is bound to the name a module was loaded by: this one must not meet the cache of the program itself.
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    solver = load_solver()
    case = TOOLS.generate(3)
    colours = np.array(case.split()[2:], dtype=np.int64).reshape(50, 50)
    scores = []
    for most_moves in (0, 1, 1000, 30_000, 1_000_000):
        answer = solver.solve(colours, solver.read_parameters(), 1, 1e18, 5, most_moves)
        scores.append(TOOLS.score(case, "\n".join(" ".join(map(str, row)) for row in answer.tolist())))
    assert scores == sorted(scores)
    assert scores[-1] > 1000


@pytest.mark.slow
def test_solver_answers_a_case_as_a_program(tmp_path: Path) -> None:
    environment = os.environ | {"ALE_CLOCK": "cpu", "ALE_TIME_LIMIT": "3", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, str(SOLVER)]
    subprocess.run([*command, "ONLINE_JUDGE"], check=True, env=environment)
    case = TOOLS.generate(1)
    run = subprocess.run(command, input=case, capture_output=True, text=True, check=True, env=environment)
    assert TOOLS.score(case, run.stdout) > 1800
