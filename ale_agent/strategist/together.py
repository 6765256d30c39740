"""The built-in strategist and a language model on one problem: cheap strong drafts first, then they take turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ale_agent.errors import BudgetExceededError
from ale_agent.strategist.protocol import Brief, Proposal, RequestKind, Strategist

_BUILTIN_DRAFTS = 2


@dataclass
class Together:
    """Asks the built-in strategist for the first drafts and every other proposal, the model for the rest.

    Parameters
    ----------
    builtin
        Costs nothing.
    model
        Costs what its replies cost; when a cap is met the built-in one goes on alone.
    details
        What the model's prompts say of the attempt beside the candidates, by name.
    after
        Called after the model was asked, whatever came of it: what it spent is written down then.
    observe
        Is told when the model drops out.
    """

    builtin: Strategist
    model: Strategist
    details: Callable[[], dict[str, str]]
    after: Callable[[], None]
    observe: Callable[[str], None]
    _over: bool = field(default=False, init=False)

    def propose(self, brief: Brief) -> Proposal | None:
        """Return a proposal of the one whose turn it is, or of the other where that one has nothing."""
        turn = len(brief.tried)
        builtin_first = self._over or turn < _BUILTIN_DRAFTS or turn % 2 == 1
        if builtin_first:
            return self.builtin.propose(brief) or (None if self._over else self._ask_model(brief))
        return self._ask_model(brief) or self.builtin.propose(brief)

    def _ask_model(self, brief: Brief) -> Proposal | None:
        request: RequestKind = "refine" if brief.parents else "draft"
        try:
            return self.model.propose(replace(brief, request=request, details=self.details()))
        except BudgetExceededError as error:
            self._over = True
            self.observe(f"{error}; the built-in strategist goes on alone")
            return None
        finally:
            self.after()
