"""The yardstick: a plain annealer of the kind that anybody writes first, given its best temperature by an oracle.

Random start, plain uniform neighbourhoods, full evaluation, exponential cooling. Its temperatures are multiples of the
mean difference between neighbours at the start of each case, which already adapts them to the case's scale.
"""

from __future__ import annotations

TEMPERATURES = tuple((start, end) for start in (3.0, 1.0, 0.3, 0.1, 0.03, 0.01) for end in (0.1, 0.01, 0.001))
"""Start temperature as a multiple of the mean difference, end temperature as a multiple of the start."""

PLAIN_ANNEALER = '''

@njit(cache=True)
def plain_neighbour(kind, answer, extent, space):
    """Change the answer by a plain uniform move; return the new extent."""
    KIND_CASES
    return extent


@njit(cache=True)
def plain_search(case, space, budget, start_factor, end_factor, seed):
    """Return the value of the best answer that a plain annealer finds."""
    np.random.seed(seed)
    current, extent = plain_start(space)
    neighbour = current.copy()
    value = evaluate_full(case, current, extent, budget)
    best = value
    total, count = 0.0, 0
    for _ in range(100):
        longer = plain_neighbour(np.random.randint(KINDS), neighbour, extent, space)
        tried = evaluate_full(case, neighbour, longer, budget)
        if np.isfinite(tried - value):
            total += abs(tried - value)
            count += 1
        for k in range(current.size):
            neighbour[k] = current[k]
    start = start_factor * total / max(count, 1) + 1e-300
    while budget[4] < budget[3]:
        temperature = start * end_factor ** (budget[4] / budget[3])
        longer = plain_neighbour(np.random.randint(KINDS), neighbour, extent, space)
        tried = evaluate_full(case, neighbour, longer, budget)
        if tried >= value or np.random.random() < math.exp((tried - value) / temperature):
            for k in range(current.size):
                current[k] = neighbour[k]
            extent, value = longer, tried
            best = max(best, value)
        else:
            for k in range(current.size):
                neighbour[k] = current[k]
    return best
'''

_STARTS = {
    "permutation": """
@njit(cache=True)
def plain_start(space):
    return np.random.permutation(space[0]), space[0]
""",
    "integers": """
@njit(cache=True)
def plain_start(space):
    answer = space[0].copy()
    for k in range(answer.size):
        answer[k] = np.random.randint(space[0][k], space[1][k] + 1)
    return answer, answer.size
""",
    "subset": """
@njit(cache=True)
def plain_start(space):
    answer = np.zeros(space[0], np.int64)
    for k in np.random.permutation(space[0])[:space[1]]:
        answer[k] = 1
    return answer, space[1]
""",
    "sequence": """
@njit(cache=True)
def plain_start(space):
    answer = np.random.randint(0, space[0], space[2])
    return answer, np.random.randint(space[1], space[2] + 1)
""",
}

_MOVES = {
    "permutation": (4, '''
    i, j = np.random.randint(extent), np.random.randint(extent)
    if kind == 0:
        answer[i], answer[j] = answer[j], answer[i]
    elif kind == 1:
        element = answer[i]
        step = 1 if i < j else -1
        for k in range(i, j, step):
            answer[k] = answer[k + step]
        answer[j] = element
    elif kind == 2:
        reverse_range(answer, min(i, j), max(i, j) + 1)
    else:
        lo, hi = min(i, j), max(i, j) + 1
        cut = np.random.randint(lo, hi)
        reverse_range(answer, lo, cut)
        reverse_range(answer, cut, hi)
        reverse_range(answer, lo, hi)
'''),
    "integers": (4, '''
    low, high = space[0], space[1]
    i, j = np.random.randint(extent), np.random.randint(extent)
    if kind == 0:
        answer[i] = np.random.randint(low[i], high[i] + 1)
    elif kind == 1:
        width = max(1, (high[i] - low[i]) // 10)
        answer[i] = max(low[i], min(high[i], answer[i] + np.random.randint(-width, width + 1)))
    elif kind == 2:
        a, b = answer[i], answer[j]
        answer[i] = max(low[i], min(high[i], b))
        answer[j] = max(low[j], min(high[j], a))
    else:
        answer[i] = max(low[i], min(high[i], answer[j]))
'''),
    "subset": (2, '''
    i = np.random.randint(answer.size)
    if kind == 0 and space[1] < space[2]:
        grown = extent + 1 - 2 * answer[i]
        if space[1] <= grown <= space[2]:
            answer[i] = 1 - answer[i]
            extent = grown
    else:
        for _ in range(100):
            j = np.random.randint(answer.size)
            if answer[i] != answer[j]:
                answer[i], answer[j] = answer[j], answer[i]
                break
'''),
    "sequence": (4, '''
    symbols, minimum, maximum = space
    i = np.random.randint(max(1, extent))
    if kind == 0 and extent > 0:
        answer[i] = np.random.randint(symbols)
    elif kind == 1 and extent < maximum:
        for k in range(extent, i, -1):
            answer[k] = answer[k - 1]
        answer[i] = np.random.randint(symbols)
        extent += 1
    elif kind == 2 and extent > minimum:
        for k in range(i, extent - 1):
            answer[k] = answer[k + 1]
        extent -= 1
    elif extent > 0:
        j = min(extent, i + np.random.randint(1, 8))
        for k in range(i, j):
            answer[k] = np.random.randint(symbols)
'''),
}  # fmt: skip


def plain_annealer(space: str) -> str:
    """Return the text of the annealer for an answer space; it needs `evaluate_full`, `math`, `np` and `njit`."""
    kinds, cases = _MOVES[space]
    text = PLAIN_ANNEALER.replace("    KIND_CASES\n", cases.lstrip("\n").rstrip() + "\n").replace("KINDS", str(kinds))
    reverse = (
        ""
        if space != "permutation"
        else """
@njit(cache=True)
def reverse_range(answer, lo, hi):
    hi -= 1
    while lo < hi:
        answer[lo], answer[hi] = answer[hi], answer[lo]
        lo += 1
        hi -= 1
"""
    )
    return reverse + _STARTS[space] + text
