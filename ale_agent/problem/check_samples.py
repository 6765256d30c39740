"""The check of a problem's samples: the judge gives each its score, and plays an interactive one the same every time."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from dataclasses import dataclass

from ale_agent.errors import ToolsError
from ale_agent.problem.bad_solvers import Behaviour, play
from ale_agent.problem.case import Case
from ale_agent.problem.finding import AT_FAULT, TIMEOUT_SECONDS, Check, Finding
from ale_agent.problem.folder import Sample
from ale_agent.problem.text_difference import difference
from ale_agent.problem.tools import ToolsHost, open_tools

_CHUNK = 1 << 16


def check_samples(check: Check) -> Iterator[Finding]:
    """Yield the samples that the judge refuses, breaks on, or gives another score."""
    samples = check.problem.samples
    if not samples:
        yield Finding("warning", "samples/", "there are none", "add 0000.in, 0000.out and scores.json")
    for number, sample in enumerate(samples):
        check.progress("samples", number, len(samples))
        where = f"samples/{sample.name}"
        case = _case(sample, number)
        try:
            score = check.tools.score(case, sample.output)
        except (*AT_FAULT, ToolsError) as error:
            yield _refused(check, case, sample, error)
            continue
        check.judged.append((case, sample.output))
        if score != sample.score:
            what = f"is judged {score!r}, but scores.json says {sample.score!r}"
            yield Finding("error", where, what, "mend the judge or scores.json")


def check_dialogues(check: Check) -> Iterator[Finding]:
    """Yield where an interactive judge does not play a sample's dialogue the same when it is played again."""
    if not check.problem.spec.interactive:
        return
    accepted = {case.text for case, _ in check.judged}
    samples = [sample for sample in check.problem.samples if sample.input in accepted]
    # Again in the same process and in another: what a generator was left with differs in one, hash() in the other.
    with open_tools(check.problem, timeout_seconds=TIMEOUT_SECONDS) as fresh:
        for number, sample in enumerate(samples):
            check.progress("dialogues", number, len(samples))
            case = _case(sample, number)
            first, *others = (play_sample(tools, case, sample.output) for tools in (check.tools, check.tools, fresh))
            check.sent[sample.name] = first.sent
            other = next((other for other in others if other != first), None)
            if other is not None:
                what = f"does not play the dialogue of samples/{sample.name} twice the same: {_change(first, other)}"
                mend = "draw all chance in generate and write it into the case; no clock and no drawing in interact"
                yield Finding("error", check.judge, what, mend)
                return


@dataclass(frozen=True)
class Dialogue:
    """What the judge sent to a solver that wrote a sample's output, and how it judged it."""

    sent: str
    verdict: str


def play_sample(tools: ToolsHost, case: Case, output: str) -> Dialogue:
    """Return the dialogue with a solver that writes an output over real pipes, whatever it is told."""
    heard = bytearray()
    try:
        verdict = f"score {play(tools, case, _reciting(output, heard), wall_seconds=TIMEOUT_SECONDS)!r}"
    except AT_FAULT as error:
        verdict = f"refused: {error}"
    return Dialogue(heard.decode("utf-8", "replace"), verdict)


def _reciting(output: str, heard: bytearray) -> Behaviour:
    def recite(read_fd: int, write_fd: int) -> None:
        left = memoryview(output.encode("utf-8", "replace"))
        os.set_blocking(write_fd, False)
        is_open = True
        while True:
            poll = select.poll()
            poll.register(read_fd, select.POLLIN)
            if is_open:
                poll.register(write_fd, select.POLLOUT)
            ready = [fd for fd, _ in poll.poll()]
            if write_fd in ready:
                try:
                    left = left[os.write(write_fd, left[:_CHUNK]) :]
                except BlockingIOError:
                    pass
                except OSError:  # the judge is done
                    left = left[:0]
                if not left:
                    _end(write_fd)
                    is_open = False
            if read_fd in ready:
                part = os.read(read_fd, _CHUNK)
                if not part:
                    return
                heard.extend(part)

    return recite


def _end(write_fd: int) -> None:
    """End a pipe, and leave its number to whoever will close it."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, write_fd)
    os.close(null)


def _case(sample: Sample, number: int) -> Case:
    return Case(int(sample.name) if sample.name.isdecimal() else number, sample.input)


def _refused(check: Check, case: Case, sample: Sample, error: Exception) -> Finding:
    if sample.output.strip() and _is_unreadable(check, case, str(error)):
        what = f"the judge cannot read it: {error}"
        return Finding(
            "error", f"samples/{sample.name}.in", what, "write it as generate writes a case, or mend the judge"
        )
    where = f"samples/{sample.name}"
    if isinstance(error, ToolsError):
        return Finding("error", where, f"the judge breaks on it: {error}", "mend the judge or the sample")
    return Finding("error", where, f"its output is refused: {error}", "mend the judge or the sample")


def _is_unreadable(check: Check, case: Case, reason: str) -> bool:
    """Whether a case is refused for its own sake: with no output for the same reason, and a made case is not."""
    if _complaint(check, case, "") != reason:
        return False
    return not check.cases or _complaint(check, Case(case.seed, check.cases[0].text), "") != reason


def _complaint(check: Check, case: Case, output: str) -> str | None:
    try:
        check.tools.score(case, output)
    except (*AT_FAULT, ToolsError) as error:
        return str(error)
    return None


def _change(first: Dialogue, other: Dialogue) -> str:
    found = difference(first.sent, other.sent)
    if found is not None:
        return f"line {found.line} of what it sends is {found.one!r}, then {found.other!r}"
    if first.verdict != other.verdict:
        return f"{first.verdict}, then {other.verdict}"
    return "what it sends differs"
