"""A program's declared parameters: the ``PARAMETERS`` literal, read without running the file."""

from __future__ import annotations

import ast
import difflib
import math
from dataclasses import dataclass
from typing import Literal

from ale_agent.errors import ProgramError
from ale_agent.program.syntax import SourceText

Value = float | int | str
"""What a parameter can be set to (a bool is an int in Python's typing)."""

MAXIMUM_PARAMETERS = 64
_LARGEST_INTEGER = 2**63 - 1
_KEYS = ("default", "low", "high", "log", "choices")
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One constant that the tuner may set: a number in a range, or one of several choices.

    Parameters
    ----------
    name
        The key in ``PARAMETERS``, an identifier.
    default
        Its value unless told otherwise.
    low, high
        The range, both ends included; absent for choices.
    log
        Whether ratios matter rather than differences.
    choices
        The values of a categorical parameter; absent for a range.
    """

    name: str
    default: Value
    low: float | int | None = None
    high: float | int | None = None
    log: bool = False
    choices: tuple[Value, ...] | None = None

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ProgramError(f"parameter {self.name!r}: a name is a Python identifier")
        if self.choices is None:
            _check_range(self)
        else:
            _check_choices(self, self.choices)

    @property
    def kind(self) -> Literal["float", "int", "categorical"]:
        """``int`` exactly if default, low and high are all integers."""
        if self.choices is not None:
            return "categorical"
        return "int" if all(isinstance(value, int) for value in (self.default, self.low, self.high)) else "float"

    def checked(self, value: object) -> Value:
        """Return the value as this parameter's type.

        An integral float serves an integer parameter, an integer a float one, and a value that rounding has put just
        outside the range is moved onto its end.

        Raises
        ------
        ProgramError
            It is of another type, not finite, out of range or no choice.
        """
        if self.choices is not None:
            for choice in self.choices:
                if type(choice) is type(value) and choice == value:
                    return choice
            raise ProgramError(f"parameter {self.name}: {value!r} is none of its choices {list(self.choices)}")
        number = _number(self.name, "the value", value)
        assert self.low is not None and self.high is not None
        slack = _ROUNDING * max(abs(self.low), abs(self.high))
        if not self.low - slack <= number <= self.high + slack:
            raise ProgramError(f"parameter {self.name}: {number!r} is outside [{self.low!r}, {self.high!r}]")
        number = min(max(number, self.low), self.high)
        if self.kind == "float":
            return float(number)
        if number != int(number):
            raise ProgramError(f"parameter {self.name}: {number!r} is not an integer, as its default and range are")
        return int(number)


def parse_parameters(source: str) -> tuple[Parameter, ...]:
    """Return the parameters that a program declares, in order; none if it has no ``PARAMETERS``.

    Raises
    ------
    ProgramError
        The text is not Python, or ``PARAMETERS`` breaks its contract: the message gives name, rule and value.
    """
    return read_parameters(SourceText.parse(source))


def read_parameters(source: SourceText) -> tuple[Parameter, ...]:
    """Return the parameters of a parsed program; see `parse_parameters`."""
    table = find_table(source.tree)
    if table is None:
        return ()
    entries = _entries(table, "PARAMETERS")
    if len(entries) > MAXIMUM_PARAMETERS:
        raise ProgramError(f"PARAMETERS has {len(entries)} entries; at most {MAXIMUM_PARAMETERS} are allowed")
    return tuple(_parameter(name, value) for name, value in entries.items())


def find_table(tree: ast.Module) -> ast.Dict | None:
    """Return the dict literal assigned to ``PARAMETERS`` at the top level.

    Raises
    ------
    ProgramError
        It is assigned twice, changed later, or not a dict literal.
    """
    values: list[ast.expr | None] = []
    for node in tree.body:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            targets = [node.target]
        if not any(_mentions(target) for target in targets):
            continue
        if isinstance(node, ast.AugAssign) or not all(isinstance(target, ast.Name) for target in targets):
            raise ProgramError(f"line {node.lineno}: PARAMETERS is changed after its literal: write it out as one")
        values.append(node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None)
    if not values:
        return None
    if len(values) > 1:
        raise ProgramError(f"PARAMETERS is assigned {len(values)} times; it is one literal at the top level")
    if not isinstance(values[0], ast.Dict):
        raise ProgramError("PARAMETERS is not a dict literal such as {'reach': {'default': 3, 'low': 1, 'high': 9}}")
    return values[0]


def find_defaults(table: ast.Dict) -> dict[str, ast.expr]:
    """Return, for each parameter of a table that has been read without error, the node of its default."""
    return {name: _entries(value, name)["default"] for name, value in _entries(table, "PARAMETERS").items()}


def _mentions(target: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "PARAMETERS" for node in ast.walk(target))


def _entries(node: ast.expr, name: str) -> dict[str, ast.expr]:
    """Return the items of a dict literal whose keys are plain strings, each once."""
    if not isinstance(node, ast.Dict):
        raise ProgramError(f"parameter {name}: its declaration is not a dict literal {{'default': ..., ...}}")
    found: dict[str, ast.expr] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise ProgramError(f"{name}, line {value.lineno}: a key is not a plain string")
        if key.value in found:
            raise ProgramError(f"{name}, line {key.lineno}: the key {key.value!r} is given twice")
        found[key.value] = value
    return found


def _parameter(name: str, node: ast.expr) -> Parameter:
    given = {}
    for key, value in _entries(node, name).items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ProgramError(f"parameter {name}: unknown key {key!r}; known are {', '.join(_KEYS)}{hint}")
        try:
            given[key] = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise ProgramError(
                f"parameter {name}, line {value.lineno}: {key} is not a literal; write the value out (1e9, not 10**9)"
            ) from None
    if "default" not in given:
        raise ProgramError(f"parameter {name}: the key 'default' is missing")
    if not isinstance(given.get("log", False), bool):
        raise ProgramError(f"parameter {name}: log is True or False, not {given['log']!r}")
    if "choices" in given:
        if not isinstance(given["choices"], (list, tuple)):
            raise ProgramError(f"parameter {name}: choices is a list, not {given['choices']!r:.80}")
        given["choices"] = tuple(given["choices"])
    return Parameter(name=name, **given)


def _check_range(parameter: Parameter) -> None:
    name = parameter.name
    if parameter.low is None or parameter.high is None:
        raise ProgramError(f"parameter {name}: it needs 'low' and 'high', or 'choices'")
    low = _number(name, "low", parameter.low)
    high = _number(name, "high", parameter.high)
    default = _number(name, "default", parameter.default)
    if not low < high:
        raise ProgramError(f"parameter {name}: low {low!r} is not below high {high!r}")
    if not low <= default <= high:
        raise ProgramError(f"parameter {name}: its default {default!r} is outside [{low!r}, {high!r}]")
    if parameter.log and not low > 0:
        raise ProgramError(f"parameter {name}: a logarithmic range needs low > 0, not {low!r}")


def _check_choices(parameter: Parameter, choices: tuple[Value, ...]) -> None:
    name = parameter.name
    if parameter.low is not None or parameter.high is not None or parameter.log:
        raise ProgramError(f"parameter {name}: choices go without low, high and log")
    if not choices:
        raise ProgramError(f"parameter {name}: choices is empty")
    for choice in choices:
        if not isinstance(choice, (str, int, float)):
            raise ProgramError(f"parameter {name}: the choice {choice!r:.80} is no string, number or bool")
        if not isinstance(choice, str):
            _number(name, "a choice", choice, allow_bool=True)
        elif any("\ud800" <= character <= "\udfff" for character in choice):
            raise ProgramError(f"parameter {name}: the choice {choice!r:.80} is not valid text")
    for position, choice in enumerate(choices):
        if choice in choices[:position]:
            raise ProgramError(f"parameter {name}: the choice {choice!r} is given twice")
    if not any(type(choice) is type(parameter.default) and choice == parameter.default for choice in choices):
        raise ProgramError(f"parameter {name}: its default {parameter.default!r:.80} is none of its choices")


def _number(name: str, what: str, value: object, *, allow_bool: bool = False) -> float | int:
    """Return a finite number or refuse it."""
    if not isinstance(value, (int, float)) or (isinstance(value, bool) and not allow_bool):
        raise ProgramError(
            f"parameter {name}: {what} is a number, not {value!r:.80}; strings and bools go into choices"
        )
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise ProgramError(f"parameter {name}: {what} does not fit 64 bits")
    elif not math.isfinite(value):
        raise ProgramError(f"parameter {name}: {what} is {value!r}; it must be finite")
    return value
