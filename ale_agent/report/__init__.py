"""The report of an attempt: one self-contained HTML file."""

from ale_agent.report.page import write_report

__all__ = ["write_report"]
