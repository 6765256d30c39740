"""The problem folder of AHC015, Halloween Candy, and the solver program that plays it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "problems" / "ahc015"
SOLVER = ROOT / "solvers" / "ahc015" / "flavour_rollouts.py"


def load_tools() -> ModuleType:
    specification = importlib.util.spec_from_file_location("tools_ahc015", FOLDER / "tools.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


TOOLS = load_tools()


class Transcript:
    """A solver that says what is written, whatever it hears."""

    def __init__(self, output: str) -> None:
        self.lines = iter(output.splitlines())
        self.heard: list[str] = []

    def send(self, text: str) -> None:
        self.heard.append(text)

    def receive(self) -> str:
        line = next(self.lines, None)
        if line is None:
            raise EOFError
        return line


def judge(case: str, output: str) -> int:
    return TOOLS.interact(case, Transcript(output))


@pytest.mark.parametrize("name", ["0000", "0001", "0002"])
def test_samples_score_as_recorded(name: str) -> None:
    scores = json.loads((FOLDER / "samples" / "scores.json").read_text())
    case, output = ((FOLDER / "samples" / f"{name}.{kind}").read_text() for kind in ("in", "out"))
    assert judge(case, output) == scores[name]


def test_sample_cases_are_the_generated_ones() -> None:
    assert [(FOLDER / "samples" / f"{seed:04d}.in").read_text() for seed in range(3)] == [
        TOOLS.generate(seed) for seed in range(3)
    ]


def test_one_flavour_alone_scores_a_million() -> None:
    case = " ".join(["2"] * 100) + "\n" + "1\n" * 100
    assert judge(case, "F\n" * 100) == 1_000_000


def test_candies_slide_until_stopped_and_keep_their_order() -> None:
    row = [0, 1, 0, 2, 0, 0, 3, 0, 0, 0]
    box = [row] + [[0] * 10 for _ in range(9)]
    assert TOOLS._tilt(box, "R")[0] == [0] * 7 + [1, 2, 3]
    assert TOOLS._tilt(box, "B")[9] == row


def test_positions_count_empty_cells_from_the_front_left() -> None:
    box = [[1] * 10] + [[0] * 10 for _ in range(9)]
    TOOLS._place(box, 12, 3)
    assert box[2][1] == 3


def test_the_solver_hears_flavours_first_and_one_position_a_turn() -> None:
    case = TOOLS.generate(5)
    solver = Transcript("L\n" * 100)
    TOOLS.interact(case, solver)
    assert "".join(solver.heard) == case
    assert len(solver.heard) == 101


@pytest.mark.parametrize("line", ["", "X", "f", "F B", "FB", "\x00", "Ｆ", "1"])
def test_an_invalid_direction_is_refused_with_its_turn(line: str) -> None:
    with pytest.raises(ValueError, match="turn 3: expected one of F, B, L, R"):
        judge(TOOLS.generate(0), f"F\nB\n{line}\nL\n")


def test_a_solver_that_leaves_early_is_left_to_the_host() -> None:
    with pytest.raises(EOFError):
        judge(TOOLS.generate(0), "F\n" * 99)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from([*"FBLR", "", "U", "F F"]), max_size=110).map("\n".join))
)
def test_any_text_is_a_score_or_a_refusal(output: str) -> None:
    try:
        score = judge(TOOLS.generate(1), output)
    except (ValueError, EOFError):
        return
    assert 0 < score <= 1_000_000


def test_picture_shows_every_candy_of_the_last_box() -> None:
    output = (FOLDER / "samples" / "0001.out").read_text()
    picture = TOOLS.draw(TOOLS.generate(1), output)
    last_box = picture[picture.index("after 100 candies") :]
    assert len(re.findall("<circle", last_box)) == 100


@pytest.mark.slow
def test_solver_beats_its_own_rule_alone(tmp_path: Path) -> None:
    environment = os.environ | {"ALE_CLOCK": "cpu", "ALE_TIME_LIMIT": "4", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, str(SOLVER)]
    case = TOOLS.generate(1)
    subprocess.run([*command, "ONLINE_JUDGE"], check=True, env=environment)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        class Pipes:
            def send(self, text: str) -> None:
                stdin.write(text)
                stdin.flush()

            def receive(self) -> str:
                line = stdout.readline()
                if not line:
                    raise EOFError
                return line.rstrip("\n")

        score = TOOLS.interact(case, Pipes())
    assert score > json.loads((FOLDER / "samples" / "scores.json").read_text())["0001"]
