"""What the transfer benchmark reports of its searches.

(c)'s final score on a problem is the mean over the repetitions of the gain that its searches from an empty memory end
with: a single search's end depends on one lucky draw. The evaluations until it is reached are the *expected running
time* of the field (Hansen et al. 2021, doi 10.1080/10556788.2020.1808977): all evaluations that the repetitions spent
until they reached it, those that never did with their whole budget, over the number of those that did; where none did,
half a one is counted. So an arm is charged alike for being slow and for failing, and (c) is measured as the others are.

The average over problems is the geometric mean of the ratios to (c); its interval is a bootstrap over problems and,
within each, over repetitions, in which the target is computed anew each time.

Whether an arm's final gain is another than (c)'s is asked once a problem, each time at 95 %: of sixteen true equals one is
called worse in a third of all tables. So the count is given with Holm's correction too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ale_agent.evaluate.comparison import mean_interval
from ale_agent.seeds import generator
from benchmarks.transfer_runs import Trace

Arms = Mapping[str, Sequence[Trace]]
"""The searches of one problem, by arm; those of one repetition share their place."""

_SUCCESSES_OF_NONE = 0.5
_RESAMPLED = 2000
_LEVEL = 0.05


def final_gain(trace: Trace) -> float:
    """Return the gain of the last incumbent."""
    return trace.incumbents[-1].gain


def target_of(arms: Arms) -> float:
    """Return the gain that has to be reached: the mean of what an empty memory ends with."""
    return float(np.mean([final_gain(trace) for trace in arms["empty"]]))


def runs_until(trace: Trace, gain: float) -> int | None:
    """Return how many runs a search had made when its incumbent first had this gain, None if it never had."""
    return next((best.at for best in trace.incumbents if best.gain >= gain - 1e-12), None)


def expected_runs(traces: Sequence[Trace], gain: float) -> float:
    """Return the expected running time: all that was spent until the gain was reached, by how often it was."""
    needed = [runs_until(trace, gain) for trace in traces]
    spent = sum(trace.runs if n is None else n for n, trace in zip(needed, traces, strict=True))
    return spent / max(_SUCCESSES_OF_NONE, sum(n is not None for n in needed))


def ratio_of(arms: Arms, arm: str) -> float:
    """Return the evaluations that an arm needs for each that an empty memory needs, to the same quality."""
    target = target_of(arms)
    return expected_runs(arms[arm], target) / expected_runs(arms["empty"], target)


def average_ratio(table: Mapping[str, Arms], arm: str) -> float:
    """Return the geometric mean over problems of `ratio_of`."""
    return math.exp(float(np.mean([math.log(ratio_of(arms, arm)) for arms in table.values()])))


def ratio_interval(table: Mapping[str, Arms], arm: str) -> tuple[float, float]:
    """Return the 95 % interval of `average_ratio` for other problems and other seeds."""
    rng = generator(0, "transfer_measure")
    names = list(table)
    found = []
    for _ in range(_RESAMPLED):
        drawn = [names[int(i)] for i in rng.integers(len(names), size=len(names))]
        found.append(average_ratio({f"{k}": _resampled(table[n], arm, rng) for k, n in enumerate(drawn)}, arm))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def _resampled(arms: Arms, arm: str, rng: np.random.Generator) -> Arms:
    chosen = rng.integers(len(arms["empty"]), size=len(arms["empty"]))
    return {name: [arms[name][int(i)] for i in chosen] for name in {arm, "empty"}}


def verdict_on(arms: Arms, arm: str) -> tuple[float, float, float, str]:
    """Return the mean difference of the final gains to (c)'s, in percent, its 95 % interval, and what it says."""
    pairs = zip(arms[arm], arms["empty"], strict=True)
    differences = [100 * (final_gain(one) - final_gain(other)) for one, other in pairs]
    low, high = mean_interval(differences)
    said = "better" if low > 0 else "worse" if high < 0 else "no difference beyond chance"
    return float(np.mean(differences)), low, high, said


def corrected_verdicts(table: Mapping[str, Arms], arm: str) -> dict[str, str]:
    """Return by problem whether an arm is better or worse than an empty memory, at 95 % for all problems together.

    Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979) of paired t-tests.
    """
    from scipy import stats

    differences = {
        name: [final_gain(one) - final_gain(other) for one, other in zip(arms[arm], arms["empty"], strict=True)]
        for name, arms in table.items()
    }
    chance = {name: float(stats.ttest_1samp(found, 0.0).pvalue) for name, found in differences.items() if any(found)}
    verdicts = dict.fromkeys(table, "no difference beyond chance")
    for rank, name in enumerate(sorted(chance, key=chance.__getitem__)):
        if chance[name] > _LEVEL / (len(table) - rank):
            break
        verdicts[name] = "better" if sum(differences[name]) > 0 else "worse"
    return verdicts


def print_table(table: Mapping[str, Arms]) -> None:
    """Print what each arm ends with and how soon it has the quality that an empty memory ends with, and verdicts."""
    print(f"\n{'problem':<14}{'memory':<9}{'score':>14}{'final gain over the standard, %':>34}"
          f"{'evaluations to (c) final':>26}{'reached':>9}")  # fmt: skip
    for name, arms in table.items():
        target = target_of(arms)
        for arm, traces in arms.items():
            gains = [100 * final_gain(trace) for trace in traces]
            low, high = mean_interval(gains)
            score = float(np.mean([trace.incumbents[-1].score for trace in traces]))
            reached = sum(runs_until(trace, target) is not None for trace in traces)
            least = " " if reached else ">"
            print(f"{name:<14}{arm:<9}{score:>14.6g}{np.mean(gains):>+12.3f} ({low:+8.3f} .. {high:+8.3f})"
                  f"{least:>17}{expected_runs(traces, target):>9.0f}{reached:>4} of {len(traces)}")  # fmt: skip
    for arm in [name for name in next(iter(table.values())) if name != "empty"]:
        print(f"\n{arm} against empty (pairs share their seed and cases):")
        single = []
        for name, arms in table.items():
            mean, low, high, said = verdict_on(arms, arm)
            single.append(said)
            print(f"{name:<14}final {mean:+.3f} % ({low:+.3f} .. {high:+.3f}); evaluations to the same quality "
                  f"x {ratio_of(arms, arm):.2f}; {said}")  # fmt: skip
        corrected = list(corrected_verdicts(table, arm).values())
        print(f"better on {single.count('better')} of {len(single)}, worse on {single.count('worse')}; corrected for "
              f"{len(single)} questions: better on {corrected.count('better')}, worse on {corrected.count('worse')}")  # fmt: skip
        print(_overall(table, arm))


def _overall(table: Mapping[str, Arms], arm: str) -> str:
    low, high = ratio_interval(table, arm)
    sums = [sum(expected_runs(arms[a], target_of(arms)) for arms in table.values()) for a in (arm, "empty")]
    return (f"evaluations to the same quality, geometric mean over problems: x {average_ratio(table, arm):.2f} "
            f"({low:.2f} .. {high:.2f}); sum over sum: x {sums[0] / sums[1]:.2f}")  # fmt: skip
