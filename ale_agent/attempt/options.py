"""What a person asked an attempt for, as a value that is kept in the journal and read back by `resume`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from ale_agent.errors import StoreError
from ale_agent.sandbox import SandboxKind

DEFAULT_SECONDS = 180.0
DEFAULT_TRIALS = 24

ModelPolicy = Literal["abmcts", "best-of-n"]


@dataclass(frozen=True, kw_only=True)
class AttemptOptions:
    """One run of `solve`.

    Parameters
    ----------
    problem_folder, statement_path
        Where the problem and its statement are.
    seconds
        The time budget; None if the budget is in iterations.
    iterations
        How many proposals to measure; None if the budget is time. With `evaluation_limit` every choice and every
        score is reproducible.
    trials
        How many trials a study may have on an iteration budget.
    evaluation_limit
        How many objective evaluations a composed solver may make in a run; 0 means its time limit decides.
    seed
        The root of all randomness.
    workers
        How many runs go on at once.
    sandbox
        Where candidates run; ``none`` locks nothing.
    alone
        Whether there was a statement and nothing else: then a model writes the problem folder first.
    models
        Who write programs beside the built-in strategist: ``relay:DIR``, ``replay:FILE`` or models' names.
    policy
        How models are asked: ``abmcts``, a tree search that goes wider or deeper, or ``best-of-n``, independent drafts.
    parallel
        How many requests to models, and answers that are not measured yet, there may be at a time.
    record
        The file that keeps the exchanges with the model.
    max_usd, max_tokens, max_calls
        What the models may cost together; None is no cap.
    """

    problem_folder: str
    statement_path: str | None
    seconds: float | None = DEFAULT_SECONDS
    iterations: int | None = None
    trials: int = DEFAULT_TRIALS
    evaluation_limit: int = 0
    seed: int = 0
    workers: int = 2
    sandbox: SandboxKind = "auto"
    alone: bool = False
    models: tuple[str, ...] = ()
    policy: ModelPolicy = "abmcts"
    parallel: int = 2
    record: str | None = None
    max_usd: float | None = None
    max_tokens: int | None = None
    max_calls: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the options as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AttemptOptions:
        """Return the options that `to_json` gave; StoreError if they are not such."""
        known = {field.name for field in fields(cls)}
        if set(data) != known:
            raise StoreError(f"the journal's options are not this version's: {sorted(set(data) ^ known)}")
        return cls(**{**data, "models": tuple(data["models"])})
