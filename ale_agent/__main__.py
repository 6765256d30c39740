"""`python -m ale_agent` is the command `ale-agent`."""

from ale_agent.cli import main

if __name__ == "__main__":
    main()
