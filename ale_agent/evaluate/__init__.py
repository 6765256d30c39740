"""Running programs on cases: warm and in parallel for the search, cold and one at a time as a judge would."""

from ale_agent.evaluate.as_judge import CompilePass, Judge, JudgeReport, judge_run, was_starved
from ale_agent.evaluate.evaluator import Evaluator
from ale_agent.evaluate.pool import PoolEvaluator, RunRules
from ale_agent.evaluate.result import CaseResult, Job, Verdict
from ale_agent.evaluate.saving import RunFolder

__all__ = [
    "CaseResult",
    "CompilePass",
    "Evaluator",
    "Job",
    "Judge",
    "JudgeReport",
    "PoolEvaluator",
    "RunFolder",
    "RunRules",
    "Verdict",
    "judge_run",
    "was_starved",
]
