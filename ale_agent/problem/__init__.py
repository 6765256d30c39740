"""Problems: case, score, the folder and its specification, and the host that runs a problem's tools."""

from ale_agent.problem.case import Case, case_name
from ale_agent.problem.folder import Problem, Sample, find_problem, load_problem, problem_folders
from ale_agent.problem.specification import CommandToolsSpec, LeaderboardSpec, ProblemSpec, PythonToolsSpec
from ale_agent.problem.tools import (
    InvalidAnswerError,
    SolverGoneError,
    SolverSilentError,
    ToolsHost,
    open_tools,
)

__all__ = [
    "Case",
    "CommandToolsSpec",
    "InvalidAnswerError",
    "LeaderboardSpec",
    "Problem",
    "ProblemSpec",
    "PythonToolsSpec",
    "Sample",
    "SolverGoneError",
    "SolverSilentError",
    "ToolsHost",
    "case_name",
    "find_problem",
    "load_problem",
    "open_tools",
    "problem_folders",
]
