"""Between an attempt and the memory: what is recalled at its start, and what it writes down at its end."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from ale_agent.attempt.confirming import Confirmation
from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.workspace import Workspace
from ale_agent.errors import ProgramError, StoreError
from ale_agent.evaluate.comparison import mean_interval
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.insights import keep_insight
from ale_agent.memory.learned import (
    Recorded,
    add_component_evidence,
    genotype_of,
    keep_learned,
    learned_strategy,
    values_of,
)
from ale_agent.memory.meaning import Embeddings, Meaning
from ale_agent.memory.recall import BUILT, ComponentBeliefs, Recalled, component_beliefs, recall
from ale_agent.memory.store import Store
from ale_agent.memory.strategy import Evidence, StrategyParameter
from ale_agent.memory.values import agreed_values, remembered_values
from ale_agent.problem import Case, Problem, open_tools
from ale_agent.program import Program, bake
from ale_agent.search.archive import Candidate
from ale_agent.search.standing import MODEL_KINDS
from ale_agent.seeds import share_cases
from ale_agent.settings import Settings
from ale_agent.statement import Statement
from ale_agent.strategist.builtin import Remembered, Weights, changes
from ale_agent.strategist.compose import COMPONENTS
from ale_agent.strategist.compose_catalogue import SLOTS, component
from ale_agent.strategist.genotype import Genotype, best_genotype
from ale_agent.strategist.protocol import Change, Value

_PROGRAMS_ASKED = 24
_PROGRAMS_RECALLED = 4
_VALUES_RECALLED = 4


@dataclass(frozen=True)
class Recollection:
    """What memory offers for a problem.

    Parameters
    ----------
    store
        The open memory.
    features
        What the problem is like.
    space
        The kind of its answer space at the array level; None where there is no array level.
    recalled
        Strategies by rank.
    built_on
        Programs and compositions by rank.
    remembered
        What the built-in strategist makes of those, in the order in which it proposes them.
    values
        Parameter values to try first.
    agreed
        Those that finished programs agree on, to start new compositions from.
    beliefs
        What components are worth.
    believed
        The composition of the components that brought most; None without evidence on any.
    meaning
        Tells how near texts are to the statement's; None without an embedding model.
    """

    store: Store
    features: ProblemFeatures
    space: str | None
    recalled: tuple[Recalled, ...]
    built_on: tuple[Recalled, ...]
    remembered: tuple[Remembered, ...]
    values: tuple[dict[str, Value], ...]
    agreed: Mapping[str, Value]
    beliefs: ComponentBeliefs
    believed: Genotype | None
    meaning: Meaning | None = None

    def weights(self, rng: np.random.Generator) -> Weights:
        """Return one Thompson draw of how promising each component is."""
        return self.beliefs.draw(rng)


@contextmanager
def recollect(
    settings: Settings, problem: Problem, statement: Statement | None, space: str | None, work: Workspace
) -> Iterator[Recollection]:
    """Open the memory and recall what fits the problem; a memory that cannot be opened is said and done without."""
    store = _open(settings, work)
    try:
        features = features_of(problem, statement, space)
        meaning = meaning_of(settings, statement, lambda text: work.emit("warning", text=text))
        text, limit = words_to_recall(statement), settings.memory.recall_limit
        found = recollect_from(store, features, text, space, limit, meaning)
        lines = [f"{item.strategy.name}: {item.why}" for item in (*found.recalled, *found.built_on)]
        work.emit("recalled", lines=list(dict.fromkeys(lines)), agreed=dict(found.agreed))
        yield found
    finally:
        store.close()


def recollect_from(
    store: Store,
    features: ProblemFeatures,
    text: str,
    space: str | None,
    limit: int,
    meaning: Meaning | None = None,
) -> Recollection:
    """Return what an open memory offers for a problem.

    Parameters
    ----------
    store
        The memory.
    features, text
        What the problem is like, and its words.
    space
        The kind of its answer space.
    limit
        How many strategies to read.
    meaning
        Tells how near texts are to the statement's in meaning.
    """
    recalled = recall(store, features, text, limit=limit, meaning=meaning)
    finished = recall(store, features, text, limit=_PROGRAMS_ASKED, roles=BUILT)
    built_on = [
        item for item in finished if item.expected.high >= 0 and _usable(item, features.problem, space) is not None
    ][:_PROGRAMS_RECALLED]
    parameters = composer_parameters(space)
    agreed = agreed_values(store, features, parameters)
    beliefs = component_beliefs(store, features, space or "any")
    return Recollection(
        store=store,
        features=features,
        space=space,
        recalled=tuple(recalled),
        built_on=tuple(built_on),
        remembered=_remembered(built_on, features.problem, space, agreed),
        values=tuple(remembered_values(store, features, [p.name for p in parameters], limit=_VALUES_RECALLED)),
        agreed=agreed,
        beliefs=beliefs,
        believed=best_genotype(space, beliefs.worth) if space is not None and beliefs.posteriors else None,
        meaning=meaning,
    )


def words_to_recall(statement: Statement | None) -> str:
    """Return the words of a statement that memory is searched for."""
    return "" if statement is None else " ".join([statement.title, *statement.features.words])


def meaning_of(settings: Settings, statement: Statement | None, warn: Callable[[str], None]) -> Meaning | None:
    """Return the comparison with a statement's meaning; None without an embedding model in the settings."""
    if statement is None or not settings.memory.embeddings:
        return None
    return Embeddings(settings.memory.embeddings, settings.embeddings_path, warn).near_to(statement.text)


def features_of(problem: Problem, statement: Statement | None, space: str | None) -> ProblemFeatures:
    """Return a problem's features: what its folder says for certain, the rest from its statement."""
    read = {} if statement is None else statement.features.to_json()
    certain: dict[str, object] = {
        "interactive": problem.spec.interactive,
        "time_limit": problem.spec.time_limit,
        "objective": problem.spec.objective,
    }
    if space is not None:
        certain["answer_space"] = space
    return ProblemFeatures.from_mapping(read | certain, problem=problem.spec.id)


def composer_parameters(space: str | None) -> list[StrategyParameter]:
    """Return the parameters that a composed program for an answer space may have, each once; none without a space."""
    literals = {
        name: literal
        for component in COMPONENTS
        if space is not None and component.space in (space, "any")
        for name, literal in component.parameters.items()
    }
    return [StrategyParameter(name=name, **literal) for name, literal in sorted(literals.items())]


def answer_space_of(problem: Problem) -> str | None:
    """Return the kind of answer space that a problem's tools have; None without an array level."""
    if not problem.array_level:
        return None
    seed = share_cases(problem.case_seeds_available, "search", 1)[0]
    with open_tools(problem) as tools:
        return str(tools.answer_space(Case(seed, tools.generate(seed)))["kind"])


def reflect(work: Workspace, recollection: Recollection, confirmation: Confirmation) -> None:
    """Write what was measured to memory; doing it again changes nothing."""
    attempt = str(work.journal.read_meta()["attempt"])
    try:
        with recollection.store.transaction():
            recollection.store.note_problem(recollection.features)
            for candidate in work.archive.in_order():
                _keep_component_evidence(work, recollection, candidate, attempt)
            _keep_insights(work, recollection, attempt)
            winner = confirmation.winner
            if winner is not None and confirmation.mean_score is not None:
                _keep_program(work, recollection, confirmation, winner, attempt)
    except StoreError as error:
        work.emit("warning", text=f"nothing was written to memory: {error}")


def _keep_insights(work: Workspace, recollection: Recollection, attempt: str) -> None:
    """Write what models said was learned, each claim with the races of the candidates that it names."""
    candidates = work.archive.candidates
    for insight in Exchanges(work.journal).insights():
        named = [candidates[id_] for id_ in (*insight.supports, *insight.refutes) if id_ in candidates]
        found = [_evidence(work, candidate, attempt) for candidate in named]
        keep_insight(
            recollection.store,
            recollection.features,
            insight.claim,
            [evidence for evidence in found if evidence is not None],
            attempt=attempt,
            created=datetime.date.today().isoformat(),
        )


def _open(settings: Settings, work: Workspace) -> Store:
    if not settings.memory.enabled:
        return Store.open(None)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        return Store.open(settings.memory_path, busy_seconds=settings.memory.busy_seconds)
    except (StoreError, OSError) as error:
        work.emit("warning", text=f"working without the memory of earlier attempts: {error}")
        return Store.open(None)


def _remembered(
    recalled: Sequence[Recalled], problem: str | None, space: str | None, agreed: Mapping[str, Value]
) -> tuple[Remembered, ...]:
    """Return what can be built on, each program with the same values once.

    A composition without values of its own is offered with those that finished programs agree on, then plain.
    """
    found: dict[tuple[str, tuple[tuple[str, Value], ...]], Remembered] = {}
    for usable in [usable for item in recalled if (usable := _usable(item, problem, space)) is not None]:
        with_agreed = replace(usable, values=tuple(agreed.items()), name=f"{usable.name}, with values agreed on")
        for offered in [with_agreed, usable] if agreed and not usable.values and usable.program is None else [usable]:
            text = usable.strategy if offered.program else offered.genotype.to_json() if offered.genotype else ""
            values = () if offered.genotype is None else tuned_values(offered.genotype, offered.values)
            found.setdefault((text, values), replace(offered, values=values))
    return tuple(found.values())


def tuned_values(genotype: Genotype, values: Iterable[tuple[str, Value]]) -> tuple[tuple[str, Value], ...]:
    """Return the values that a composition has a parameter for and that are not its default."""
    parts = [component(genotype.space, slot, name) for slot in SLOTS for name in genotype.names(slot)]
    defaults = {name: literal["default"] for part in parts for name, literal in part.parameters.items()}
    return tuple(sorted((name, value) for name, value in values if name in defaults and value != defaults[name]))


def _usable(item: Recalled, problem: str | None, space: str | None) -> Remembered | None:
    strategy = item.strategy
    values = tuple(values_of(strategy).items())
    try:
        if strategy.program is not None and problem is not None and strategy.origin.problem == problem:
            program = Program.from_source(strategy.program)
            return Remembered(strategy=strategy.id, name=strategy.name, program=program, genotype=_genotype(item))
        genotype = _genotype(item)
    except ProgramError:  # written for another version of the kit: the memory keeps it, this attempt cannot use it
        return None
    if genotype is None or genotype.space != space:
        return None
    curated = strategy.origin.kind == "curated"
    return Remembered(strategy=strategy.id, name=strategy.name, genotype=genotype, values=values, curated=curated)


def _genotype(item: Recalled) -> Genotype | None:
    text = genotype_of(item.strategy)
    return None if text is None else Genotype.from_json(text)


def _keep_component_evidence(work: Workspace, recollection: Recollection, candidate: Candidate, attempt: str) -> None:
    evidence = _evidence(work, candidate, attempt)
    measured = _measured_changes(work, candidate)
    if evidence is None or not measured or recollection.space is None:
        return
    descriptions = {(c.slot, c.name): c.what for c in COMPONENTS if c.space in (recollection.space, "any")}
    add_component_evidence(recollection.store, recollection.space, measured, evidence, descriptions)


def _measured_changes(work: Workspace, candidate: Candidate) -> Sequence[Change]:
    """Return the components by which a candidate differs from what it was raced against, if nothing else does.

    A variation that met its parent changes one or two; a draft that met the incumbent many, of which each gets a share.
    """
    proposal, against = candidate.proposal, work.archive.candidates.get(candidate.against or "")
    if against is None or against.id in proposal.parents:
        return proposal.changes
    before, after = against.proposal.genotype, proposal.genotype
    if proposal.parents or before is None or after is None or candidate.values or against.values:
        return ()
    return changes(Genotype.from_json(before), Genotype.from_json(after))


def _evidence(work: Workspace, candidate: Candidate, attempt: str) -> Evidence | None:
    """Return a race's outcome as evidence; None where there was none, or where gains are no log-ratios."""
    gain, low, high = candidate.gain, candidate.gain_low, candidate.gain_high
    if gain is None or low is None or high is None or candidate.scale != "log_ratio" or candidate.against is None:
        return None
    return Evidence(
        problem=work.problem.spec.id,
        kind="trial",
        gain=_clip(gain),
        low=_clip(low),
        high=_clip(high),
        cases=candidate.cases,
        baseline=candidate.against,
        attempt=attempt,
        source=candidate.id,
    )


def _keep_program(
    work: Workspace, recollection: Recollection, confirmation: Confirmation, winner: Candidate, attempt: str
) -> None:
    scores = [result.score for result in confirmation.winning_results if result.score is not None]
    low, high = mean_interval(scores) if len(scores) > 1 else (scores[0], scores[0])
    genotype = winner.proposal.genotype
    strategy = learned_strategy(
        bake(winner.program, dict(winner.values)),
        recollection.features,
        name=f"{work.problem.spec.id}: {winner.proposal.idea[:120]}",
        created=datetime.date.today().isoformat(),
        attempt=attempt,
        strategist="model" if winner.proposal.kind in MODEL_KINDS else "builtin",
        genotype=genotype,
        recorded=Recorded(
            mean_score=sum(scores) / len(scores),
            low=low,
            high=high,
            cases=len(confirmation.winning_results),
            first_seed=confirmation.winning_results[0].seed,
            time_limit=work.problem.spec.time_limit,
            clock="wall",
        ),
        evidence=[found for found in [_evidence(work, winner, attempt)] if found is not None],
    )
    keep_learned(recollection.store, strategy, recollection.features)
    for used in winner.proposal.strategies:
        found = _evidence(work, winner, attempt)
        if found is not None and recollection.store.find(used) is not None and used != strategy.id:
            recollection.store.add_evidence(used, dataclasses.replace(found))


def _clip(value: float) -> float:
    return max(-100.0, min(100.0, value))
