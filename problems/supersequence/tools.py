"""Cases and judging of the shortest common supersequence of strings over the letters A, C, G and T.

The encoding: symbols 0..3 for the letters, in order. A symbol that advances no string is skipped; when the symbols are
used up, what is left is completed by majority merge, always the letter that most of the unfinished strings wait for.

The problem: K.-J. Raiha, E. Ukkonen, The shortest common supersequence problem over binary alphabet is NP-complete,
Theoretical Computer Science 16 (1981). The cases are uniformly random strings.
"""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

ALPHABET = "ACGT"
COLOURS = ("#7fb77e", "#6fa8dc", "#f2c14e", "#e07a5f")
SYMBOLS = len(ALPHABET)
END = SYMBOLS  # stands behind the last letter of each string
FEWEST_STRINGS, MOST_STRINGS = 5, 12
SHORTEST, LONGEST = 30, 60
GREATEST_COUNT, GREATEST_LENGTH = 1000, 10_000  # in a case from elsewhere
# How many strings wait for each letter stands in one int64, letter after letter: so many bits hold GREATEST_COUNT.
COUNT_BITS = 12
COUNT_MASK = (1 << COUNT_BITS) - 1
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
FOREIGN = re.compile(f"[^{ALPHABET}]")


def generate(seed: int) -> str:
    """Return 5 to 12 strings of 30 to 60 letters each; their number, each length and each letter are uniform."""
    rng = ChaCha20Rng(seed)
    strings = []
    for _ in range(rng.range_i32_inclusive(FEWEST_STRINGS, MOST_STRINGS)):
        length = rng.range_i32_inclusive(SHORTEST, LONGEST)
        strings.append("".join(ALPHABET[rng.index(SYMBOLS)] for _ in range(length)))
    return "\n".join([str(len(strings)), *strings]) + "\n"


def score(case: str, output: str) -> int:
    """Return the number of letters; ValueError says which one is wrong, or which string is not a subsequence."""
    strings = _strings(case)
    return len(_supersequence(output, strings))


def _strings(case: str) -> list[str]:
    """Return the given strings."""
    count, *strings = case.split() or [""]
    if INTEGER.fullmatch(count) is None or not 1 <= int(count) <= GREATEST_COUNT or len(strings) != int(count):
        raise ValueError(
            f"the case must hold k in 1..{GREATEST_COUNT} and k strings, has {count[:20]!r} and {len(strings)} strings"
        )
    for number, string in enumerate(strings, start=1):
        if len(string) > GREATEST_LENGTH or FOREIGN.search(string):
            raise ValueError(
                f"string {number} of the case must have 1..{GREATEST_LENGTH} letters of {ALPHABET}, "
                f"is {string[:20]!r}, {len(string)} characters"
            )
    return strings


def _supersequence(output: str, strings: list[str]) -> str:
    """Return the one word of the output, of which every string is a subsequence."""
    found = ""
    for line, text in enumerate(output.split("\n"), start=1):
        for word in text.split():
            if found:
                raise ValueError(f"line {line}: a second word {word[:20]!r}, the output must be a single one")
            if (foreign := FOREIGN.search(word)) is not None:
                raise ValueError(
                    f"line {line}, letter {foreign.start() + 1}: {foreign.group()!r} is not one of {ALPHABET}"
                )
            found = word
    for number, string in enumerate(strings, start=1):
        matched = len(_places(found, string))
        if matched < len(string):
            raise ValueError(
                f"string {number} is not a subsequence of the output's {len(found)} letters: "
                f"{matched} of its {len(string)} letters are matched"
            )
    return found


def _places(word: str, string: str) -> list[int]:
    """Return where in the word the string's letters are matched, each as early as can be, until one is missing."""
    places: list[int] = []
    at = -1
    for letter in string:
        at = word.find(letter, at + 1)
        if at < 0:
            break
        places.append(at)
    return places


def draw(case: str, output: str) -> str:
    """Return a row of cells for the supersequence, and below it a row a string, its letters where they are matched."""
    strings = _strings(case)
    word = _supersequence(output, strings)
    cell, row, left, top = 1110 / len(word), 22, 80, 66
    parts = []
    for number, string in enumerate([word, *strings]):
        y = 36 if number == 0 else top + row * (number - 1)
        places = _places(word, string)
        parts.append(f'<text x="10" y="{y + 14}">{f"string {number}" if number else "answer"}</text>')
        if number:
            parts.append(f'<rect x="{left}" y="{y}" width="1110" height="{row - 4}" fill="#eee"/>')
        for place, letter in zip(places, string, strict=True):
            x = left + cell * place
            parts.append(
                f'<rect x="{x:.2f}" y="{y}" width="{cell:.2f}" height="{row - 4}" stroke="#fff" stroke-width="0.4" '
                f'fill="{COLOURS[ALPHABET.index(letter)]}"/>'
            )
            if cell > 4:
                size = min(11.0, 1.2 * cell)
                parts.append(
                    f'<text x="{x + cell / 2:.2f}" y="{y + 13}" font-size="{size:.1f}" text-anchor="middle">'
                    f"{letter}</text>"
                )
    parts.append(
        f'<text x="{left}" y="22" font-size="13">{len(word)} letters for {len(strings)} strings of '
        f"{sum(map(len, strings))} letters; the longest has {max(map(len, strings))}</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {top + 10 + row * len(strings)}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )


def read_case(text: str) -> tuple:
    """Return the strings as symbols, one behind the other.

    - `total`: how many letters they have together;
    - `letters` (total + k,) int8: 0..3, and `END` behind each string;
    - `starts` (k,) uint64: where each string begins; unsigned, as such an index needs no look at its sign.
    """
    strings = _strings(text)
    letters = [symbol for string in strings for symbol in (*map(ALPHABET.index, string), END)]
    starts = np.cumsum([0, *(len(string) + 1 for string in strings[:-1])]).astype(np.uint64)
    return sum(map(len, strings)), np.array(letters, dtype=np.int8), starts


def answer_space(case: tuple) -> dict:
    """Return the sequences of symbols up to all strings in a row; the empty one is the majority merge."""
    return {"kind": "sequence", "symbols": SYMBOLS, "minimum_length": 0, "maximum_length": case[0]}


def objective(case, answer):
    """Return the number of letters that are written; inf if a symbol or the length is out of range.

    Cost O(k * letters); what stands behind the last symbol that is needed costs next to nothing.
    """
    total, letters, starts = case
    if answer.size > total:
        return np.inf
    at = starts.copy()
    written, left, place = 0, total, 0
    while place < answer.size and left > 0:
        symbol = answer[place]
        if symbol < 0 or symbol >= SYMBOLS:
            return np.inf
        matched = _advance(letters, at, symbol)
        written += matched > 0
        left -= matched
        place += 1
    for beyond in range(place, answer.size):
        if answer[beyond] < 0 or answer[beyond] >= SYMBOLS:
            return np.inf
    while left > 0:
        left -= _advance(letters, at, _majority(letters, at))
        written += 1
    return float(written)


def _advance(letters, at, symbol):
    """Move each string that waits for the symbol on by a letter, in place; return how many there are."""
    matched = 0
    for i in range(at.size):
        waits = letters[at[i]] == symbol  # no branch: it would be a guess each time
        at[i] += waits
        matched += waits
    return matched


def _majority(letters, at):
    """Return the symbol that most of the unfinished strings wait for, the first of several."""
    counts = 0
    for i in range(at.size):
        counts += 1 << COUNT_BITS * int(letters[at[i]])
    best, most = 0, counts & COUNT_MASK
    for symbol in range(1, SYMBOLS):
        count = counts >> COUNT_BITS * symbol & COUNT_MASK
        if count > most:
            best, most = symbol, count
    return best


def write_answer(case: tuple, answer) -> str:
    """Return the letters of the symbols that advance a string, and of the majority merge that completes them."""
    _, letters, starts = case
    at = starts.copy()
    written = [symbol for symbol in answer if _advance(letters, at, symbol) > 0]
    while (letters[at] != END).any():
        written.append(_majority(letters, at))
        _advance(letters, at, written[-1])
    return "".join(ALPHABET[symbol] for symbol in written) + "\n"
