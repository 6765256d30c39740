"""Outputs that no solver should write and some will: valid ones spoiled, and plain nonsense."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

LONG_LINE_CHARACTERS = 1 << 20

_TOKENS = (
    "NaN", "nan", "inf", "-inf", "-1", "0", "1e9", "1e400", "-0", "+1", "0x10", "1_000", "1.5", "9" * 30, "9" * 5000,
    "-" + "9" * 30, "2147483648", "9223372036854775808", "x", "", "\u0661", "\uff11", "\U0001f600", "\0", "\ufeff1",
    "''", "None", "True", "[1]", "1,2", "-", ".", "1e", "\u00b2", "\x1b[0m", "\udc80",
)  # fmt: skip
_FIXED = (
    "", "\n", " ", "\n\n\n", "\0", "\0" * 100, "\ufeff", "-1\n", "0\n", "1\n", "nan\n", "\r\n", "\r", "null", "{}",
    "\f\v\x1c\x85\u2028", "Traceback (most recent call last):\n", "Score = 100\n", "\udc80\udcff", "-" * 1000,
    "\t" * 1000, "1 " * 10000, "1\n" * 10000, "9" * 100000, "\u0661\n", "((((" * 1000,
)  # fmt: skip


def malformed_outputs(valid: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Return spoiled outputs: some fixed nonsense first, then mutations of valid ones.

    Parameters
    ----------
    valid
        Outputs that the judge accepts; may be empty.
    count
        How many.
    rng
        Whose choices make the mutations.
    """
    bases = [text for text in valid if text] or ["1 2 3\n4 5\n"]
    long = ["7" * LONG_LINE_CHARACTERS, "1 " * (LONG_LINE_CHARACTERS // 2), bases[0] + "z" * LONG_LINE_CHARACTERS]
    fixed = [*_FIXED, *long][:count]
    mutations = []
    for _ in range(count - len(fixed)):
        text = bases[int(rng.integers(len(bases)))]
        for _ in range(int(rng.integers(1, 4))):
            text = _MUTATIONS[int(rng.integers(len(_MUTATIONS)))](text, rng)
        mutations.append(text)
    return fixed + mutations


def _truncate(text: str, rng: np.random.Generator) -> str:
    return text[: int(rng.integers(len(text) + 1))]


def _drop_line(text: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    del lines[int(rng.integers(len(lines)))]
    return "\n".join(lines)


def _double_line(text: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    place = int(rng.integers(len(lines)))
    return "\n".join([*lines[:place], lines[place], *lines[place:]])


def _replace_token(text: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    place = int(rng.integers(len(lines)))
    tokens = lines[place].split(" ")
    tokens[int(rng.integers(len(tokens)))] = _TOKENS[int(rng.integers(len(_TOKENS)))]
    lines[place] = " ".join(tokens)
    return "\n".join(lines)


def _add_token(text: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(len(text) + 1))
    return f"{text[:place]} {_TOKENS[int(rng.integers(len(_TOKENS)))]} {text[place:]}"


def _change_character(text: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(len(text) + 1))
    return text[:place] + chr(int(rng.integers(0, 0x250))) + text[place + 1 :]


def _other_number(text: str, rng: np.random.Generator) -> str:
    tokens = text.split(" ")
    place = int(rng.integers(len(tokens)))
    tokens[place] = str(int(rng.integers(-(10**6), 10**6)))
    return " ".join(tokens)


def _copy_token(text: str, rng: np.random.Generator) -> str:
    """Write one token over another: what was to be used once is used twice."""
    tokens = text.split(" ")
    tokens[int(rng.integers(len(tokens)))] = tokens[int(rng.integers(len(tokens)))].strip()
    return " ".join(tokens)


def _other_blanks(text: str, rng: np.random.Generator) -> str:
    return text.replace(
        "\n" if rng.random() < 0.5 else " ", ("\r\n", "\t", "", " ", "\n", "\u3000")[int(rng.integers(6))]
    )


_Mutation = Callable[[str, np.random.Generator], str]
_MUTATIONS: tuple[_Mutation, ...] = (
    _truncate,
    _drop_line,
    _double_line,
    _replace_token,
    _replace_token,
    _add_token,
    _change_character,
    _other_number,
    _copy_token,
    _copy_token,
    _other_blanks,
)
