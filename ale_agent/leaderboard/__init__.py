"""Where a score stands: contest standings, best-known values, performance and rating."""

from ale_agent.leaderboard.case_scores import CaseScores
from ale_agent.leaderboard.rating import Contest, load_schedule, rate
from ale_agent.leaderboard.standings import Place, Standings
from ale_agent.leaderboard.tables import BestKnown, best_known, load_table, read_table, table_path

__all__ = [
    "BestKnown",
    "CaseScores",
    "Contest",
    "Place",
    "Standings",
    "best_known",
    "load_schedule",
    "load_table",
    "rate",
    "read_table",
    "table_path",
]
