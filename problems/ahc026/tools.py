"""Cases and judging of ahc026, Stack of Boxes, and an encoding in which every answer is a complete clearing.

The encoding: box by box (0-based, in the order of leaving) one digit, which counts whenever the box has to give way.
The boxes above the next one to leave are moved off in blocks, from the top. A block grows downwards as long as the box
below is larger than the one above it, so that it stands in a good order; a digit of 20 or more turns that rule round
for this box. The digit of the block's lowest box modulo 20 says where the block goes: 1..10 a stack by number, anything
else, or the stack that it stands on, the tightest stack that the block does not bury: the least first box to leave that
is still later than the block's last one, or else the stack whose next box leaves last. All digits 0 is a decent greedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

BOXES = 200
STACKS = 10
MOST_OPERATIONS = 5000
CHOICES = 20  # digits 1..10 name a stack, the others leave the choice to the rule: half of them, on purpose
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return the official case of that seed."""
    boxes = list(range(1, BOXES + 1))
    ChaCha20Rng(seed).shuffle(boxes)
    rows = [" ".join(map(str, boxes[stack::STACKS])) for stack in range(STACKS)]
    return "\n".join([f"{BOXES} {STACKS}", *rows]) + "\n"


def score(case: str, output: str) -> int:
    """Return max(1, 10000 - cost); ValueError says at which line an operation is wrong."""
    cost = sum(cost for *_, cost in _replay(case, output))
    return max(1, 10000 - cost)


def _stacks(case: str) -> list[list[int]]:
    numbers = [int(token) for token in case.split()]
    if len(numbers) < 3 or numbers[0] != len(numbers) - 2 or numbers[1] < 1 or numbers[0] % numbers[1]:
        raise ValueError(f"the case must hold n m and n boxes in m equal stacks, has {len(numbers)} integers")
    if sorted(numbers[2:]) != list(range(1, numbers[0] + 1)):
        raise ValueError(f"the case must hold each box 1..{numbers[0]} once")
    count, stacks = numbers[0], numbers[1]
    height = count // stacks
    return [numbers[2 + stack * height : 2 + (stack + 1) * height] for stack in range(stacks)]


def _operations(output: str, boxes: int, stacks: int) -> Iterator[tuple[int, int, int]]:
    """Yield (line, box, stack) of the output, each number in its range."""
    waiting: int | None = None
    count = 0
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"line {line}: {token[:40]!r} is not an integer")
            number = int(token)
            if waiting is None:
                if not 1 <= number <= boxes:
                    raise ValueError(f"line {line}: box {number} is not in 1..{boxes}")
                waiting = number
                continue
            if not 0 <= number <= stacks:
                raise ValueError(f"line {line}: stack {number} is not in 0..{stacks}")
            count += 1
            if count > MOST_OPERATIONS:
                raise ValueError(f"line {line}: more than {MOST_OPERATIONS} operations")
            yield line, waiting, number
            waiting = None
    if waiting is not None:
        raise ValueError(f"the output ends after box {waiting}, without the stack it goes to")


def _replay(case: str, output: str) -> Iterator[tuple[int, int, list[int], int]]:
    """Carry the operations out; yield (box, stack, boxes moved, cost) of each."""
    stacks = _stacks(case)
    where = {box: stack for stack, boxes in enumerate(stacks) for box in boxes}
    count, following = len(where), 1
    for line, box, target in _operations(output, count, len(stacks)):
        if box not in where:
            raise ValueError(f"line {line}: box {box} has already left")
        source = stacks[where[box]]
        if target == 0:
            if box != following:
                raise ValueError(f"line {line}: box {box} cannot leave, the next one is {following}")
            if source[-1] != box:
                raise ValueError(f"line {line}: box {box} cannot leave, box {source[-1]} is on top of its stack")
            source.pop()
            del where[box]
            following += 1
            yield box, 0, [box], 0
            continue
        height = source.index(box)
        moved = source[height:]
        del source[height:]
        stacks[target - 1] += moved
        where.update(dict.fromkeys(moved, target - 1))
        yield box, target, moved, len(moved) + 1
    if following <= count:
        raise ValueError(
            f"the output ends with {count - following + 1} boxes not carried out, the first is {following}"
        )


def _colour(late: float) -> str:
    """Return a colour from orange (leaves first) over white to blue (leaves last)."""
    early = np.array([245, 150, 60]) if late < 0.5 else np.array([90, 150, 235])
    red, green, blue = (255 + (early - 255) * abs(2 * late - 1)).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def draw(case: str, output: str) -> str:
    """Return the first stacks, every box marked by how often it moves, and the cost as the boxes leave."""
    stacks = _stacks(case)
    count = sum(map(len, stacks))
    moves = dict.fromkeys(range(1, count + 1), 0)
    spent = [0]  # until box 1 leaves, until box 2 leaves, ...
    for _, target, moved, cost in _replay(case, output):
        spent[-1] += cost
        if target == 0:
            spent.append(spent[-1])
        else:
            for box in moved:
                moves[box] += 1
    tallest = max(map(len, stacks))
    parts = []
    for column, boxes in enumerate(stacks):
        for row, box in enumerate(boxes):
            x, y = 20 + 46 * column, 40 + 22 * (tallest - 1 - row)
            late = (box - 1) / max(1, count - 1)
            parts.append(
                f'<rect x="{x}" y="{y}" width="42" height="20" rx="3" fill="{_colour(late)}"/>'
                f'<text x="{x + 5}" y="{y + 14}">{box}</text>'
                f'<text x="{x + 39}" y="{y + 10}" text-anchor="end" font-size="9" fill="#900">'
                f"{moves[box] or ''}</text>"
            )
    left, width, bottom, height = 60 + 46 * len(stacks), 420, 40 + 22 * tallest, 22 * tallest
    total = max(1, spent[-1])
    points = " ".join(
        f"{left + width * index / count:.1f},{bottom - height * value / total:.1f}"
        for index, value in enumerate([0, *spent[:-1]])
    )
    parts.append(f'<polyline points="{points}" fill="none" stroke="#06c" stroke-width="2"/>')
    parts.append(f'<path d="M{left} 40V{bottom}H{left + width}" fill="none" stroke="#888"/>')
    parts.append(f'<text x="{left}" y="30">cost so far: {spent[-1]} in all, score {max(1, 10000 - spent[-1])}</text>')
    parts.append(f'<text x="{left + width}" y="{bottom + 16}" text-anchor="end">boxes carried out: {count}</text>')
    parts.append(
        '<text x="20" y="30">the stacks at the start (orange leaves first), in red how often a box moves</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 20} {bottom + 30}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )


def read_case(text: str) -> tuple:
    """Return (boxes, stacks, contents, least, where), boxes 0-based in the order of leaving.

    `contents` (stacks, boxes) holds each stack from the bottom, `least` (stacks, boxes) the first box to leave among
    those up to each height, `where` (boxes,) the stack of each box.
    """
    stacks = _stacks(text)
    count = sum(map(len, stacks))
    contents = np.zeros((len(stacks), count), dtype=np.int64)
    least = np.zeros((len(stacks), count), dtype=np.int64)
    where = np.zeros(count, dtype=np.int64)
    for stack, boxes in enumerate(stacks):
        numbers = np.array(boxes, dtype=np.int64) - 1
        contents[stack, : numbers.size] = numbers
        least[stack, : numbers.size] = np.minimum.accumulate(numbers)
        where[numbers] = stack
    return count, len(stacks), contents, least, where


def answer_space(case: tuple) -> dict:
    """Return the bounds of the digits, one a box (see the module's docstring)."""
    count = case[0]
    low = np.zeros(count, dtype=np.int64)
    return {"kind": "integers", "low": low, "high": np.full(count, 2 * CHOICES - 1, dtype=np.int64)}


def clear_stacks(case, answer, operations):
    """Return (cost, how many operations), or (-1, 0) if the digits or the number of operations are out of range.

    Writes (box, stack) pairs, 1-based, into `operations` (k, 2) where it has room.
    """
    count, stacks, contents, least, where = case
    if answer.size != count:
        return -1, 0
    for box in range(count):
        if answer[box] < 0 or answer[box] >= 2 * CHOICES:
            return -1, 0
    contents = contents.copy()
    least = least.copy()
    where = where.copy()
    heights = np.full(stacks, count // stacks, dtype=np.int64)
    next_out = np.empty(stacks, dtype=np.int64)  # the first box to leave of each stack; count if it is empty
    for stack in range(stacks):
        next_out[stack] = least[stack, heights[stack] - 1]
    cost = 0
    done = 0
    for leaving in range(count):
        source = where[leaving]
        top = heights[source] - 1
        while contents[source, top] != leaving:
            bottom = top
            last_out = contents[source, bottom]
            while True:
                below = contents[source, bottom - 1]
                box = contents[source, bottom]
                if below == leaving or (below > box) == (answer[box] >= CHOICES):
                    break
                bottom -= 1
                last_out = max(last_out, below)
            target = answer[contents[source, bottom]] % CHOICES - 1
            if target < 0 or target >= stacks or target == source:
                best_key = 3 * count
                for stack in range(stacks):
                    key = next_out[stack]
                    if key < last_out:
                        key = 3 * count - 1 - key
                    if key < best_key and stack != source:
                        best_key = key
                        target = stack
            if done < operations.shape[0]:
                operations[done, 0] = contents[source, bottom] + 1
                operations[done, 1] = target + 1
            done += 1
            cost += top - bottom + 2
            height = heights[target]
            first = next_out[target]
            for level in range(bottom, top + 1):
                box = contents[source, level]
                first = min(first, box)
                contents[target, height] = box
                least[target, height] = first
                where[box] = target
                height += 1
            heights[target] = height
            next_out[target] = first
            top = bottom - 1
        heights[source] = top
        next_out[source] = least[source, top - 1] if top > 0 else count
        if done < operations.shape[0]:
            operations[done, 0] = leaving + 1
            operations[done, 1] = 0
        done += 1
        if done + count - leaving - 1 > MOST_OPERATIONS:
            return -1, 0
    return cost, done


def objective(case, answer):
    """Return the score of the clearing that the digits describe; -inf if they are out of range or it is too long."""
    cost, _ = clear_stacks(case, answer, np.empty((0, 2), dtype=np.int64))
    if cost < 0:
        return -np.inf
    return float(max(1, 10000 - cost))


def write_answer(case: tuple, answer) -> str:
    """Return the operations as the output's lines."""
    operations = np.empty((MOST_OPERATIONS, 2), dtype=np.int64)
    _, done = clear_stacks(case, np.asarray(answer, dtype=np.int64), operations)
    return "".join(f"{box} {stack}\n" for box, stack in operations[:done])
