"""Cases and judging of ahc001, placing advertisements, and an encoding by guillotine cuts.

The encoding: the square is cut in two by a straight line, each part again, until every part holds one point. A part is
cut where the areas of its two sides are as the areas wished for in them, or as near to that as the points allow; which
of the possible cuts is taken says a digit: 0 the one that promises the best score, 1 the second best, and so on.
Digits are numbered by cuts in preorder (a part with m points has m - 1 cuts in it). A part that is larger than its
company wants is trimmed, so that only parts that are too small cost anything, and these little: the loss is quadratic.
All digits 0 is a decent greedy, and every vector of digits is a valid placement.

Notation: axis 0 is x, axis 1 is y; a rectangle is (left, bottom, right, top), half-open.
"""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng, rust_round

SIDE = 10000
RANKS = 6  # how many of the best cuts of a part a digit can choose from
NO_CUT = 1e9
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return the official case of that seed."""
    rng = ChaCha20Rng(seed)
    count = rust_round(50.0 * 4.0 ** rng.f64())
    points: dict[tuple[int, int], None] = {}
    while len(points) < count:
        points[rng.range_i32(0, SIDE), rng.range_i32(0, SIDE)] = None
    cuts = [0, *(cut + 1 for cut in rng.index_sample(SIDE * SIDE - 1, count - 1)), SIDE * SIDE]
    sizes = np.diff(cuts)
    rows = [f"{x} {y} {size}" for (x, y), size in zip(points, sizes.tolist(), strict=True)]
    return "\n".join([str(count), *rows]) + "\n"


def score(case: str, output: str) -> int:
    """Return the official score; ValueError says which rectangle is wrong."""
    wishes = _wishes(case)
    rectangles = _rectangles(output, len(wishes))
    total = 0.0
    for wish, rectangle in zip(wishes.tolist(), rectangles.tolist(), strict=True):
        total += _satisfaction(wish, rectangle)
    return rust_round(1e9 * total / len(wishes))


def _satisfaction(wish: list[int], rectangle: list[int]) -> float:
    x, y, wanted = wish
    left, bottom, right, top = rectangle
    if not (left <= x < right and bottom <= y < top):
        return 0.0
    area = (right - left) * (top - bottom)
    share = min(area, wanted) / max(area, wanted)
    return 1.0 - (1.0 - share) * (1.0 - share)


def _wishes(case: str) -> np.ndarray:
    """Return x, y and the area wished for of each company, (n, 3) int64."""
    tokens = case.split()
    if not tokens or any(INTEGER.fullmatch(token) is None for token in tokens):
        raise ValueError("the case must hold integers, n first")
    if len(tokens) != 1 + 3 * int(tokens[0]) or len(tokens) < 4:
        raise ValueError(f"the case must hold x, y and r of {tokens[0][:20]} companies, has {len(tokens) - 1} numbers")
    wishes = np.array(tokens[1:], dtype=np.int64).reshape(-1, 3)
    if wishes[:, :2].min() < 0 or wishes[:, :2].max() >= SIDE or wishes[:, 2].min() < 1:
        raise ValueError(f"the case must hold points in 0..{SIDE - 1} and areas of at least 1")
    return wishes


def _rectangles(output: str, count: int) -> np.ndarray:
    """Return the rectangles of the output, (n, 4) int64, checked for range and overlap."""
    numbers: list[int] = []
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"line {line}: {token[:40]!r} is not an integer")
            if len(numbers) == 4 * count:
                raise ValueError(f"line {line}: {token[:40]!r} comes after the last of {count} rectangles")
            number = int(token)
            if not 0 <= number <= SIDE:
                raise ValueError(f"line {line}: {number} is not in 0..{SIDE}")
            numbers.append(number)
    if len(numbers) < 4 * count:
        raise ValueError(f"the output has {len(numbers)} numbers, must be four for each of {count} companies")
    rectangles = np.array(numbers, dtype=np.int64).reshape(count, 4)
    for company, (left, bottom, right, top) in enumerate(rectangles.tolist()):
        if left >= right or bottom >= top:
            raise ValueError(f"rectangle {company}: {left} {bottom} {right} {top} is empty, must be a < c and b < d")
    _refuse_overlap(rectangles)
    return rectangles


def _refuse_overlap(rectangles: np.ndarray) -> None:
    low = np.maximum(rectangles[:, None, :2], rectangles[None, :, :2])
    high = np.minimum(rectangles[:, None, 2:], rectangles[None, :, 2:])
    overlaps = np.triu((low < high).all(axis=2), k=1)
    if overlaps.any():
        first, second = np.argwhere(overlaps)[0]
        raise ValueError(f"rectangles {first} and {second} overlap")


def draw(case: str, output: str) -> str:
    """Return the square: rectangles from red (far from the wish) to green, a line from each to its point if outside."""
    wishes = _wishes(case)
    rectangles = _rectangles(output, len(wishes))
    scale = 800 / SIDE
    parts = []
    for company, (wish, rectangle) in enumerate(zip(wishes.tolist(), rectangles.tolist(), strict=True)):
        satisfied = _satisfaction(wish, rectangle)
        left, bottom, right, top = (scale * edge for edge in rectangle)
        x, y = scale * (wish[0] + 0.5), scale * (wish[1] + 0.5)
        colour = f"#{int(235 - 95 * satisfied**4):02x}{int(110 + 100 * satisfied**4):02x}70"
        parts.append(
            f'<rect x="{left:.2f}" y="{bottom:.2f}" width="{right - left:.2f}" height="{top - bottom:.2f}" '
            f'fill="{colour}" stroke="#333" stroke-width="0.7"><title>company {company}: {satisfied:.6f}</title></rect>'
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.2" fill="{"#000" if satisfied else "#c00"}"/>'
        )
        if satisfied == 0:
            parts.append(
                f'<path d="M{x:.2f} {y:.2f}L{(left + right) / 2:.2f} {(bottom + top) / 2:.2f}" stroke="#c00" '
                'stroke-width="0.6" stroke-opacity="0.5"/>'
            )
    caption = f"{len(wishes)} companies, score {score(case, output)}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-15 -35 830 850" font-family="sans-serif" font-size="14">'
        '<rect x="-15" y="-35" width="830" height="850" fill="white"/>'
        '<rect width="800" height="800" fill="#e8e8e8" stroke="#333"/>'
        f'{"".join(parts)}<text x="0" y="-12">{caption}</text></svg>'
    )


def read_case(text: str) -> tuple:
    """Return (points, wanted, order) int64: points (n, 2), areas wanted (n,), companies by x and by y (2, n)."""
    wishes = _wishes(text)
    points = np.ascontiguousarray(wishes[:, :2])
    return points, np.ascontiguousarray(wishes[:, 2]), np.ascontiguousarray(np.argsort(points, axis=0, kind="stable").T)


def answer_space(case: tuple) -> dict:
    """Return the bounds of the digits, one for each cut (one that counts for nothing if there is none)."""
    cuts = max(1, case[1].size - 1)
    return {"kind": "integers", "low": np.zeros(cuts, dtype=np.int64), "high": np.full(cuts, RANKS - 1, dtype=np.int64)}


def price_cuts(points, wanted, members, left, right, depth, axis, total, places, losses):
    """Write where each cut across the axis goes and what it costs at least: cut k has k of the members before it.

    `members` are the points of the part in the order of the axis, along which the part reaches from left to right;
    `depth` is its extent across, `total` the area that its members want.
    """
    count = members.size
    before = 0
    for k in range(1, count):
        before += wanted[members[k - 1]]
        least = points[members[k - 1], axis] + 1
        most = points[members[k], axis]
        if least > most:
            losses[k] = NO_CUT
            continue
        place = min(max(left + int((right - left) * (before / total) + 0.5), least), most)
        lack_before = max(0.0, 1.0 - (place - left) * depth / before)
        lack_behind = max(0.0, 1.0 - (right - place) * depth / (total - before))
        places[k] = place
        losses[k] = k * lack_before * lack_before + (count - k) * lack_behind * lack_behind


def choose_cut(losses, count, rank):
    """Return (axis, k) of the cut of that rank by loss, or of the last one there is; spoils `losses` (2, n)."""
    chosen_axis, chosen_k = -1, -1
    for _ in range(rank + 1):
        least, at_axis, at_k = NO_CUT, -1, -1
        for axis in range(2):
            for k in range(1, count):
                if losses[axis, k] < least:
                    least, at_axis, at_k = losses[axis, k], axis, k
        if at_axis < 0:
            break
        chosen_axis, chosen_k = at_axis, at_k
        losses[at_axis, at_k] = NO_CUT
    return chosen_axis, chosen_k


def divide(sorted_other, members, k, marked, spare):
    """Bring the first k members to the front of the other axis' order, in place, both groups keeping their order."""
    for place in range(k):
        marked[members[place]] = True
    front, behind = 0, 0
    for place in range(sorted_other.size):
        point = sorted_other[place]
        if marked[point]:
            sorted_other[front] = point
            front += 1
        else:
            spare[behind] = point
            behind += 1
    for place in range(behind):
        sorted_other[front + place] = spare[place]
    for place in range(k):
        marked[members[place]] = False


def cut_square(case, answer, rectangles):
    """Write the part of each point (n, 4) int64 into `rectangles`, not trimmed. Cost about O(n log n)."""
    points, wanted, order = case
    count = wanted.size
    order = order.copy()
    marked = np.zeros(count, dtype=np.bool_)
    spare = np.empty(count, dtype=np.int64)
    places = np.empty((2, count), dtype=np.int64)
    losses = np.empty((2, count))
    parts = np.empty((count + 1, 7), dtype=np.int64)  # first point, end, number of the cut, left, bottom, right, top
    parts[0] = np.array([0, count, 0, 0, 0, SIDE, SIDE])
    waiting = 1
    while waiting > 0:
        waiting -= 1
        first, end, cut, left, bottom, right, top = parts[waiting]
        if end - first == 1:
            company = order[0, first]
            rectangles[company, 0], rectangles[company, 1] = left, bottom
            rectangles[company, 2], rectangles[company, 3] = right, top
            continue
        total = 0
        for place in range(first, end):
            total += wanted[order[0, place]]
        price_cuts(points, wanted, order[0, first:end], left, right, top - bottom, 0, total, places[0], losses[0])
        price_cuts(points, wanted, order[1, first:end], bottom, top, right - left, 1, total, places[1], losses[1])
        axis, k = choose_cut(losses, end - first, answer[cut])
        divide(order[1 - axis, first:end], order[axis, first:end], k, marked, spare)
        for column in range(3, 7):  # the part behind the cut waits, the one before it goes on top
            parts[waiting + 1, column] = parts[waiting, column]
        parts[waiting + 1, 0], parts[waiting + 1, 1], parts[waiting + 1, 2] = first, first + k, cut + 1
        parts[waiting + 1, 5 + axis] = places[axis, k]
        parts[waiting, 0], parts[waiting, 2] = first + k, cut + k
        parts[waiting, 3 + axis] = places[axis, k]
        waiting += 2


def trim(rectangle, x, y, wanted):
    """Shrink a rectangle that is too large, in place, to the area wanted and about a square, with the point inside."""
    width, height = rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]
    if width * height <= wanted:
        return
    height = min(height, max((wanted + width - 1) // width, int(np.sqrt(wanted))))
    width = min(width, max(1, (2 * wanted + height) // (2 * height)))
    rectangle[0] = min(max(x - width // 2, rectangle[0]), rectangle[2] - width)
    rectangle[1] = min(max(y - height // 2, rectangle[1]), rectangle[3] - height)
    rectangle[2] = rectangle[0] + width
    rectangle[3] = rectangle[1] + height


def place_rectangles(case, answer):
    """Return the rectangles of the digits (n, 4) int64, or none at all (0, 4) if a digit is out of range."""
    points, wanted, _ = case
    count = wanted.size
    if answer.size != max(1, count - 1):
        return np.empty((0, 4), dtype=np.int64)
    for cut in range(answer.size):
        if answer[cut] < 0 or answer[cut] >= RANKS:
            return np.empty((0, 4), dtype=np.int64)
    rectangles = np.empty((count, 4), dtype=np.int64)
    cut_square(case, answer, rectangles)
    for company in range(count):
        trim(rectangles[company], points[company, 0], points[company, 1], wanted[company])
    return rectangles


def objective(case, answer):
    """Return the score of the placement that the digits describe; -inf if they are out of range."""
    rectangles = place_rectangles(case, answer)
    wanted = case[1]
    count = rectangles.shape[0]
    if count == 0:
        return -np.inf
    total = 0.0
    for company in range(count):
        left, bottom, right, top = rectangles[company]
        area = (right - left) * (top - bottom)
        share = min(area, wanted[company]) / max(area, wanted[company])
        total += 1.0 - (1.0 - share) * (1.0 - share)
    return np.floor(1e9 * total / count + 0.5)


def write_answer(case: tuple, answer) -> str:
    """Return the rectangles as the output's lines."""
    rectangles = place_rectangles(case, np.asarray(answer, dtype=np.int64))
    return "".join(f"{left} {bottom} {right} {top}\n" for left, bottom, right, top in rectangles.tolist())
