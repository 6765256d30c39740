"""Writes the part of a program that a genotype shapes: evaluation, the choice of a move, and the search loop.

The loop is one text with holes; each acceptance, restart and weighting fills some of them with a few lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from ale_agent.strategist.compose_catalogue import Component, component
from ale_agent.strategist.genotype import Genotype

SPACE_NAMES: Mapping[str, str] = {
    "permutation": "size",
    "integers": "low, high, free",
    "subset": "size, minimum, maximum",
    "sequence": "symbols, minimum, maximum",
}
"""What the tuple `space` of a program holds, by answer space."""

_EVALUATE = '''
@njit(cache=True, error_model="numpy")
def evaluate_full(case, answer, extent, budget):
    """Return the objective{turned}; -inf where it is not a number. Counts the evaluation."""
    budget[4] += 1.0
    value = {sign}np.float64(objective(case, {answer}))
    return value if value == value else -np.inf
'''

_APPLY_MOVE = '''
@njit(cache=True)
def apply_move(kind, answer, extent, space{tuned}, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    {unpack} = space
{cases}
'''

_SEARCH = '''
@njit(cache=True)
def search(case, space, budget, rng{tuned}):
    """Return the best answer found within the budget, and its extent.

    current is what the search stands on; neighbour is its twin, on which a move is tried. {acceptance}
    """
    {unpack} = space
    current, extent = {construct}
    neighbour = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
{setup}
    started = spent_share(budget)
    next_check = budget[4]
    idle = 0  # moves in a row that changed nothing
    while idle < 1000:
        if budget[4] >= next_check:
            share = spent_share(budget)
            if share >= 1.0:
                break
            next_check = budget[4] + max(1.0, min(1000.0, budget[4] / max(share, 1e-9) / 4000.0))
            progress = (share - started) / (1.0 - started)
{refresh}
{before}
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space{move_arguments}, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour, neighbour_extent, budget)
{observe}
        if value >= bar:
{accepted}
            copy_range(neighbour, current, lo, hi)
            extent, current_value = neighbour_extent, value
            if value > best_value:
                copy_range(current, best, 0, current.size)
                best_extent, best_value = extent, value
{improved}
        else:
            copy_range(current, neighbour, lo, hi)
{rejected}
    return best, best_extent
'''

_BACK_TO_BEST = """
copy_range(best, current, 0, best.size)
copy_range(best, neighbour, 0, best.size)
extent, current_value = best_extent, best_value
"""


@dataclass(frozen=True)
class Holes:
    """What a component puts into the loop, as unindented lines; empty where it has nothing to say."""

    setup: str = ""
    refresh: str = ""
    before: str = ""
    observe: str = ""
    accepted: str = ""
    improved: str = ""
    rejected: str = ""


_CALIBRATED = Holes(
    setup="""
worsenings = np.empty(256)  # the sizes of the worsenings seen last
seen = 0
temperature, next_calibration = 0.0, 0.0
""",
    refresh="""
if progress >= next_calibration:
    # The share of worsenings to accept falls from start to end at an even rate.
    acceptance = start_acceptance * (end_acceptance / start_acceptance) ** {progress}
    temperature = {calibrate}(worsenings, min(seen, 256), acceptance)
    next_calibration = progress + 0.004 if seen >= 16 else 0.0
""",
    before="bar = current_value {bar}",
    observe="""
if -np.inf < value < current_value:
    worsenings[seen % 256] = current_value - value
    seen += 1
""",
)

_ACCEPTANCES: Mapping[str, Holes] = {
    "metropolis": _CALIBRATED,
    "threshold": _CALIBRATED,
    "late": Holes(
        setup="""
history = np.full(65536, current_value)  # a ring: the current value at each of the last evaluations
memory, now = 1, 0
""",
        refresh="memory = max(1, min(65535, int(memory_share * budget[4] / max(share, 1e-9))))",
        before="bar = min(current_value, history[(now - memory) & 65535])",
        observe="""
history[now & 65535] = current_value
now += 1
""",
    ),
    "kicks": Holes(
        setup="""
base, base_extent, base_value = current.copy(), extent, current_value  # where the last kick began
stale = 0  # evaluations since the current answer was improved
""",
        refresh="",
        before="""
if stale > patience * current.size + 20:
    stale = 0
    if current_value < base_value:
        copy_range(base, current, 0, base.size)
        copy_range(base, neighbour, 0, base.size)
        extent, current_value = base_extent, base_value
    else:
        copy_range(current, base, 0, base.size)
        base_extent, base_value = extent, current_value
    for _ in range(kick_size):
        lo, hi, extent = apply_move(draw_index(weights, rng), neighbour, extent, space{move_arguments}, rng)
    copy_range(neighbour, current, 0, current.size)
    current_value = evaluate_full(case, current, extent, budget)
stale += 1
bar = current_value
""",
        accepted="""
if value > current_value:
    stale = 0
""",
    ),
}

_RESTARTS: Mapping[str, Holes] = {
    "none": Holes(),
    "from_best": Holes(
        setup="improved_at = started_share",
        refresh="""
if share - improved_at > stall_share and current_value < best_value:
    improved_at = share
    {back}
""",
        improved="improved_at = share",
    ),
    "reheat": Holes(
        setup="round_number = 0",
        refresh="""
if int(progress * rounds) > round_number:
    round_number = int(progress * rounds)
    {back}
    {reset}
progress = progress * rounds - round_number
""",
    ),
    "from_construction": Holes(
        setup="round_number = 0",
        refresh="""
if int(progress * rounds) > round_number:
    round_number = int(progress * rounds)
    current, extent = {construct_again}
    copy_range(current, neighbour, 0, current.size)
    current_value = evaluate_full(case, current, extent, budget)
    {reset}
progress = progress * rounds - round_number
""",
    ),
}

# What an acceptance remembers of a round that is over.
_RESET: Mapping[str, str] = {
    "metropolis": "next_calibration = 0.0",
    "threshold": "next_calibration = 0.0",
    "late": "for k in range(history.size):\n    history[k] = current_value",
    "kicks": "copy_range(current, base, 0, base.size)\nbase_extent, base_value, stale = extent, current_value, 0",
}

_WEIGHTINGS: Mapping[str, Holes] = {
    "fixed": Holes(before="kind = draw_index(weights, rng)"),
    "adaptive": Holes(
        setup="""
credit = np.ones(weights.size)  # the recent share of a kind's moves that were accepted and changed the value
drawn_by = weights.copy()
""",
        refresh="share_credit(weights, credit, weight_floor, drawn_by)",
        before="kind = draw_index(drawn_by, rng)",
        observe="credit[kind] += 0.002 * ((1.0 if value >= bar and value != current_value else 0.0) - credit[kind])",
    ),
}


def write_search(genotype: Genotype, objective: str, tuned: Sequence[str]) -> str:
    """Return the text of evaluate_full, apply_move and search.

    Parameters
    ----------
    genotype
        What the program is composed of.
    objective
        ``maximize`` or ``minimize``.
    tuned
        The parameters that the search takes, in the order of its arguments.
    """
    space, names = genotype.space, SPACE_NAMES[genotype.space]
    unpack = names if "," in names else f"({names},)"
    moves = [component(space, "neighbourhoods", name) for name in genotype.neighbourhoods]
    move_tuned = [name for name in tuned if any(name in _arguments(move) for move in moves)]
    move_arguments = "".join(f", {name}" for name in move_tuned)
    evaluate = _EVALUATE.format(
        turned="" if objective == "maximize" else ", turned so that greater is better",
        sign="" if objective == "maximize" else "-",
        answer="answer[:extent]" if space == "sequence" else "answer",
    )
    apply_move = _APPLY_MOVE.format(tuned=move_arguments, unpack=unpack, cases=indent(_move_cases(moves), " " * 4))
    return evaluate + "\n" + apply_move + "\n" + _write_loop(genotype, unpack, tuned, move_arguments)


def _arguments(part: Component) -> list[str]:
    return [name.strip() for name in part.arguments.split(",") if name.strip()]


def _move_cases(moves: Sequence[Component]) -> str:
    lines = []
    for number, move in enumerate(moves):
        assert move.kernel is not None
        call = f"return {move.kernel[1]}({', '.join(['answer', 'extent', *_arguments(move), 'rng'])})"
        lines.append(call if number == len(moves) - 1 else f"if kind == {number}:\n    {call}")
    return "\n".join(lines)


def construction_call(genotype: Genotype) -> str:
    """Return the call that makes the first answer."""
    part = component(genotype.space, "construction", genotype.construction)
    assert part.kernel is not None
    space = SPACE_NAMES[genotype.space].replace(", free", "")
    return f"{part.kernel[1]}({', '.join(['case', space, 'budget', *_arguments(part), 'rng'])})"


def _write_loop(genotype: Genotype, unpack: str, tuned: Sequence[str], move_arguments: str) -> str:
    acceptance = _ACCEPTANCES[genotype.acceptance]
    # A restart turns the progress of the budget into that of a round, so it comes before what reads the progress.
    parts = [_RESTARTS[genotype.restarts], _WEIGHTINGS[genotype.weighting], acceptance]
    construct = construction_call(genotype)
    fillings = {
        "{back}": "\n    ".join(_BACK_TO_BEST.strip().splitlines()),
        "{reset}": "\n    ".join(_RESET[genotype.acceptance].splitlines()),
        "{construct_again}": construct.replace("construction_share", "share + construction_share / rounds"),
        "{move_arguments}": move_arguments,
        "{progress}": "progress",
        "{calibrate}": "metropolis_temperature" if genotype.acceptance == "metropolis" else "threshold_level",
        "{bar}": "+ temperature * math.log(random_unit(rng))"
        if genotype.acceptance == "metropolis"
        else "- temperature",
    }
    columns = {"setup": 4, "refresh": 12, "before": 8, "observe": 8, "accepted": 12, "improved": 16, "rejected": 12}
    filled = {}
    for hole, column in columns.items():
        text = "\n".join(t.strip("\n") for t in (getattr(part, hole) for part in parts) if t.strip("\n"))
        for mark, filling in fillings.items():
            text = text.replace(mark, filling)
        filled[hole] = indent(text, " " * column)
    what = component(genotype.space, "acceptance", genotype.acceptance).what
    text = _SEARCH.format(
        tuned="".join(f", {name}" for name in ("weights", *tuned)),
        acceptance="Acceptance: " + what + ".",
        unpack=unpack,
        construct=construct,
        move_arguments=move_arguments,
        **filled,
    ).replace("started_share", "0.0")
    lines = text.splitlines()
    # A hole that nothing fills leaves an empty line inside the function: take it out.
    body = [line for k, line in enumerate(lines) if line.strip() or k < 2 or not lines[k - 1].startswith(" ")]
    return "\n".join(body) + "\n"
