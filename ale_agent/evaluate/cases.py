"""Case texts by seed, generated once and kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ale_agent.problem import Case, ToolsHost

_KEPT_BYTES = 256 << 20


class CaseStore:
    """Cases of one problem, shared by all slots.

    Parameters
    ----------
    kept_bytes
        How much text is kept; the longest unused goes first.
    """

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._held_bytes = 0
        self._cases: OrderedDict[int, Case] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, seed: int, tools: ToolsHost) -> Case:
        """Return the case of a seed; `ToolsError` if it cannot be generated."""
        with self._guard:
            if seed in self._cases:
                self._cases.move_to_end(seed)
                return self._cases[seed]
        case = Case(seed, tools.generate(seed))
        with self._guard:
            if seed not in self._cases:
                self._cases[seed] = case
                self._held_bytes += len(case.text)
            while self._held_bytes > self._kept_bytes and len(self._cases) > 1:
                self._held_bytes -= len(self._cases.popitem(last=False)[1].text)
        return case
