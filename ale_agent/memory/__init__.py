"""The strategy memory: what was learned on problems, kept with its evidence, recalled for problems never seen."""

from ale_agent.memory.evidence import PairedGain, Posterior, paired_gain, posterior, thompson, trial_evidence
from ale_agent.memory.exchange import ImportReport, export_file, import_file, merge_memory
from ale_agent.memory.features import ProblemFeatures, similarity
from ale_agent.memory.format import new_strategy, strategy_from_json, strategy_from_line
from ale_agent.memory.insights import keep_insight
from ale_agent.memory.learned import (
    Recorded,
    add_component_evidence,
    component_strategy,
    composition_of,
    genotype_of,
    keep_learned,
    learned_strategy,
    recorded_of,
    values_of,
)
from ale_agent.memory.pruning import Pruned, prune
from ale_agent.memory.recall import (
    ComponentBeliefs,
    Recalled,
    component_beliefs,
    component_weights,
    recall,
)
from ale_agent.memory.replay import ReplayStep, ReplayVerdict, check_replay, plan_replay
from ale_agent.memory.store import Store
from ale_agent.memory.strategy import Evidence, Origin, Strategy, StrategyParameter, derive_id
from ale_agent.memory.tables import Summary
from ale_agent.memory.values import agreed_values, remembered_values

__all__ = [
    "ComponentBeliefs",
    "Evidence",
    "ImportReport",
    "Origin",
    "PairedGain",
    "Posterior",
    "ProblemFeatures",
    "Pruned",
    "Recalled",
    "Recorded",
    "ReplayStep",
    "ReplayVerdict",
    "Store",
    "Strategy",
    "StrategyParameter",
    "Summary",
    "add_component_evidence",
    "agreed_values",
    "check_replay",
    "component_beliefs",
    "component_strategy",
    "component_weights",
    "composition_of",
    "derive_id",
    "export_file",
    "genotype_of",
    "import_file",
    "keep_insight",
    "keep_learned",
    "learned_strategy",
    "merge_memory",
    "new_strategy",
    "paired_gain",
    "plan_replay",
    "posterior",
    "prune",
    "recall",
    "recorded_of",
    "remembered_values",
    "similarity",
    "strategy_from_json",
    "strategy_from_line",
    "thompson",
    "trial_evidence",
    "values_of",
]
