"""Bundling: the kit's functions written into a program."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from ale_agent.errors import ProgramError
from ale_agent.program import Program, bundle, kit_sources

KIT = {
    "": "from ale_agent.kit.moves import swap\n",
    "rng": '''"""Random numbers."""
from __future__ import annotations
import math as m

_STEP = 25
# Advances the state.
def advance(state):
    """Doc."""
    return state + _STEP

def below(state, n):
    return advance(state) % m.floor(n)

def unused():
    return _STEP
''',
    "moves": """from .rng import below as draw
from ale_agent.kit import rng

def _step(a):
    return a + 1

def swap(a, n):
    return _step(draw(a, n)) + rng.advance(0)
""",
}

HEAD = '"""Mine."""\nimport sys\nfrom ale_agent.kit.moves import swap\n\n\n# keep  this\n'


def run(source: str) -> dict[str, object]:
    """Execute a trusted program of this file and return its globals."""
    values: dict[str, object] = {"__name__": "program"}
    exec(compile(source, "program.py", "exec"), values)
    return values


@pytest.mark.parametrize(
    ("head", "use"),
    [
        ("from ale_agent.kit.moves import swap", "swap(4, 10)"),
        ("from ale_agent.kit.moves import swap as s", "s(4, 10)"),
        ("from ale_agent.kit import swap", "swap(4, 10)"),
        ("from ale_agent.kit import moves", "moves.swap(4, 10)"),
        ("from ale_agent.kit import moves as mv", "mv.swap(4, 10)"),
        ("from ale_agent import kit", "kit.moves.swap(4, 10)"),
        ("import ale_agent.kit.moves", "ale_agent.kit.moves.swap(4, 10)"),
        ("import ale_agent.kit.moves as mv", "mv.swap(4, 10)"),
        ("import ale_agent.kit as k", "k.swap(4, 10)"),
    ],
)
def test_every_way_to_import_gives_the_same_value(head: str, use: str) -> None:
    bundled = bundle(f"{head}\nresult = {use}\n", kit=KIT)
    assert "import ale_agent" not in bundled and "from ale_agent" not in bundled
    assert run(bundled)["result"] == (4 + 25) % 10 + 1 + 25


def test_only_what_is_needed_is_placed_and_once() -> None:
    bundled = bundle(HEAD + "from ale_agent.kit.rng import below\nprint(swap, below)\n", kit=KIT)
    names = [node.name for node in ast.parse(bundled).body if isinstance(node, ast.FunctionDef)]
    assert names == ["advance", "below", "_step", "swap"]
    assert "# Advances the state.\ndef advance" in bundled


def test_the_rest_of_the_program_stays_byte_for_byte() -> None:
    rest = "# keep  this\nx = [1,2 ,3]   # odd\n\n\n\ndef main( ): return swap( 1,2 )\n"
    bundled = bundle(HEAD.replace("# keep  this\n", "") + rest, kit=KIT)
    assert bundled.startswith('"""Mine."""\nimport sys\n') and bundled.endswith(rest)


def test_bundling_twice_changes_nothing() -> None:
    bundled = bundle(HEAD + "print(swap(1, 2))\n", kit=KIT)
    assert bundle(bundled, kit=KIT) == bundled


def test_a_program_without_the_kit_comes_back_unchanged() -> None:
    source = "import  sys\r\nprint( sys )  # ale_agent.kit\r\n"
    assert bundle(source, kit=KIT) == source


@pytest.mark.parametrize(
    "own",
    [
        "def _step(a):\n    return 'mine'\n",
        "_STEP = 'mine'\n",
        "def advance(x):\n    return 'mine'\n",
        "m = 'mine'\n",
        "swap_ = swap\ndef swap(a, n):\n    return swap_(a, n)\n",
    ],
)
def test_names_that_the_program_uses_are_left_to_it(own: str) -> None:
    bundled = bundle(f"from ale_agent.kit.moves import swap\n{own}result = swap(4, 10)\n", kit=KIT)
    values = run(bundled)
    assert values["result"] == 35
    if "mine" in own and "def" not in own:
        assert "mine" in values.values()


def test_a_local_variable_does_not_catch_an_inlined_name() -> None:
    source = "from ale_agent.kit import rng\ndef f():\n    below = rng.below(3, 5)\n    return below\nresult = f()\n"
    assert run(bundle(source, kit=KIT))["result"] == 28 % 5


def test_a_local_of_the_modules_name_is_left_alone() -> None:
    source = "from ale_agent.kit import rng\ndef f(rng):\n    return rng.below\nresult = rng.below(3, 5)\n"
    assert "return rng.below" in bundle(source, kit=KIT)


def test_imports_behind_other_statements_work() -> None:
    source = "import time\nstart = time.time()\nfrom ale_agent.kit.rng import advance as go\nresult = go(1)\n"
    assert run(bundle(source, kit=KIT))["result"] == 26


def test_windows_line_ends_are_kept() -> None:
    bundled = bundle(HEAD.replace("\n", "\r\n") + "result = swap(4, 10)\r\n", kit=KIT)
    assert bundled.count("\n") == bundled.count("\r\n") and run(bundled)["result"] == 35


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("from ale_agent.kit.moves import *\n", "star"),
        ("from ale_agent.kit.moves import nothing\n", "defines no 'nothing'"),
        ("from ale_agent.kit.none import x\n", "defines no 'none'"),
        ("from ale_agent.tune import x\n", "not in ale_agent.kit"),
        ("def f():\n    from ale_agent.kit.moves import swap\n", "top level"),
        ("if 1:\n    import ale_agent.kit.moves\n", "top level"),
        ("from ale_agent.kit import moves\nx = moves\n", "as a value"),
        ("from ale_agent.kit import moves\nmoves.swap = 3\n", "assigning"),
        ("from ale_agent.kit.rng import m\n", "import it from there"),
        ("import sys; from ale_agent.kit.moves import swap\n", "line of its own"),
        ("import sys, ale_agent.kit.moves\n", "statement of its own"),
    ],
)
def test_what_cannot_be_inlined_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        bundle(source, kit=KIT)


def test_a_redefined_builtin_that_the_kit_uses_is_refused() -> None:
    kit = {"a": "def f(x):\n    return min(x, 1)\n"}
    with pytest.raises(ProgramError, match="builtin 'min'"):
        bundle("from ale_agent.kit.a import f\ndef min(a, b):\n    return a\nprint(f(1))\n", kit=kit)


def test_the_whole_installed_kit_bundles_into_a_program_that_stands_alone(tmp_path: Path) -> None:
    lines = []
    for module, text in kit_sources().items():
        names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        if module and names:
            lines.append(f"from ale_agent.kit.{module} import {', '.join(f'{n} as {module}_{n}_x' for n in names)}\n")
    path = tmp_path / "solver.py"
    path.write_text(Program.from_source("".join(lines) + "print('stands alone')\n").source)
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "stands alone\n", done.stderr
