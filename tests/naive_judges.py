"""Judges written a second time, from the statements alone: slow, plain, and strict.

Each takes a case and an output whose words are as the statement says (see `numbers`), and returns the score or None where a rule
is broken. They share nothing with the problems' own tools.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

DIRECTIONS = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}


def numbers(text: str) -> list[int] | None:
    """Return the whole numbers of a text; None where a word is none in plain digits."""
    words = text.split()
    plain = all(word.removeprefix("-").isascii() and word.removeprefix("-").isdigit() for word in words)
    return [int(word) for word in words] if plain and all(len(word) < 4000 for word in words) else None


def half_up(value: float | Fraction) -> int:
    return math.floor(Fraction(value) + Fraction(1, 2))


def pieces(cells: dict[tuple[int, int], int]) -> list[tuple[int, set[tuple[int, int]]]]:
    """Return (value, cells) of each connected part of equal value."""
    left, found = set(cells), []
    while left:
        value = cells[next(iter(left))]
        part, border = set(), {next(iter(left))}
        while border:
            part |= border
            border = {
                (i + di, j + dj)
                for i, j in border
                for di, dj in DIRECTIONS.values()
                if cells.get((i + di, j + dj)) == value and (i + di, j + dj) not in part
            }
        left -= part
        found.append((value, part))
    return found


def ahc001(case: str, output: str) -> int | None:
    values = numbers(case)[1:]
    wishes = [values[k : k + 3] for k in range(0, len(values), 3)]
    given = numbers(output)
    if given is None or len(given) != 4 * len(wishes):
        return None
    boxes = [given[k : k + 4] for k in range(0, len(given), 4)]
    if not all(0 <= a < c <= 10000 and 0 <= b < d <= 10000 for a, b, c, d in boxes):
        return None
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(boxes, 2):
        if max(a, e) < min(c, g) and max(b, f) < min(d, h):
            return None
    total = 0.0
    for (a, b, c, d), (x, y, wanted) in zip(boxes, wishes, strict=True):
        if a < x + 0.5 < c and b < y + 0.5 < d:
            area = (c - a) * (d - b)
            total += 1 - (1 - min(area, wanted) / max(area, wanted)) ** 2
    return half_up(1e9 * total / len(wishes))


def ahc003(case: str, output: str) -> int | None:
    rows = [line.split() for line in case.splitlines()]
    total = 0.0
    lines = output.split("\n")
    for query, row in enumerate(rows[59:]):
        if query >= len(lines):
            return None
        i, j, goal_i, goal_j, shortest = map(int, row[:5])
        seen, length = {(i, j)}, 0
        for move in lines[query].strip():
            if move not in DIRECTIONS:
                return None
            k, m = i + DIRECTIONS[move][0], j + DIRECTIONS[move][1]
            if not (0 <= k < 30 and 0 <= m < 30) or (k, m) in seen:
                return None
            length += int(rows[i][min(j, m)] if k == i else rows[30 + min(i, k)][j])
            seen.add((k, m))
            i, j = k, m
        if (i, j) != (goal_i, goal_j):
            return None
        total = total * 0.998 + shortest / length
    return half_up(2312311 * total)


def ahc006(case: str, output: str) -> int | None:
    values = numbers(case)
    orders = [values[k : k + 4] for k in range(0, len(values), 4)]
    given = numbers(output)
    score = None
    while given:
        m = given[0]
        chosen = given[1 : 1 + m] if m == 50 else []
        if len(set(chosen)) != 50 or not all(1 <= order <= 1000 for order in chosen) or len(given) < 52:
            return None
        n = given[51]
        flat = given[52 : 52 + 2 * n] if n >= 2 else []
        if len(flat) < 4 or len(flat) != 2 * n or not all(0 <= value <= 800 for value in flat):
            return None
        tour = [(flat[k], flat[k + 1]) for k in range(0, len(flat), 2)]
        if tour[0] != (400, 400) or tour[-1] != (400, 400):
            return None
        for order in chosen:
            a, b, c, d = orders[order - 1]
            if (a, b) not in tour or (c, d) not in tour[tour.index((a, b)) + 1 :]:
                return None
        length = sum(abs(p[0] - q[0]) + abs(p[1] - q[1]) for p, q in itertools.pairwise(tour))
        score = half_up(Fraction(10**8, 1000 + length))
        given = given[52 + 2 * n :]
    return score


def ahc011(case: str, output: str) -> int | None:
    n, most, *rows = case.split()
    size, most = int(n), int(most)
    tiles = {(i, j): int(rows[i][j], 16) for i in range(size) for j in range(size)}
    words = output.split()
    moves = words[0] if words else ""
    if len(words) > 1 or len(moves) > most or not set(moves) <= DIRECTIONS.keys():
        return None
    empty = next(cell for cell, tile in tiles.items() if tile == 0)
    for move in moves:
        other = (empty[0] + DIRECTIONS[move][0], empty[1] + DIRECTIONS[move][1])
        if other not in tiles:
            return None
        tiles[empty], tiles[other], empty = tiles[other], 0, other
    joints = {
        frozenset((cell, other))
        for cell, tile in tiles.items()
        for bit, back, di, dj in ((1, 4, 0, -1), (2, 8, -1, 0), (4, 1, 0, 1), (8, 2, 1, 0))
        if tile & bit and tiles.get(other := (cell[0] + di, cell[1] + dj), 0) & back
    }
    largest, left = 0, {cell for cell, tile in tiles.items() if tile}
    while left:
        part = {left.pop()}
        while more := {cell for joint in joints if joint & part for cell in joint} - part:
            part |= more
        left -= part
        if sum(joint <= part for joint in joints) == len(part) - 1:
            largest = max(largest, len(part))
    if largest < size * size - 1:
        return half_up(Fraction(500000 * largest, size * size - 1))
    return half_up(500000 * (2 - Fraction(len(moves), most)))


def ahc015(case: str, output: str) -> int | None:
    values = numbers(case)
    flavours, positions = values[:100], values[100:]
    lines = output.split("\n")
    box: dict[tuple[int, int], int] = {}
    for turn in range(100):
        words = lines[turn].split() if turn < len(lines) else []
        if len(words) != 1 or words[0] not in ("F", "B", "L", "R"):
            return None
        free = [(i, j) for i in range(10) for j in range(10) if (i, j) not in box]
        box[free[positions[turn] - 1]] = flavours[turn]
        slid = {}
        for line in range(10):
            along = (lambda k, line=line: (k, line)) if words[0] in "FB" else (lambda k, line=line: (line, k))
            candies = [box[along(k)] for k in range(10) if along(k) in box]
            first = 0 if words[0] in "FL" else 10 - len(candies)
            slid |= {along(first + k): candy for k, candy in enumerate(candies)}
        box = slid
    together = sum(len(part) ** 2 for _, part in pieces(box))
    return half_up(Fraction(10**6 * together, sum(flavours.count(flavour) ** 2 for flavour in (1, 2, 3))))


def ahc021(case: str, output: str) -> int | None:
    balls = {(x, y): int(word) for x, row in enumerate(case.splitlines()) for y, word in enumerate(row.split())}
    given = numbers(output)
    if not given or not 0 <= given[0] <= 10000 or len(given) != 1 + 4 * given[0]:
        return None
    for k in range(1, len(given), 4):
        one, other = (given[k], given[k + 1]), (given[k + 2], given[k + 3])
        step = (other[0] - one[0], other[1] - one[1])
        if one not in balls or other not in balls or step in ((1, -1), (-1, 1)) or max(map(abs, step)) != 1:
            return None
        balls[one], balls[other] = balls[other], balls[one]
    wrong = sum(balls[x, y] > balls[x + 1, y + k] for x, y in balls if x < 29 for k in (0, 1))
    return 50000 - 50 * wrong if wrong else 100000 - 5 * given[0]


def ahc024(case: str, output: str) -> int | None:
    values = numbers(case)
    n, m = values[:2]
    given = numbers(output)
    if not given or len(given) % (n * n) or not all(0 <= colour <= m for colour in given[-n * n :]):
        return None

    def neighbours(flat: list[int]) -> tuple[bool, set[frozenset[int]]]:
        cells = {(i, j): 0 for i in range(-1, n + 1) for j in range(-1, n + 1)}
        cells |= {(k // n, k % n): colour for k, colour in enumerate(flat)}
        pairs = {
            frozenset((colour, cells[i + di, j + dj]))
            for (i, j), colour in cells.items()
            for di, dj in ((0, 1), (1, 0))
            if (i + di, j + dj) in cells and cells[i + di, j + dj] != colour
        }
        return sorted(colour for colour, _ in pieces(cells)) == list(range(m + 1)), pairs

    whole, found = neighbours(given[-n * n :])
    if not whole or found != neighbours(values[2:])[1]:
        return None
    return given[-n * n :].count(0) + 1


def ahc026(case: str, output: str) -> int | None:
    n, m, *boxes = numbers(case)
    stacks = [boxes[k * (n // m) : (k + 1) * (n // m)] for k in range(m)]
    given = numbers(output)
    if given is None or len(given) % 2 or len(given) > 10000:
        return None
    cost, following = 0, 1
    for box, target in zip(given[::2], given[1::2], strict=True):
        source = next((stack for stack in stacks if box in stack), None)
        if source is None or not 0 <= target <= m:
            return None
        if target == 0:
            if box != following or source[-1] != box:
                return None
            source.pop()
            following += 1
            continue
        at = source.index(box)
        moved = source[at:]
        del source[at:]
        stacks[target - 1].extend(moved)
        cost += len(moved) + 1
    return max(1, 10000 - cost) if following == n + 1 else None


def ahc028(case: str, output: str) -> int | None:
    n, m, i, j, *rest = case.split()
    board, words = rest[: int(n)], rest[int(n) :]
    given = numbers(output)
    if given is None or len(given) % 2 or len(given) > 10000 or not all(0 <= value < int(n) for value in given):
        return None
    here, cost, typed = (int(i), int(j)), 0, ""
    for key in zip(given[::2], given[1::2], strict=True):
        cost += abs(here[0] - key[0]) + abs(here[1] - key[1]) + 1
        here, typed = key, typed + board[key[0]][key[1]]
    missing = sum(word not in typed for word in words)
    if missing:
        return half_up(Fraction(1000 * (int(m) - missing + 1), int(m)))
    return max(10000 - cost, 1001)


def ahc046(case: str, output: str) -> int | None:
    values = numbers(case)
    n, m = values[:2]
    cells = [(values[k], values[k + 1]) for k in range(2, len(values), 2)]
    words = output.split()
    if len(words) % 2 or len(words) > 4 * n * m:
        return None
    here, blocks, waiting = cells[0], set(), cells[1:]

    def free(cell: tuple[int, int]) -> bool:
        return 0 <= cell[0] < n and 0 <= cell[1] < n and cell not in blocks

    for kind, direction in zip(words[::2], words[1::2], strict=True):
        if kind not in ("M", "S", "A") or direction not in DIRECTIONS:
            return None
        di, dj = DIRECTIONS[direction]
        ahead = (here[0] + di, here[1] + dj)
        if kind == "A":
            if not (0 <= ahead[0] < n and 0 <= ahead[1] < n):
                return None
            blocks ^= {ahead}
        elif kind == "M":
            if not free(ahead):
                return None
            here = ahead
        else:
            while free((here[0] + di, here[1] + dj)):
                here = (here[0] + di, here[1] + dj)
        if waiting and here == waiting[0]:
            waiting = waiting[1:]
    visited = m - 1 - len(waiting)
    return visited + 1 if waiting else m + 2 * n * m - len(words) // 2


def flowshop(case: str, output: str) -> int | None:
    n, m, *values = numbers(case)
    given = numbers(output)
    if given is None or sorted(given) != list(range(1, n + 1)):
        return None
    done = [0] * (m + 1)
    for job in given:
        for machine in range(m):
            done[machine + 1] = max(done[machine], done[machine + 1]) + values[machine * n + job - 1]
        done[0] = 0
    return done[m]


def tsp(case: str, output: str) -> int | None:
    n, *values = numbers(case)
    given = numbers(output)
    if given is None or sorted(given) != list(range(1, n + 1)):
        return None
    spots = [complex(values[2 * k - 2], values[2 * k - 1]) for k in given]
    return sum(half_up(abs(one - other)) for one, other in zip(spots, spots[1:] + spots[:1], strict=True))


def qap(case: str, output: str) -> int | None:
    n, *values = numbers(case)
    given = numbers(output)
    if given is None or sorted(given) != list(range(1, n + 1)):
        return None
    total = 0
    for i, j in itertools.product(range(n), repeat=2):
        total += values[(given[i] - 1) * n + given[j] - 1] * values[n * n + i * n + j]
    return total


def tardiness(case: str, output: str) -> int | None:
    n, *values = numbers(case)
    given = numbers(output)
    if given is None or sorted(given) != list(range(1, n + 1)):
        return None
    total = clock = 0
    for job in given:
        time, weight, due = values[3 * job - 3 : 3 * job]
        clock += time
        if clock > due:
            total += weight * (clock - due)
    return total


def knapsack(case: str, output: str) -> int | None:
    n, m, *values = numbers(case)
    profits, capacities = values[:n], values[n + n * m :]
    given = numbers(output)
    if not given or given[0] != len(given) - 1:
        return None
    chosen = given[1:]
    if chosen != sorted(set(chosen)) or not set(chosen) <= set(range(1, n + 1)):
        return None
    for i in range(m):
        weights = values[n + i * n : n + (i + 1) * n]
        if sum(weights[j - 1] for j in chosen) > capacities[i]:
            return None
    return sum(profits[j - 1] for j in chosen)


def facility(case: str, output: str) -> int | None:
    n, m, *values = numbers(case)
    given = numbers(output)
    if not given or given[0] != len(given) - 1 or given[0] < 1:
        return None
    if given[1:] != sorted(set(given[1:])) or not all(1 <= site <= n for site in given[1:]):
        return None
    sites = [values[3 * site - 3 : 3 * site] for site in given[1:]]
    total = sum(cost for _, _, cost in sites)
    for k in range(3 * n, 3 * n + 2 * m, 2):
        square = min((x - values[k]) ** 2 + (y - values[k + 1]) ** 2 for x, y, _ in sites)
        total += (math.isqrt(4 * square) + 1) // 2
    return total


def supersequence(case: str, output: str) -> int | None:
    words = output.split()
    if len(words) != 1 or not set(words[0]) <= set("ACGT"):
        return None
    for string in case.split()[1:]:
        rest = iter(words[0])
        if not all(letter in rest for letter in string):
            return None
    return len(words[0])


def maxcut(case: str, output: str) -> int | None:
    n, _, *values = numbers(case)
    given = numbers(output)
    if not given or given[0] != len(given) - 1 or given[1:] != sorted(set(given[1:]) & set(range(1, n + 1))):
        return None
    total = 1
    for u, v, w in zip(values[::3], values[1::3], values[2::3], strict=True):
        total += max(0, -w) + w * ((u in given[1:]) != (v in given[1:]))
    return total


def reversals(case: str, output: str) -> int | None:
    n, *symbols = numbers(case)
    given = numbers(output)
    if not given or not 0 <= given[0] <= 10 * n or len(given) != 1 + 2 * given[0]:
        return None
    stands = dict(enumerate(symbols, start=1))
    for i, j in zip(given[1::2], given[2::2], strict=True):
        if not 1 <= i < j <= n:
            return None
        stands = {(i + j - place if i <= place <= j else place): symbol for place, symbol in stands.items()}
    return given[0] if all(place == symbol for place, symbol in stands.items()) else None
