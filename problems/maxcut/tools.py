"""Cases and judging of the maximum cut: random graphs with weights 1, or -1 and +1, as in Helmberg and Rendl's set."""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

FEWEST, MOST = 80, 160  # vertices of a generated case
PERCENTS = (6, 20, 50)  # of the pairs of vertices that are edges
GREATEST_SIZE = 10**5  # vertices, in a case from elsewhere
GREATEST_WEIGHT = 10**6  # in a case from elsewhere, of either sign
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return a random graph, its weights all 1 for an even seed, -1 or +1 for an odd one.

    Two kinds of the set of Helmberg and Rendl (SIAM Journal on Optimization 10, 2000), whose random graphs have 800
    vertices and more and at most 6 percent of the edges.
    """
    rng = ChaCha20Rng(seed)
    vertices = rng.range_i32_inclusive(FEWEST, MOST)
    percent = rng.choose(PERCENTS)
    edges: list[str] = []
    while not edges:
        for one in range(1, vertices):
            for other in range(one + 1, vertices + 1):
                if rng.index(100) < percent:
                    edges.append(f"{one} {other} {2 * rng.index(2) - 1 if seed % 2 else 1}")
    return "\n".join([f"{vertices} {len(edges)}", *edges]) + "\n"


def score(case: str, output: str) -> int:
    """Return W + the weight of the cut; ValueError says which token of the output is wrong."""
    vertices, offset, ends, others, weights = read_case(case)
    side = _side(output, vertices)
    return offset + int(weights[side[ends] != side[others]].sum())


def _side(output: str, vertices: int) -> np.ndarray:
    """Return 1 for each vertex that the output lists and 0 for the rest, (vertices,) int64."""
    side = np.zeros(vertices, dtype=np.int64)
    count, listed, last = -1, 0, 0
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            at = f"line {line}, k" if count < 0 else f"line {line}, vertex {listed + 1} of the side"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            number = int(token)
            if count < 0:
                if not 0 <= number <= vertices:
                    raise ValueError(f"{at}: {number} is not in 0..{vertices}")
                count = number
                continue
            if listed == count:
                raise ValueError(f"{at}: {number} is one too many, k is {count}")
            if not 1 <= number <= vertices:
                raise ValueError(f"{at}: {number} is not in 1..{vertices}")
            if number <= last:
                raise ValueError(f"{at}: {number} comes after {last}, must be greater")
            side[number - 1] = 1
            listed, last = listed + 1, number
    if count < 0:
        raise ValueError("line 1, k: the output is empty, must begin with the number of vertices of the side")
    if listed < count:
        raise ValueError(f"the side has {listed} vertices, must be k = {count}")
    return side


def draw(case: str, output: str) -> str:
    """Return the two sides as half circles with the cut edges between; orange vertices would gain by changing sides."""
    vertices, offset, ends, others, weights = read_case(case)
    side = _side(output, vertices)
    cut = side[ends] != side[others]
    gains = np.zeros(vertices, dtype=np.int64)  # of the cut if the vertex changed sides
    for touched in (ends, others):
        np.add.at(gains, touched, np.where(cut, -weights, weights))
    x, y = np.zeros(vertices), np.zeros(vertices)
    for half, direction in ((0, 1), (1, -1)):
        members = np.flatnonzero(side == half)
        turn = np.pi * ((np.arange(members.size) + 0.5) / max(1, members.size) - 0.5) * 0.94
        x[members] = 450 + direction * (30 + 360 * np.cos(turn))
        y[members] = 440 + 380 * np.sin(turn)
    parts = []
    for sign, color in ((1, "#2a6fb0"), (-1, "#c0392b")):
        lines = "".join(
            f"M{x[one]:.0f} {y[one]:.0f}L{x[other]:.0f} {y[other]:.0f}"
            for one, other in zip(ends[cut & (weights * sign > 0)], others[cut & (weights * sign > 0)], strict=True)
        )
        parts.append(f'<path d="{lines}" stroke="{color}" stroke-width="0.6" stroke-opacity="0.5" fill="none"/>')
    for vertex in range(vertices):
        color = "#f39c12" if gains[vertex] > 0 else "#333333"
        parts.append(
            f'<circle cx="{x[vertex]:.1f}" cy="{y[vertex]:.1f}" r="4" fill="{color}"><title>vertex {vertex + 1}: '
            f"changing sides gains {gains[vertex]}</title></circle>"
        )
    parts.append(
        f'<text x="20" y="24">cut {weights[cut].sum()}, score {offset + weights[cut].sum()}; '
        f"{vertices - side.sum()} + {side.sum()} vertices, {cut.sum()} of {cut.size} edges cut "
        f"(blue: positive, red: negative)</text>"
    )
    parts.append(f'<text x="20" y="44">{(gains > 0).sum()} vertices would gain by changing sides (orange)</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 840" font-family="sans-serif" font-size="14">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )


def read_case(text: str) -> tuple:
    """Return (vertices, W, ends, others, weights) of a case, ValueError if it is none.

    W is what the score adds to the cut; the edges are three (edges,) int64 arrays, ends counted from 0, ends < others.
    """
    tokens = text.split()
    for place, token in enumerate(tokens, start=1):
        if INTEGER.fullmatch(token) is None:
            raise ValueError(f"the case must hold integers, its token {place} is {token[:40]!r}")
    vertices, edges = (*map(int, tokens[:2]), 0, 0)[:2]
    if not 2 <= vertices <= GREATEST_SIZE or edges < 1 or len(tokens) != 2 + 3 * edges:
        raise ValueError(
            f"the case must hold n, e and e lines u v w, n in 2..{GREATEST_SIZE}, has {len(tokens)} integers"
        )
    table = np.array(tokens[2:], dtype=np.int64).reshape(edges, 3)
    ends, others, weights = (np.ascontiguousarray(column) for column in table.T)
    proper = (ends >= 1) & (ends < others) & (others <= vertices) & (abs(weights) <= GREATEST_WEIGHT)
    if not proper.all():
        edge = int(np.argmin(proper))
        rule = f"1 <= u < v <= {vertices} and w in {-GREATEST_WEIGHT}..{GREATEST_WEIGHT}"
        raise ValueError(f"edge {edge + 1} of the case must have {rule}, is {' '.join(map(str, table[edge]))}")
    if np.unique(ends * (vertices + 1) + others).size < edges:
        raise ValueError("the case must hold each pair u v once, has one twice")
    return vertices, 1 - int(weights[weights < 0].sum()), ends - 1, others - 1, weights


def answer_space(case: tuple) -> dict:
    """Return the subsets of the vertices: one side of the cut."""
    return {"kind": "subset", "size": case[0], "minimum": 0, "maximum": case[0]}


def objective(case, answer):
    """Return W + the weight of the cut; -inf if the answer is no array of 0 and 1 a vertex. Cost O(edges)."""
    vertices, offset, ends, others, weights = case
    if answer.size != vertices:
        return -np.inf
    bits = 0
    for vertex in range(vertices):
        bits |= answer[vertex]
    if bits < 0 or bits > 1:
        return -np.inf
    total = offset
    for edge in range(weights.size):
        total += weights[edge] * (answer[ends[edge]] ^ answer[others[edge]])  # no branch: these loops run as vectors
    return float(total)


def write_answer(case: tuple, answer) -> str:
    """Return how many vertices the side has and which, counted from 1."""
    side = np.flatnonzero(answer) + 1
    return " ".join(map(str, [side.size, *side])) + "\n"
