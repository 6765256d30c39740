"""What runs read and wrote as files, to look at: ``0007.in``, ``0007.out``, ``0007.err``, and a picture."""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from ale_agent.errors import ToolsError
from ale_agent.evaluate.result import CaseResult
from ale_agent.problem import Case, InvalidAnswerError, Problem, ToolsHost, case_name, open_tools

_SUFFIXES = (".in", ".out", ".err", ".svg", ".html")


class RunFolder:
    """A folder with the files of some runs; those of an earlier run on the same case are replaced.

    Parameters
    ----------
    folder
        Made if it is not there.
    problem
        Whose cases, and whose pictures. Of tools that nobody vouches for, the picture is inside a page that runs
        nothing of it (``0007.html``), as in a report.

    Raises
    ------
    OSError
        Here and from `save`: it cannot be written.
    """

    def __init__(self, folder: Path, problem: Problem) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._problem = problem
        self._tools: ToolsHost = open_tools(problem)
        # Why there are no more pictures, of runs that were accepted and of those that were not: one hang is enough.
        self._broken: dict[bool, str] = {}
        self.counts: Counter[str] = Counter()

    @property
    def complaint(self) -> str:
        """Why accepted answers are without a picture though the problem draws; empty if they have one."""
        return self._broken.get(True, "")

    def save(self, result: CaseResult) -> None:
        """Write the files of one run; it had to keep its output."""
        for suffix in _SUFFIXES:
            self._path(result, suffix).unlink(missing_ok=True)
        try:
            case = Case(result.seed, self._tools.generate(result.seed))
        except ToolsError:  # the result says so
            return
        texts = {".in": case.text, ".out": result.output, ".err": result.standard_error or None}
        texts |= self._picture(case, result)
        for suffix, text in texts.items():
            if text is not None:
                self._path(result, suffix).write_bytes(text.encode("utf-8", "replace"))
                self.counts[suffix] += 1

    def close(self) -> None:
        """Stop the tools."""
        self._tools.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _path(self, result: CaseResult, suffix: str) -> Path:
        return self._folder / f"{case_name(result.seed)}{suffix}"

    def _picture(self, case: Case, result: CaseResult) -> dict[str, str]:
        """Return the picture by its suffix; nothing for what cannot be drawn, such as a wrong answer."""
        if not self._problem.has_draw or not result.output or result.accepted in self._broken:
            return {}
        try:
            picture = self._tools.draw(case, result.output)
        except InvalidAnswerError:
            return {}
        except ToolsError as error:
            self._broken[result.accepted] = str(error)
            return {}
        if not self._problem.judged_by_model:
            return {".svg": picture}
        data = base64.b64encode(picture.encode()).decode()
        return {".html": f'<!doctype html><title>{case.name}</title><img src="data:image/svg+xml;base64,{data}">\n'}
