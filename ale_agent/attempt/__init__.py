"""An attempt: one run of trial and error on one problem, from its statement to a confirmed solver program."""

from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.recipe import Summary, begin, resume
from ale_agent.attempt.workspace import Event, Observe

__all__ = ["AttemptOptions", "Event", "Observe", "Summary", "begin", "resume"]
