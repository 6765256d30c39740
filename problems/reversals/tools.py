"""Cases and judging of sorting by reversals: random unsigned permutations, sorted by turning segments around.

Source of the problem: J. Kececioglu, D. Sankoff, Algorithmica 13 (1995); the permutations are uniform random ones.
"""

from __future__ import annotations

import itertools
import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

FEWEST, MOST = 20, 40
LIMIT = 10  # reversals a symbol that an output may hold
WIDTH = 64  # bytes in which the objective keeps the places of all symbols
GREATEST_SIZE = WIDTH - 1  # of a case from elsewhere; the sum of two places must fit a signed byte
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return a permutation of 20 to 40 symbols, every order with at least n/2 breakpoints being equally likely."""
    rng = ChaCha20Rng(seed)
    size = rng.range_i32_inclusive(FEWEST, MOST)
    row = list(range(1, size + 1))
    rng.shuffle(row)
    while 2 * _breakpoints(row) < size:
        rng.shuffle(row)
    return f"{size}\n{' '.join(map(str, row))}\n"


def _breakpoints(row: list[int]) -> int:
    """Return between how many neighbours the symbols differ by more than 1, 0 and n + 1 standing at the ends."""
    framed = [0, *row, len(row) + 1]
    return sum(abs(one - other) != 1 for one, other in itertools.pairwise(framed))


def score(case: str, output: str) -> int:
    """Return the number of reversals; ValueError says which token, or which place of the permutation, is wrong."""
    row = _permutation(case)
    reversals = _reversals(output, len(row))
    for low, high in reversals:
        row[low - 1 : high] = row[low - 1 : high][::-1]
    for place, symbol in enumerate(row, start=1):
        if symbol != place:
            raise ValueError(f"after {len(reversals)} reversals place {place} holds {symbol}, must hold {place}")
    return len(reversals)


def _permutation(case: str) -> list[int]:
    """Return the permutation of the case."""
    tokens = case.split()
    for token in tokens:
        if INTEGER.fullmatch(token) is None:
            raise ValueError(f"the case must hold integers, has {token[:40]!r}")
    size, *row = map(int, tokens or ["0"])
    if not 2 <= size <= GREATEST_SIZE:
        raise ValueError(f"the case must have n in 2..{GREATEST_SIZE}, is {size}")
    if len(row) != size or sorted(row) != list(range(1, size + 1)):
        raise ValueError(f"the case must hold n and then each of 1..{size} once, has {len(row)} other integers")
    if row == list(range(1, size + 1)):
        raise ValueError("the case must not be sorted from the start")
    return row


def _reversals(output: str, size: int) -> list[tuple[int, int]]:
    """Return the places (i, j) of the reversals, from 1."""
    numbers: list[int] = []
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            step, part = divmod(len(numbers) + 1, 2)
            what = f"{'ij'[part]} of reversal {step}" if numbers else "the number of reversals"
            at = f"line {line}, {what}"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            number = int(token)
            if not numbers and not 0 <= number <= LIMIT * size:
                raise ValueError(f"{at}: {number} is not in 0..{LIMIT * size}")
            if numbers and step > numbers[0]:
                raise ValueError(f"line {line}: {token} follows the last of {numbers[0]} reversals")
            if numbers and not 1 <= number <= size:
                raise ValueError(f"{at}: {number} is not in 1..{size}")
            if numbers and part and number <= numbers[-1]:
                raise ValueError(f"{at}: {number} must be greater than i, which is {numbers[-1]}")
            numbers.append(number)
    if not numbers:
        raise ValueError("the output is empty, must begin with the number of reversals")
    if len(numbers) != 1 + 2 * numbers[0]:
        raise ValueError(f"the output ends after {len(numbers) - 1} of the {2 * numbers[0]} places of its reversals")
    return list(zip(numbers[1::2], numbers[2::2], strict=True))


def draw(case: str, output: str) -> str:
    """Return a row of coloured cells for each step: dark bars at breakpoints, a frame around what is turned next."""
    row = _permutation(case)
    steps = score(case, output)
    left, top, width, height = 110, 44, 1070 / len(row), 26
    parts = []
    for step, (low, high) in enumerate([*_reversals(output, len(row)), (0, 0)]):
        y = top + (height + 6) * step
        note = f"{step + 1}: turn {low}-{high}" if low else "sorted"
        parts.append(f'<text x="10" y="{y + 18}" font-size="13">{note}</text>')
        for place, symbol in enumerate(row):
            x = left + width * place
            turn = 2 * np.pi * (0.8 * symbol / len(row) + np.array([0.0, 1 / 3, 2 / 3]))
            red, green, blue = (185 + 65 * np.cos(turn)).astype(int)
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" '
                f'fill="#{red:02x}{green:02x}{blue:02x}"/>'
                f'<text x="{x + width / 2:.1f}" y="{y + 17}" text-anchor="middle">{symbol}</text>'
            )
        for place, (one, other) in enumerate(itertools.pairwise([0, *row, len(row) + 1])):
            if abs(one - other) != 1:
                parts.append(f'<rect x="{left + width * place - 1:.1f}" y="{y}" width="2" height="{height}"/>')
        if low:
            parts.append(
                f'<rect x="{left + width * (low - 1):.1f}" y="{y - 1}" width="{width * (high - low + 1):.1f}" '
                f'height="{height + 2}" fill="none" stroke="#d00000" stroke-width="3"/>'
            )
            row[low - 1 : high] = row[low - 1 : high][::-1]
    parts.append(
        f'<text x="{left}" y="26" font-size="13">{len(row)} symbols, {_breakpoints(_permutation(case))} breakpoints, '
        f"sorted by {steps} reversals</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {top + (height + 6) * (steps + 1) + 10}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )


def read_case(text: str) -> tuple:
    """Return (size, places, first, last).

    places (WIDTH,) int8 holds at k where symbol k stands, from 1, and 0 where there is no symbol k; first and last
    (size * (size - 1) / 2,) int64 hold the places i < j, from 1, that each answer symbol turns around: all pairs in
    lexicographic order.
    """
    row = _permutation(text)
    places = np.zeros(WIDTH, dtype=np.int8)
    places[row] = np.arange(1, len(row) + 1)
    first, last = np.triu_indices(len(row), 1)
    return len(row), places, first.astype(np.int64) + 1, last.astype(np.int64) + 1


def answer_space(case: tuple) -> dict:
    """Return the lists of up to 2n reversals, each the number of a pair i < j."""
    return {"kind": "sequence", "symbols": case[2].size, "minimum_length": 1, "maximum_length": 2 * case[0]}


def objective(case, answer):
    """Return how many reversals sort; inf if the answer is no such sequence.

    The answer's reversals are applied until all is sorted. If it never is, 1, 2, 3, ... are then brought to their
    places, each by one reversal from there to where it stands. What moves is the place of each symbol, so that a
    reversal is one pass without branches over WIDTH bytes. Cost O(reversals * WIDTH / vector length).
    """
    size, places, first, last = case
    if answer.size < 1 or answer.size > 2 * size:
        return np.inf
    for symbol in answer:
        if symbol < 0 or symbol >= first.size:
            return np.inf
    where = places.copy()
    steps = 0
    for symbol in answer:
        # Bytes throughout: with wider intermediate values the pass is several times slower.
        low, high = np.int8(first[symbol]), np.int8(last[symbol])
        mirror = np.int8(low + high)
        for gene in range(WIDTH):
            here = where[gene]
            there = np.int8(mirror - here)
            where[gene] = there if low <= here and here <= high else here
        steps += 1
        if where[1] == 1 and where[size] == size:
            gene = 2
            while gene < size and where[gene] == gene:
                gene += 1
            if gene >= size:
                return float(steps)
    for sought in range(1, size):
        if where[sought] != sought:
            low, high = np.int8(sought), where[sought]
            mirror = np.int8(low + high)
            for gene in range(WIDTH):
                here = where[gene]
                there = np.int8(mirror - here)
                where[gene] = there if low <= here and here <= high else here
            steps += 1
    return float(steps)


def write_answer(case: tuple, answer) -> str:
    """Return the reversals that the objective counts."""
    size, places, first, last = case
    row = sorted(range(1, size + 1), key=lambda symbol: places[symbol])
    done = list(range(1, size + 1))
    reversals = []
    for symbol in answer:
        if row == done:
            break
        low, high = int(first[symbol]), int(last[symbol])
        row[low - 1 : high] = row[low - 1 : high][::-1]
        reversals.append((low, high))
    for low in done:
        if row[low - 1] != low:
            high = row.index(low) + 1
            row[low - 1 : high] = row[low - 1 : high][::-1]
            reversals.append((low, high))
    return "\n".join([str(len(reversals)), *(f"{low} {high}" for low, high in reversals)]) + "\n"
