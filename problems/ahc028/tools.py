"""Cases and judging of ahc028, lucky words on a keyboard, and an encoding by the order of the words.

The encoding: a permutation of the words. Each word overlaps the one before it as far as it can, and the keys for the
letters of the merged text are chosen optimally. Between the end of one word and the end of the next the cost depends
only on the two keys, so it is tabulated beforehand, and an order is priced by a dynamic program over the words whose
states are the keys of a word's last letter.

Notation: k the most keys that one letter has (every list of keys is filled up to it, at an infinite cost), a and b
places in the lists of keys of two letters. "Relative" costs are those of a word's end keys less the cheapest of them.
"""

from __future__ import annotations

import itertools
import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng, rust_round

SIDE = 15
WORDS = 200
WORD_LENGTH = 5
LETTERS = 26
ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
MOST_KEYS = 5000
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return the official case of that seed."""
    rng = ChaCha20Rng(seed)
    start = rng.range_i64(0, SIDE), rng.range_i64(0, SIDE)
    board: list[str] = []
    while len(set("".join(board))) < LETTERS:
        board = [_letters(rng, SIDE) for _ in range(SIDE)]
    words: set[str] = set()
    while len(words) < WORDS:
        words.add(_letters(rng, WORD_LENGTH))
    return "\n".join([f"{SIDE} {WORDS}", f"{start[0]} {start[1]}", *board, *sorted(words)]) + "\n"


def _letters(rng: ChaCha20Rng, count: int) -> str:
    return "".join(chr(ord("A") + rng.uniform(0, LETTERS)) for _ in range(count))


def score(case: str, output: str) -> int:
    """Return the official score; ValueError says at which line a key is wrong."""
    _, start, board, words = _parse(case)
    keys = _keys(output, len(board))
    typed = "".join(board[row][column] for row, column in keys)
    found = sum(word in typed for word in words)
    if found < len(words):
        return rust_round(1000 * (found + 1) / len(words))
    return max(10000 - _typing_cost(start, keys), 1001)


def _parse(case: str) -> tuple[int, tuple[int, int], list[str], list[str]]:
    """Return (side, start, rows of the board, words)."""
    tokens = case.split()
    if len(tokens) < 6 or any(INTEGER.fullmatch(token) is None for token in tokens[:4]):
        raise ValueError("the case must begin with n, m and the start")
    side, count, *start = (int(token) for token in tokens[:4])
    board, words = tokens[4 : 4 + max(0, side)], tokens[4 + max(0, side) :]
    if count < 1 or len(words) != count or len(board) != side or not all(0 <= place < side for place in start):
        raise ValueError(f"the case must hold {side} rows and {count} words, and start on the board")
    if any(len(row) != side for row in board) or not ALPHABET.issuperset("".join((*board, *words))):
        raise ValueError(f"the case must hold letters A to Z, {side} in each row")
    return side, (start[0], start[1]), board, words


def _keys(output: str, side: int) -> list[tuple[int, int]]:
    """Return the keys of the output, row and column."""
    numbers: list[int] = []
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"line {line}: {token[:40]!r} is not an integer")
            number = int(token)
            if not 0 <= number < side:
                raise ValueError(
                    f"line {line}: {'column' if len(numbers) % 2 else 'row'} {number} is not in 0..{side - 1}"
                )
            if len(numbers) == 2 * MOST_KEYS:
                raise ValueError(f"line {line}: more than {MOST_KEYS} keys")
            numbers.append(number)
    if len(numbers) % 2:
        raise ValueError(f"the output ends after row {numbers[-1]}, without the column")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _typing_cost(start: tuple[int, int], keys: list[tuple[int, int]]) -> int:
    cost, (row, column) = len(keys), start
    for next_row, next_column in keys:
        cost += abs(next_row - row) + abs(next_column - column)
        row, column = next_row, next_column
    return cost


def _places(board: list[str]) -> np.ndarray:
    """Return row and column of each letter's keys, (letters, k, 2) float32, filled up with nan."""
    keys: list[list[tuple[int, int]]] = [[] for _ in range(LETTERS)]
    for row, letters in enumerate(board):
        for column, letter in enumerate(letters):
            keys[ord(letter) - ord("A")].append((row, column))
    places = np.full((LETTERS, max(map(len, keys)), 2), np.nan, dtype=np.float32)
    for letter, its_keys in enumerate(keys):
        places[letter, : len(its_keys)] = np.array(its_keys).reshape(-1, 2)
    return places


def _key_costs(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the cost of each target key from each source key, infinite where one of them does not exist."""
    costs = np.abs(target - source).sum(axis=-1) + np.float32(1)
    costs[np.isnan(costs)] = np.inf
    return costs


def _chained(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the least cost of a step of `first` (..., a, k) followed by one of `second` (..., k, b)."""
    best = first[..., :, 0, None] + second[..., None, 0, :]
    for middle in range(1, first.shape[-1]):
        np.minimum(best, first[..., :, middle, None] + second[..., None, middle, :], out=best)
    return best


def read_case(text: str) -> tuple:
    """Return what `objective` looks up, all of it C-contiguous, and the parts that `write_answer` needs.

    - `costs` (rows, k, k) float32: from key a of a letter to key b of a word's last letter, all keys between included;
    - `row_of` (words, words) int64: which row of it leads from the end of one word to the end of another;
    - `first_costs` (words, k) float32: from the start to the end keys of a word;
    - `key_counts` (words,) int64: how many keys the last letter of a word has;
    - `relative` (words, k), `gains` (words,) float32, `before` (words,) int64: the memory of `objective`;
    - `start` (2,), `board` (side, side), `spelled` (words, length) int64: the case itself, letters as 0..25.
    """
    _, start, rows, words = _parse(text)
    board = np.array([[ord(letter) - ord("A") for letter in row] for row in rows])
    spelled = np.array([[ord(letter) - ord("A") for letter in word] for word in words])
    places = _places(rows)
    between = _key_costs(places[:, None, :, None], places[None, :, None, :])  # (letter, letter, a, b)
    count, length = spelled.shape
    tails = [between[spelled[:, -2], spelled[:, -1]]]  # from a letter of the word to its last one, shortest tail first
    for at in range(length - 3, -1, -1):
        tails.append(_chained(between[spelled[:, at], spelled[:, at + 1]], tails[-1]))
    lasts = sorted(set(spelled[:, -1].tolist()))
    wholes = [_chained(between[last, spelled[:, 0]], tails[-1]) for last in lasts]
    here = np.array(start, dtype=np.float32)
    first_costs = _chained(_key_costs(here, places[spelled[:, 0]])[:, None, :], tails[-1])[:, 0]
    block = np.repeat(length - 1 + np.searchsorted(lasts, spelled[:, -1])[:, None], count, axis=1)  # no overlap
    for overlap in range(1, length):
        block[(spelled[:, None, -overlap:] == spelled[None, :, :overlap]).all(axis=2)] = length - 1 - overlap
    return (
        np.ascontiguousarray(np.concatenate(tails + wholes)),
        block * count + np.arange(count),
        np.ascontiguousarray(first_costs),
        np.bincount(board.ravel(), minlength=LETTERS)[spelled[:, -1]],
        np.zeros(first_costs.shape, dtype=np.float32),
        np.zeros(count, dtype=np.float32),
        np.full(count, -2, dtype=np.int64),
        np.array(start, dtype=np.int64),
        board,
        spelled,
    )


def _overlap(first: str, second: str) -> int:
    """Return how many last letters of one word are first letters of another, itself excluded."""
    return next((size for size in range(len(second) - 1, 0, -1) if first.endswith(second[:size])), 0)


def answer_space(case: tuple) -> dict:
    """Return the orders of the words."""
    return {"kind": "permutation", "size": case[1].shape[0]}


def objective(case, answer):
    """Return the score of typing the words in this order; -inf if it is no permutation.

    The memory in the case makes most of an evaluation free: for every word it holds the word before it in the last
    order, the relative costs of its end keys, and what it added to the cheapest. As long as the words follow each other
    as they did, nothing is computed; after a break the relative costs are computed until they are again what they
    were, which takes two or three words. The value does not depend on what the memory holds.
    """
    costs, row_of, first_costs, key_counts, relative, gains, before, _, _, _ = case
    words, most_keys = relative.shape
    if answer.size != words:
        return -np.inf
    waits = np.ones(words, dtype=np.bool_)
    for place in range(words):
        word = answer[place]
        if word < 0 or word >= words or not waits[word]:
            return -np.inf
        waits[word] = False
    ends = np.empty(most_keys, dtype=np.float32)
    cost = 0.0
    last = -1
    as_before = True  # whether the relative costs of the last word are what they were when the next one's were computed
    for place in range(words):
        word = answer[place]
        if not as_before or before[word] != last:
            if last < 0:
                ends[:] = first_costs[word]
            else:
                row = row_of[last, word]
                base = relative[last, 0]
                for b in range(most_keys):
                    ends[b] = base + costs[row, 0, b]
                for a in range(1, key_counts[last]):
                    base = relative[last, a]
                    for b in range(most_keys):
                        ends[b] = min(ends[b], base + costs[row, a, b])
            cheapest = ends[0]
            for b in range(1, key_counts[word]):
                cheapest = min(cheapest, ends[b])
            as_before = True
            for b in range(key_counts[word]):
                if relative[word, b] != ends[b] - cheapest:
                    as_before = False
                    relative[word, b] = ends[b] - cheapest
            gains[word] = cheapest
            before[word] = last
        cost += gains[word]
        last = word
    return max(10000.0 - cost, 1001.0)


def write_answer(case: tuple, answer) -> str:
    """Return the keys, one a line: the merged text of the words in this order on its cheapest keys."""
    start, board, spelled = case[-3:]
    words = ["".join(chr(ord("A") + letter) for letter in word) for word in spelled.tolist()]
    text = words[answer[0]]
    for first, second in itertools.pairwise(answer):
        text += words[second][_overlap(words[first], words[second]) :]
    keys = _cheapest_keys(start, board, text)
    return "".join(f"{row} {column}\n" for row, column in keys)


def _cheapest_keys(start: np.ndarray, board: np.ndarray, text: str) -> list[tuple[int, int]]:
    """Return keys that spell the text at the least cost, by a dynamic program over its letters."""
    lists = [np.argwhere(board == ord(letter) - ord("A")) for letter in text]
    spent = np.abs(lists[0] - start).sum(axis=1) + 1
    choices = []
    for source, target in itertools.pairwise(lists):
        step = spent[:, None] + np.abs(target[None, :] - source[:, None]).sum(axis=2) + 1
        choices.append(step.argmin(axis=0))
        spent = step.min(axis=0)
    at = int(spent.argmin())
    path = [at]
    for choice in reversed(choices):
        at = int(choice[at])
        path.append(at)
    return [(int(keys[at][0]), int(keys[at][1])) for keys, at in zip(lists, reversed(path), strict=True)]


def draw(case: str, output: str) -> str:
    """Return the keyboard, coloured by use, with the way of the finger from blue to red."""
    side, start, board, words = _parse(case)
    keys = _keys(output, side)
    typed = "".join(board[row][column] for row, column in keys)
    uses = np.zeros((side, side), dtype=int)
    for row, column in keys:
        uses[row, column] += 1
    cell, parts = 44, []
    for row in range(side):
        for column in range(side):
            fade = 255 - int(150 * uses[row, column] / max(1, uses.max()))
            x, y = 20 + cell * column, 40 + cell * row
            parts.append(
                f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" rx="4" stroke="#bbb" '
                f'fill="#ff{max(fade, 120):02x}{max(fade - 60, 60):02x}"/>'
                f'<text x="{x + 14}" y="{y + 27}" font-size="18">{board[row][column]}</text>'
                f'<text x="{x + 39}" y="{y + 11}" font-size="9" text-anchor="end">{uses[row, column]}</text>'
            )
    path = [start, *keys]
    for step, ((row, column), (next_row, next_column)) in enumerate(itertools.pairwise(path)):
        late = step / max(1, len(path) - 2)
        jitter = 6 * np.sin(2.4 * step)  # keeps ways that are taken twice apart
        x, next_x = (41 + cell * place + jitter for place in (column, next_column))
        y, next_y = (61 + cell * place - jitter for place in (row, next_row))
        parts.append(
            f'<path d="M{x:.1f} {y:.1f}L{next_x:.1f} {next_y:.1f}" stroke-opacity="0.35" stroke-width="1.5" '
            f'stroke="#{int(220 * late):02x}30{int(220 * (1 - late)):02x}"/>'
        )
    found = sum(word in typed for word in words)
    caption = f"{found} of {len(words)} words, {len(keys)} keys, cost {_typing_cost(start, keys)}"
    parts.append(f'<text x="20" y="26" font-size="14">{caption}</text>')
    x, y = 41 + cell * start[1], 61 + cell * start[0]
    parts.append(f'<circle cx="{x}" cy="{y}" r="18" fill="none" stroke="#06c" stroke-width="3"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {40 + cell * side} {60 + cell * side}" '
        f'font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )
