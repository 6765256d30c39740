"""The contract that every sandbox keeps: one attack each, and what must come of it.

An attack is a solver program. It prints ``escaped: ...`` if it got what it must not get; whatever else happens to it is
fine as long as the run ends within its limits. Nothing here does harm where a lock is missing: fork bombs stop at a few
processes, files are only created in the temporary folder, mounts are only asked for in a way that must fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from textwrap import dedent

from ale_agent.sandbox.attacks import ATTACKS, Attack
from ale_agent.sandbox.protocol import Ending, Limits, Loaded, Outcome, RefusedError, Run, Sandbox

LIMITS = Limits(wall_seconds=30.0, cpu_seconds=1.5, idle_seconds=1.5, memory_bytes=512 << 20, output_bytes=1 << 20)
_LOAD_SECONDS = 2.0
_SURVIVOR = dedent(
    """
    def main():
        print(input()[::-1])

    if __name__ == "__main__":
        main()
    """
)


@dataclass(frozen=True)
class CheckResult:
    """What came of one attack.

    Parameters
    ----------
    name
        The attack's.
    held
        Whether the sandbox held.
    detail
        What happened, for a person.
    """

    name: str
    held: bool
    detail: str


def run_attack(sandbox: Sandbox, attack: Attack, values: Mapping[str, str]) -> CheckResult:
    """Load an attack, run it as two cases, and say whether the sandbox held.

    Parameters
    ----------
    sandbox
        What is attacked.
    attack
        The program and what must come of it.
    values
        What the program's ``{placeholders}`` stand for, such as the path of a private file.
    """
    source = attack.source
    for key, value in values.items():
        source = source.replace("{" + key + "}", value)
    loaded = sandbox.load(source, cpu_seconds=_LOAD_SECONDS)
    try:
        if loaded.error:
            if "escaped" in loaded.error or not attack.may_fail_to_load:
                return CheckResult(attack.name, False, f"it did not load: {loaded.error}")
            return CheckResult(attack.name, True, "it did not load")
        texts = ("case 1\n", "case 2\n")
        with ThreadPoolExecutor(max_workers=len(texts) if attack.together else 1) as runs:
            outcomes = list(runs.map(lambda text: run_once(loaded, text), texts))
    finally:
        loaded.close()
    for outcome in outcomes:
        if b"escaped" in outcome.standard_output:
            return CheckResult(attack.name, False, outcome.standard_output.decode(errors="replace").strip()[:500])
    last = outcomes[-1]
    if attack.endings and last.ending not in attack.endings:
        return CheckResult(attack.name, False, f"it ended as {last.ending}: {last.message}")
    return CheckResult(attack.name, True, "; ".join(outcome.ending for outcome in outcomes))


def run_once(loaded: Loaded, text: str, limits: Limits = LIMITS) -> Outcome:
    """Run one case to its end; a refusal counts as a run that was cancelled."""
    try:
        running = loaded.start(Run(standard_input=text.encode(), limits=limits))
    except RefusedError as error:
        return Outcome(
            ending=Ending.CANCELLED,
            exit_code=-9,
            standard_output=b"",
            standard_error="",
            cpu_seconds=0.0,
            wall_seconds=0.0,
            memory_bytes=0,
            message=str(error),
        )
    return running.wait()


def check_still_works(sandbox: Sandbox) -> CheckResult:
    """Return whether an honest program still gets its case and gives its answer."""
    loaded = sandbox.load(_SURVIVOR)
    try:
        outcome = run_once(loaded, "abc\n")
    finally:
        loaded.close()
    return CheckResult("an honest program", outcome.standard_output == b"cba\n", outcome.message or "it answered")


def run_checks(sandbox: Sandbox, values: Mapping[str, str]) -> list[CheckResult]:
    """Run every attack and return what came of each, then whether an honest program still works."""
    return [*(run_attack(sandbox, attack, values) for attack in ATTACKS), check_still_works(sandbox)]
