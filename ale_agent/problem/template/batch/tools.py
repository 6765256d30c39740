"""Cases and judging of this problem. A stub that works: replace the problem by yours, function by function."""

import html

import numpy as np

MAX_OUTPUT_LENGTH = 1 << 20


def generate(seed):
    """Return the case of a seed: N items with weights and values, and a capacity."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 41))
    weights = rng.integers(1, 101, n)
    values = rng.integers(1, 101, n)
    lines = [f"{n} {int(weights.sum()) // 3}"]
    lines += [f"{weight} {value}" for weight, value in zip(weights, values, strict=True)]
    return "\n".join(lines) + "\n"


def read_case(text):
    """Return the capacity, the weights and the values."""
    numbers = np.array(text.split(), dtype=np.int64)
    pairs = numbers[2:].reshape(-1, 2)
    return int(numbers[1]), np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def answer_space(case):
    """Return what an answer is: for each item, whether it is taken."""
    size = len(case[1])
    return {"kind": "subset", "size": size, "minimum": 0, "maximum": size}


def objective(case, answer):
    """Return the value of the items that __ARE__; __WORST_WORD__ if too heavy. Numba compiles this as it is."""
    capacity, weights, values = case
    weight = 0
    value = __START__
    for i in range(len(answer)):
        if answer[i] == 1:
            weight += weights[i]
            value = __NEXT__
    if weight > capacity:
        return __WORST__
    return float(value)


def write_answer(case, answer):
    """Return the output text of an answer: how many items, then their numbers."""
    chosen = np.flatnonzero(answer)
    return f"{len(chosen)}\n{' '.join(map(str, chosen))}\n"


def parse_output(output, n):
    """Return the items of an output; ValueError says what is wrong and where."""
    if len(output) > MAX_OUTPUT_LENGTH:
        raise ValueError(f"the output has {len(output)} characters, more than {MAX_OUTPUT_LENGTH}")
    tokens = output.split()
    if not tokens:
        raise ValueError("the output is empty")
    numbers = []
    for place, token in enumerate(tokens):
        if not (token.isascii() and token.isdigit() and len(token) <= 9):
            raise ValueError(f"token {place + 1} is {token[:20]!r}, but must be a non-negative integer")
        numbers.append(int(token))
    if len(numbers) != numbers[0] + 1:
        raise ValueError(f"K = {numbers[0]}, but {len(numbers) - 1} items follow")
    for place, item in enumerate(numbers[1:]):
        if item >= n:
            raise ValueError(f"item {place + 1} is {item}, but must be at most {n - 1}")
    if len(set(numbers[1:])) != len(numbers) - 1:
        raise ValueError("an item is taken twice")
    return numbers[1:]


def score(case, output):
    """Return the value of the items that __ARE__."""
    capacity, weights, values = read_case(case)
    items = parse_output(output, len(weights))
    weight = int(weights[items].sum())
    if weight > capacity:
        raise ValueError(f"the items weigh {weight}, more than {capacity}")
    return __RESULT__


def draw(case, output):
    """Return a picture: one bar an item, as wide as its weight, as high as its value, coloured if it is taken."""
    capacity, weights, values = read_case(case)
    items = set(parse_output(output, len(weights)))
    bars = []
    left = 10
    for i in range(len(weights)):
        width = int(weights[i]) * 6 / 10
        fill = "#2a6f97" if i in items else "#d9d9d9"
        bars.append(
            f'<rect x="{left:.1f}" y="{120 - values[i]}" width="{width:.1f}" height="{values[i]}" fill="{fill}"/>'
        )
        left += width + 2
    title = html.escape(f"value {score(case, output)}, capacity {capacity}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + 10:.0f} 150" width="{left + 10:.0f}" height="150">'
        f'{"".join(bars)}<text x="10" y="140" font-size="12" font-family="sans-serif">{title}</text></svg>'
    )
