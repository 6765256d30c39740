"""Solver programs as values: parameters, baking, checks, identity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ale_agent.errors import ProgramError
from ale_agent.program import (
    Parameter,
    Program,
    bake,
    check_source,
    normalised_hash,
    parse_parameters,
    similarity,
)

SOURCE = '''"""Solver."""
import json
import sys

PARAMETERS = {  # tuned
    "heat": {"default": 30.0, "low": 0.1, "high": 1e4, "log": True},  # start
    "width": {"default": 40, "low": 4, "high": 400, "log": True},
    "rule": {"default": "metropolis", "choices": ["metropolis", "threshold"]},
}


def main() -> None:
    """Solve."""
    print(len(sys.stdin.read()), json.dumps(PARAMETERS))  # done


if __name__ == "__main__":
    main()
'''


def declaration(text: str) -> str:
    return f"PARAMETERS = {text}\n"


def test_parameters_have_their_kinds_and_ranges() -> None:
    heat, width, rule = parse_parameters(SOURCE)
    assert heat == Parameter(name="heat", default=30.0, low=0.1, high=1e4, log=True)
    assert [parameter.kind for parameter in (heat, width, rule)] == ["float", "int", "categorical"]
    assert rule.choices == ("metropolis", "threshold")


def test_a_program_without_parameters_has_none() -> None:
    assert parse_parameters("print(1)\n") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "not a dict literal"),
        ("{'a': 3}", "not a dict literal"),
        ("{'a b': {'default': 1, 'low': 0, 'high': 2}}", "identifier"),
        ("{'a': {'low': 0, 'high': 2}}", "'default' is missing"),
        ("{'a': {'default': 1}}", "'low' and 'high'"),
        ("{'a': {'default': 5, 'low': 0, 'high': 2}}", r"outside \[0, 2\]"),
        ("{'a': {'default': 2, 'low': 2, 'high': 2}}", "not below"),
        ("{'a': {'default': 1, 'low': 0, 'high': 2, 'log': True}}", "low > 0"),
        ("{'a': {'default': 1, 'low': 1, 'high': 2, 'log': 1}}", "True or False"),
        ("{'a': {'default': 1, 'choices': []}}", "empty"),
        ("{'a': {'default': 3, 'choices': [1, 2]}}", "none of its choices"),
        ("{'a': {'default': 1, 'choices': [1, 1]}}", "twice"),
        ("{'a': {'default': 1, 'choices': [1], 'low': 0}}", "without low"),
        ("{'a': {'default': 1, 'lo': 0, 'high': 2}}", "did you mean 'low'"),
        ("{'a': {'default': 10**9, 'low': 0, 'high': 2}}", "not a literal"),
        ("{'a': {'default': 1e999, 'low': 0, 'high': 2}}", "finite"),
        ("{'a': {'default': True, 'low': 0, 'high': 2}}", "is a number"),
        ("{'a': {'default': 1, 'low': 0, 'high': 2}, 'a': {'default': 1, 'low': 0, 'high': 2}}", "twice"),
        ("{**{}}", "plain string"),
        ("{" + ",".join(f"'a{i}': {{'default': 1, 'low': 0, 'high': 2}}" for i in range(65)) + "}", "at most 64"),
    ],
)
def test_broken_parameters_are_refused_with_the_rule(text: str, reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        parse_parameters(declaration(text))


def test_parameters_changed_after_the_literal_are_refused() -> None:
    with pytest.raises(ProgramError, match="changed"):
        parse_parameters(declaration("{}") + "PARAMETERS['a'] = 1\n")


def test_bake_changes_the_defaults_and_nothing_else() -> None:
    baked = bake(Program.from_source(SOURCE), {"heat": 2.5, "width": 50, "rule": "threshold"})
    expected = SOURCE.replace("30.0", "2.5").replace('"default": 40', '"default": 50')
    assert baked.source == expected.replace('"default": "metropolis"', "\"default\": 'threshold'")
    assert baked.defaults == {"heat": 2.5, "width": 50, "rule": "threshold"}


def test_bake_finds_its_place_behind_characters_of_several_bytes() -> None:
    source = 'PARAMETERS = {"ü": {"default": 1, "low": 0, "high": 9}, "b": {"default": 2, "low": 0, "high": 9}}\r\nprint(1)\r\n'
    assert bake(Program.from_source(source), {"b": 7}).source == source.replace('"default": 2', '"default": 7')


def test_baking_the_defaults_gives_the_program_itself() -> None:
    program = Program.from_source(SOURCE)
    assert bake(program, program.defaults) is program


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"speed": 1}, "no parameter 'speed'"),
        ({"width": 1000}, "outside"),
        ({"width": 40.5}, "not an integer"),
        ({"rule": "none"}, "none of its choices"),
        ({"heat": float("nan")}, "finite"),
        ({"heat": True}, "is a number"),
    ],
)
def test_values_that_do_not_fit_are_refused(values: dict[str, float | int | str], reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        bake(Program.from_source(SOURCE), values)


@given(st.floats(min_value=0.1, max_value=1e4), st.integers(min_value=4, max_value=400))
@settings(max_examples=60, deadline=None)
def test_baked_values_are_read_back_exactly(heat: float, width: int) -> None:
    baked = bake(Program.from_source(SOURCE), {"heat": heat, "width": width})
    assert (baked.defaults["heat"], baked.defaults["width"]) == (heat, width)
    assert type(baked.defaults["width"]) is int


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def main(:\n    pass\n", "line 1"),
        ("x = 1\0\n", "NUL"),
        ("# " + "a" * 600_000, "512 KiB"),
        ("import socket\nprint(1)\n", "'socket'"),
        ("from os import path\nfrom subprocess import run\nprint(path)\n", "line 2"),
        ("from .a import b\nprint(b)\n", "relative"),
        ("from ale_agent.tune import x\nprint(x)\n", "ale_agent.kit"),
        ("import math\nX = 3\n", "nothing to run"),
        ("def main():\n    print(1)\n", "never called"),
        ("def main():\n    print(vlaue)\nvalue = 1\nmain()\n", "did you mean 'value'"),
        ("(" * 150 + ")" * 150 + "+" + "-" * 20000 + "1", "deep|Python"),
        ("\ud800", "surrogate"),
    ],
)
def test_source_that_cannot_be_a_solver_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        check_source(source)


@pytest.mark.parametrize(
    "source",
    [
        "print(sum(map(int, input().split())))\n",
        "import sys, numpy as np\nfrom numba import njit\nprint(np.zeros(3), njit, sys)\n",
        "try:\n    tracer\nexcept NameError:\n    tracer = None\nprint(tracer)\n",
        "class A:\n    n = 3\n    @property\n    def x(self): return self._x\n    @x.setter\n    def x(self, v): self._x = v\nprint(A())\n",  # noqa: E501
        "def main():\n    total = 0\n    def add(k):\n        nonlocal total\n        total += k\n    [add(i) for i in range(3)]\n"  # noqa: E501
        "    print(total, [y := 3], y)\nif __name__ == '__main__':\n    main()\n",
        "match input():\n    case 'a' | 'b' as z:\n        print(z)\n    case other:\n        print(other)\n",
    ],
)
def test_plain_programs_pass(source: str) -> None:
    check_source(source)


def test_hash_ignores_comments_layout_and_docstrings() -> None:
    other = SOURCE.replace("# tuned", "").replace('    """Solve."""\n', "").replace("  # done", "   # other")
    assert normalised_hash(other) == normalised_hash(SOURCE)


@pytest.mark.parametrize(("old", "new"), [("40", "41"), ("40", "40.0"), ("print", "repr"), ("True", "False")])
def test_hash_sees_what_a_program_does(old: str, new: str) -> None:
    assert normalised_hash(SOURCE.replace(old, new, 1)) != normalised_hash(SOURCE)


def test_id_is_short_and_stable() -> None:
    program = Program.from_source(SOURCE)
    assert program.id.startswith("c-") and len(program.id) == 14
    assert program.id == Program.from_source(SOURCE + "# end\n").id


def test_similarity_ignores_constants_and_comments_and_sees_another_program() -> None:
    assert similarity(SOURCE, SOURCE.replace("40", "50").replace("# tuned", "# x")) == 1.0
    assert similarity(SOURCE, "import math\nfor i in range(9):\n    print(math.sqrt(i))\n") < 0.2


@given(st.text(max_size=80), st.text(max_size=80))
def test_similarity_is_symmetric_and_within_bounds(a: str, b: str) -> None:
    assert 0.0 <= similarity(a, b) == similarity(b, a) <= 1.0


_TOKENS = st.sampled_from(
    [
        "PARAMETERS",
        " = ",
        "{",
        "}",
        "'a'",
        ": ",
        "'default'",
        "1",
        "1.5",
        ", ",
        "\n",
        "def main():\n    ",
        "main()",
        "import os\n",
        "(",
        ")",
        "lambda x: ",
        "[",
        "]",
        " for i in ",
        "\t",
        "'",
        "# é\n",
        "\\",
        "-",
        "if 1:\n ",
        "f'{x}'",
        "class A:\n ",
        "*",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_TOKENS, st.text(max_size=3)), max_size=25).map("".join))
def test_any_text_is_a_program_or_one_clear_error(text: str) -> None:
    try:
        program = Program.from_source(text)
    except ProgramError:
        return
    assert program.source == text and program.id
