"""TeX as plain text, and small expressions such as ``N-1`` or ``2 * 10^5`` as numbers.

Not covered: TeX beyond what statements use in formats and constraints; an unknown command becomes its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_COMMANDS = {
    "le": "<=", "leq": "<=", "leqq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqq": ">=", "geqslant": ">=",
    "lt": "<", "gt": ">", "ne": "!=", "neq": "!=", "times": "*", "cdot": "*", "ldots": " ... ", "cdots": " ... ",
    "dots": " ... ", "hdots": " ... ", "dotsc": " ... ", "vdots": " : ", "ddots": " : ", "quad": " ", "qquad": " ",
    "in": " in ", "left": "", "right": "", "mid": "|", "lfloor": "floor(", "rfloor": ")", "infty": "inf",
    "displaystyle": "", "hspace": " ", "sim": "~", "approx": "~", "to": "->", "max": "max", "min": "min",
}  # fmt: skip
_WRAPPERS = re.compile(
    r"\\(?:mathrm|mathit|mathbf|text|texttt|textrm|textit|mathtt|operatorname|rm|it|tt|mathsf|vec|bar|hat)"
    r"\s{0,3}\{([^{}]{0,80})\}"
)
_COMMAND = re.compile(r"\\([A-Za-z]{1,24})\*?")
_SPACING = re.compile(r"\\[,;:! ~]|~")
_CHARACTERS = str.maketrans(
    {
        "≤": "<=", "≦": "<=", "⩽": "<=", "≥": ">=", "≧": ">=", "⩾": ">=", "＜": "<", "＞": ">", "＝": "=", "×": "*",
        "…": " ... ", "⋯": " ... ", "⋮": " : ", "︙": " : ", "−": "-", "–": "-", "≠": "!=", "·": "*",
        "\u2061": "", "\u200b": "", "\xa0": " ",
    }
)  # fmt: skip
_TOKEN = re.compile(r"\s*(?:(\d+(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?(?:e\d+)?)|([A-Za-z][A-Za-z0-9_{}]*)|(\*\*|[-+*/^()]))")
_MAXIMUM_TOKENS = 24
_LARGEST = 1e30


def plain_math(text: str) -> str:
    """Return a text with dollar signs and TeX commands replaced by what they stand for; linear in its length."""
    text = text.translate(_CHARACTERS)
    if "\\" in text:
        text = text.replace("\\_", "_").replace("\\{", " ").replace("\\}", " ").replace("\\\\", "\n")
        text = _WRAPPERS.sub(r"\1", text)
        text = _SPACING.sub(" ", text)
        text = _COMMAND.sub(lambda match: _COMMANDS.get(match[1], match[1]), text)
    return text.replace("$", "")


def evaluate(expression: str, values: Mapping[str, float]) -> float | None:
    """Return the value of an arithmetic expression over known names; `None` if it is none or a name is not known.

    ``+ - * / ^`` and parentheses, and ``2N`` for a product; division is exact or floors.
    """
    tokens: list[str] = []
    position = 0
    expression = expression.strip()
    while position < len(expression):
        match = _TOKEN.match(expression, position)
        if match is None or match.end() == position or len(tokens) >= _MAXIMUM_TOKENS:
            return None
        token = match[1] or match[2] or match[3]
        if tokens and match[3] is None and _is_operand(tokens[-1]):
            tokens.append("*")
        tokens.append(token.replace(",", "") if match[1] else token)
        position = match.end()
    try:
        value, rest = _sum(tokens, 0, values)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if rest == len(tokens) and abs(value) < _LARGEST else None


def _is_operand(token: str) -> bool:
    return token == ")" or token[0].isalnum()


def _sum(tokens: list[str], i: int, values: Mapping[str, float]) -> tuple[float, int]:
    value, i = _product(tokens, i, values)
    while i < len(tokens) and tokens[i] in "+-":
        other, following = _product(tokens, i + 1, values)
        value = value + other if tokens[i] == "+" else value - other
        i = following
    return value, i


def _product(tokens: list[str], i: int, values: Mapping[str, float]) -> tuple[float, int]:
    value, i = _power(tokens, i, values)
    while i < len(tokens) and tokens[i] in ("*", "/"):
        other, following = _power(tokens, i + 1, values)
        value = value * other if tokens[i] == "*" else value // other
        i = following
    return value, i


def _power(tokens: list[str], i: int, values: Mapping[str, float]) -> tuple[float, int]:
    base, i = _atom(tokens, i, values)
    if i < len(tokens) and tokens[i] in ("^", "**"):
        exponent, i = _atom(tokens, i + 1, values)
        if abs(exponent) > 40 or abs(base) > 1e9:
            raise ValueError("out of range")
        return base**exponent, i
    return base, i


def _atom(tokens: list[str], i: int, values: Mapping[str, float]) -> tuple[float, int]:
    if i >= len(tokens):
        raise ValueError("the expression ends early")
    token = tokens[i]
    if token == "-":
        value, i = _atom(tokens, i + 1, values)
        return -value, i
    if token == "(":
        value, i = _sum(tokens, i + 1, values)
        if i >= len(tokens) or tokens[i] != ")":
            raise ValueError("a parenthesis is not closed")
        return value, i + 1
    if token[0].isdigit():
        return float(token), i + 1
    name = token.strip("{}")
    if name in values:
        return values[name], i + 1
    raise ValueError(f"{name} is not known")
