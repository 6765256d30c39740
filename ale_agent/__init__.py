"""ale_agent: from the statement of an optimization contest problem to a tuned solver program."""

__version__ = "0.1.0"
