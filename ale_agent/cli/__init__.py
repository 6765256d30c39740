"""The command line: `ale-agent`."""

from ale_agent.cli.app import main

__all__ = ["main"]
