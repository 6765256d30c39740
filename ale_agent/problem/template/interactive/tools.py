"""Cases and judging of this problem. A stub that works: replace the problem by yours, function by function."""

import numpy as np

GREATEST = 1_000_000
MAX_GUESSES = 100


def generate(seed):
    """Return the case of a seed: the hidden number. The solver does not see it; the judge does."""
    rng = np.random.default_rng(seed)
    return f"{int(rng.integers(1, GREATEST + 1))}\n"


def interact(case, solver):
    """Play the game with a solver and return the score; ValueError says what the solver did wrong."""
    hidden = int(case)
    solver.send(f"{GREATEST} {MAX_GUESSES}\n")
    for turn in range(1, MAX_GUESSES + 1):
        guess = parse_guess(solver.receive(), turn)
        if guess == hidden:
            solver.send("correct\n")
            return __RESULT__
        solver.send("higher\n" if hidden > guess else "lower\n")
    raise ValueError(f"the number was not found in {MAX_GUESSES} guesses")


def parse_guess(line, turn):
    """Return the number on a line of the solver."""
    token = line.strip()
    if not (token.isascii() and token.isdigit() and len(token) <= 9):
        raise ValueError(f"guess {turn} is {token[:20]!r}, but must be an integer from 1 to {GREATEST}")
    guess = int(token)
    if not 1 <= guess <= GREATEST:
        raise ValueError(f"guess {turn} is {guess}, but must be from 1 to {GREATEST}")
    return guess


def draw(case, output):
    """Return a picture: one dot a guess, from left to right, the hidden number as a line."""
    hidden = int(case)
    dots = []
    for turn, line in enumerate(output.split("\n")[:MAX_GUESSES]):
        if line.strip():
            height = 290 - 280 * parse_guess(line, turn + 1) / GREATEST
            dots.append(f'<circle cx="{10 + 5 * turn}" cy="{height:.1f}" r="3" fill="#2a6f97"/>')
    level = 290 - 280 * hidden / GREATEST
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 300" width="520" height="300">'
        f'<line x1="0" x2="520" y1="{level:.1f}" y2="{level:.1f}" stroke="#c1121f"/>{"".join(dots)}</svg>'
    )
