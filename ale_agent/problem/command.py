"""The host of command-line tools: AtCoder's ``gen``, ``vis`` and ``tester``, or any programs with their conventions.

The tools are as trusted as any program a user starts; they run with time, memory and file-size limits, in a folder of
their own (some leave pictures where they run), with an environment that holds none of ours.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import socket
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ale_agent.clock import Deadline, SystemClock
from ale_agent.errors import ToolsError
from ale_agent.problem.case import Case, case_name
from ale_agent.problem.folder import Problem, ready_made_cases
from ale_agent.problem.relay import RELAY_SOCKET
from ale_agent.problem.specification import CommandToolsSpec, read_text
from ale_agent.problem.tester import Conversation, TesterEndedError, TesterHungError, accept_relay
from ale_agent.problem.tool_process import ToolProcess
from ale_agent.problem.tools import InvalidAnswerError, SolverGoneError, SolverSilentError
from ale_agent.problem.verdict_text import ToolBrokenError, ToolRun, read_score

MAX_CASE_BYTES = 256 << 20
MAX_CACHED_CHARACTERS = 64 << 20

_SVG = re.compile(r"<svg\b.*</svg\s*>", re.DOTALL | re.IGNORECASE)
# A tester may compute for as long as a long conversation lasts.
_CPU_FACTOR = 10


class CommandToolsHost:
    """Runs a problem's command-line tools; see `ToolsHost` for what it does.

    Parameters
    ----------
    problem
        Whose tools; its specification is of kind ``command``.
    timeout_seconds
        How long one run of a tool may take (a tester: beyond the solver's own time).
    """

    def __init__(self, problem: Problem, *, timeout_seconds: float = 20.0) -> None:
        if not isinstance(problem.spec.tools, CommandToolsSpec):
            raise ToolsError(f"{problem.folder}: has no command-line tools, but a tools.py")
        self._problem = problem
        self._spec = problem.spec.tools
        self._timeout = timeout_seconds
        self._scratch: Path | None = None
        self._cases: OrderedDict[int, str] = OrderedDict()
        self._ready: Mapping[int, Path] | None = None
        self._last_output = ""

    @property
    def last_output(self) -> str:
        """What the solver wrote in the last `interact`."""
        return self._last_output

    @property
    def queued_seconds(self) -> float:
        """Return 0: of a tester's process, which lives for one case, it is not measured."""
        return 0.0

    def generate(self, seed: int) -> str:
        """Return the case of a seed: a ready-made one where there is one, else a generated one."""
        return self.generate_batch([seed])[0]

    def generate_batch(self, seeds: Sequence[int]) -> list[str]:
        """Return the cases of many seeds; those not known yet in one run of the generator."""
        known = {seed: text for seed in seeds if (text := self._known_case(seed)) is not None}
        missing = list(dict.fromkeys(seed for seed in seeds if seed not in known))
        if missing:
            known |= dict(zip(missing, self._generate(missing), strict=True))
        for seed in known:
            self._cases[seed] = known[seed]
            self._cases.move_to_end(seed)
        while len(self._cases) > 1 and sum(map(len, self._cases.values())) > MAX_CACHED_CHARACTERS:
            self._cases.popitem(last=False)
        return [known[seed] for seed in seeds]

    def score(self, case: Case, output: str) -> float:
        """Return the problem's number for an output."""
        if self._problem.spec.interactive:
            return self._replay(case, output)
        with self._folder() as folder:
            return self._verdict("score", case, self._judge(case, output, folder))

    def draw(self, case: Case, output: str) -> str:
        """Return the SVG picture that the judging tool leaves in the folder where it runs."""
        if self._spec.score is None:
            raise ToolsError(f"{self._place('draw', case.seed)}: interactive command tools draw no picture")
        with self._folder() as folder:
            self._judge(case, output, folder)
            for path in sorted(folder.iterdir()):
                if path.suffix.lower() in (".svg", ".html", ".htm") and path.stat().st_size <= MAX_CASE_BYTES:
                    found = _SVG.search(path.read_text("utf-8", "replace"))
                    if found:
                        return found[0]
        raise ToolsError(f"{self._place('score', case.seed)}: left no .svg or .html file with a picture where it ran")

    def answer_space(self, case: Case) -> dict[str, Any]:
        """Raise `ToolsError`: command-line tools have no array level."""
        raise ToolsError(f"{self._problem.folder}: command-line tools have no array level, so there is no answer space")

    def interact(self, case: Case, read_fd: int, write_fd: int, *, wall_seconds: float) -> float:
        """Judge a running solver; both descriptors are closed when this returns or raises."""
        self._last_output = ""
        with contextlib.ExitStack() as stack:
            ends = stack.enter_context(contextlib.ExitStack())
            ends.callback(os.close, read_fd)
            ends.callback(os.close, write_fd)
            if self._spec.interact is None:
                raise ToolsError(f"{self._problem.folder}: the problem is not interactive")
            folder = stack.enter_context(self._folder())
            listener = stack.enter_context(self._listen(folder))
            tester = stack.enter_context(self._running_tester(case, folder))
            try:
                deadline = Deadline.after(SystemClock(), self._timeout)
                connection, heard, said = accept_relay(listener, tester, deadline)
            except TesterHungError as error:
                raise ToolsError(f"{self._place('interact', case.seed)}: {error} within {self._timeout:g} s") from None
            except TesterEndedError:
                run = tester.result()
                words = (run.stderr or run.stdout).strip()[-500:]
                what = f"ended with exit status {run.status} before it had started its solver"
                raise ToolsError(f"{self._place('interact', case.seed)}: {what}: {words}") from None
            ends.pop_all()
            conversation = Conversation(
                tester, connection, from_tester=heard, to_tester=said, from_solver=read_fd, to_solver=write_fd
            )
            stack.callback(conversation.close)
            return self._outcome(case, conversation, tester, wall_seconds)

    def close(self) -> None:
        """Remove what was written for the tools."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- cases ---------------------------------------------------------------------------------------------------

    def _known_case(self, seed: int) -> str | None:
        if seed in self._cases:
            return self._cases[seed]
        if self._ready is None:
            self._ready = ready_made_cases(self._problem.folder, self._spec)
        path = self._ready.get(seed)
        return read_text(path, max_bytes=MAX_CASE_BYTES) if path is not None else None

    def _generate(self, seeds: Sequence[int]) -> list[str]:
        for seed in seeds:
            if not 0 <= seed < 1 << 64:
                raise ToolsError(f"{self._place('generate', seed)}: needs a seed from 0 to 2**64 - 1")
        if self._spec.generate is None:
            available = self._problem.case_seeds_available or ()
            listed = f"{len(available)} cases, {min(available)} to {max(available)}" if available else "none"
            raise ToolsError(
                f"{self._problem.folder}: no case {case_name(seeds[0])}: without a generator there are {listed}"
            )
        if not any("{seeds_file}" in part for part in self._spec.generate):
            return [self._generate_one(seed) for seed in seeds]
        with self._folder() as folder:
            seeds_file, case_dir = folder / "seeds.txt", folder / "cases"
            seeds_file.write_text("".join(f"{seed}\n" for seed in seeds))
            case_dir.mkdir()
            values = {"seeds_file": str(seeds_file), "case_dir": str(case_dir)}
            run = self._run(self._spec.generate, values, folder, "generate", seeds[0], factor=len(seeds))
            if run.status != 0:
                raise self._failed("generate", seeds[0], run)
            return [self._read_case(seed, number, (case_dir, folder / "in"), run) for number, seed in enumerate(seeds)]

    def _generate_one(self, seed: int) -> str:
        assert self._spec.generate is not None
        with self._folder() as folder:
            values = {"seed": str(seed), "case_dir": str(folder)}
            run = self._run(self._spec.generate, values, folder, "generate", seed)
            if run.status != 0 or not run.stdout:
                raise self._failed("generate", seed, run)
            return run.stdout

    def _read_case(self, seed: int, number: int, folders: Sequence[Path], run: ToolRun) -> str:
        for folder in folders:
            path = folder / f"{number:04d}.txt"
            if path.is_file():
                return read_text(path, max_bytes=MAX_CASE_BYTES)
        raise ToolsError(f"{self._place('generate', seed)}: wrote no {number:04d}.txt: {run.stderr.strip()[-500:]}")

    # --- judging -------------------------------------------------------------------------------------------------

    def _judge(self, case: Case, output: str, folder: Path) -> ToolRun:
        assert self._spec.score is not None
        paths = {"input": folder / "input.txt", "output": folder / "output.txt"}
        _write(paths["input"], case.text)
        _write(paths["output"], output)
        values = {"seed": str(case.seed)} | {name: str(path) for name, path in paths.items()}
        return self._run(self._spec.score, values, folder, "score", case.seed)

    def _verdict(self, command: str, case: Case, run: ToolRun, *, echoes: bool = False) -> float:
        try:
            return read_score(run, echoes=echoes)
        except ToolBrokenError as error:
            raise ToolsError(f"{self._place(command, case.seed)}: {error}") from error

    def _replay(self, case: Case, output: str) -> float:
        with self._folder() as folder:
            _write(folder / "replay.txt", output)
            read_fd = os.open(folder / "replay.txt", os.O_RDONLY)
            write_fd = os.open(os.devnull, os.O_WRONLY)
            return self.interact(case, read_fd, write_fd, wall_seconds=self._timeout)

    def _outcome(self, case: Case, conversation: Conversation, tester: ToolProcess, wall_seconds: float) -> float:
        try:
            failure = conversation.run(wall_seconds=wall_seconds, tester_seconds=self._timeout)
        except TesterHungError as error:
            raise ToolsError(f"{self._place('interact', case.seed)}: {error}") from None
        finally:
            self._last_output = conversation.transcript
        if failure is not None:
            raise (SolverSilentError if failure.kind == "silent" else InvalidAnswerError)(failure.reason)
        run = tester.result()
        try:
            return self._verdict("interact", case, run, echoes=True)
        except (InvalidAnswerError, ToolsError) as error:
            # A tester may say or do anything when its solver leaves: whether it left rightly, its exit status tells.
            if conversation.solver_gone:
                words = str(error) if isinstance(error, InvalidAnswerError) else run.stderr.strip()[-500:]
                raise SolverGoneError(words or "ended before the judge was done") from error
            raise

    # --- running -------------------------------------------------------------------------------------------------

    def _listen(self, folder: Path) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        # A socket's path has at most 107 bytes, a temporary folder's may be longer: reach it through a descriptor.
        place = os.open(folder, os.O_PATH)
        try:
            listener.bind(f"/proc/self/fd/{place}/{RELAY_SOCKET}")
            listener.listen(1)
        except OSError as error:
            listener.close()
            raise ToolsError(f"{folder / RELAY_SOCKET}: cannot listen here: {error}") from error
        finally:
            os.close(place)
        return listener

    @contextlib.contextmanager
    def _running_tester(self, case: Case, folder: Path) -> Iterator[ToolProcess]:
        assert self._spec.interact is not None
        relay = [sys.executable, "-I", "-S", str(Path(__file__).with_name("relay.py")), str(folder)]
        solver, case_path = folder / "solver", folder / "input.txt"
        # One path without blanks, whether a tester takes its solver as an argument or as a command line.
        solver.write_text(f"#!/bin/sh\nexec {shlex.join(relay)}\n")
        solver.chmod(0o700)
        _write(case_path, case.text)
        values = {"solver": str(solver), "input": str(case_path), "seed": str(case.seed)}
        arguments = self._filled(self._spec.interact, values)
        with self._start(arguments, folder, "interact", case.seed, case_path) as tester:
            yield tester

    def _run(
        self, command: Sequence[str], values: Mapping[str, str], folder: Path, name: str, seed: int, factor: int = 1
    ) -> ToolRun:
        """Run one tool to its end; many seeds at once (`factor`) may take as many times as long."""
        limit = self._timeout * factor
        with self._start(self._filled(command, values), folder, name, seed, None, limit) as process:
            if not process.wait(limit):
                raise ToolsError(f"{self._place(name, seed)}: ran longer than {limit:g} s and was stopped")
            return process.result()

    def _start(
        self,
        arguments: Sequence[str],
        folder: Path,
        name: str,
        seed: int,
        stdin: Path | None,
        seconds: float | None = None,
    ) -> ToolProcess:
        cpu_seconds = _CPU_FACTOR * self._timeout if seconds is None else seconds
        try:
            return ToolProcess(arguments, folder, stdin=stdin, cpu_seconds=cpu_seconds)
        except OSError as error:
            what = f"{arguments[0]} cannot be started: {error.strerror}; is it built, and executable?"
            raise ToolsError(f"{self._place(name, seed)}: {what}") from error

    def _filled(self, command: Sequence[str], values: Mapping[str, str]) -> list[str]:
        """Return a command's arguments: placeholders filled, files of the problem folder by their whole path."""
        arguments = []
        for part in command:
            path = self._problem.folder / part
            if "{" not in part and path.is_file():
                part = str(path)
            arguments.append(re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), part))
        return arguments

    @contextlib.contextmanager
    def _folder(self) -> Iterator[Path]:
        """Give a fresh folder for one run."""
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="ale-tools-"))
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _place(self, command: str, seed: int) -> str:
        words = getattr(self._spec, command, None)
        name = f" ({words[0]})" if words else ""
        return f"{self._problem.folder}: {command}{name}, seed {seed}"

    def _failed(self, command: str, seed: int, run: ToolRun) -> ToolsError:
        words = (run.stderr or run.stdout).strip()[-500:]
        return ToolsError(f"{self._place(command, seed)}: ended with exit status {run.status} and no case: {words}")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))
