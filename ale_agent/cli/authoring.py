"""`solve` on a statement alone: a model writes the judge first, and what comes of it is said loudly."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from ale_agent.cli.output import INTERRUPTED, print_json
from ale_agent.errors import BudgetExceededError
from ale_agent.strategist.spending import BoundConversation, Caps, Ledger, LooseBook

NOTHING_VALID = 4


def tell(text: str, as_json: bool) -> None:
    """Say what happens before there is an attempt."""
    if as_json:
        print_json({"event": "judge", "text": text})
    else:
        print(text, file=sys.stderr, flush=True)


def open_writer(
    model: str, caps: Caps, record: Path | None, stop: Callable[[], bool], as_json: bool
) -> BoundConversation:
    """Return a conversation whose calls are held to the caps, though there is no attempt yet that could count them."""
    from ale_agent.strategist.opening import open_account
    from ale_agent.strategist.recording import Recording

    def told(kind: str, payload: dict[str, Any]) -> None:
        if kind == "warning":
            tell(str(payload["text"]), as_json)

    account = open_account(
        model,
        caps=caps,
        recording=None if record is None else Recording(record),
        stop=stop,
        observe=lambda text: tell(text, as_json),
    )
    return BoundConversation(Ledger(caps, LooseBook(), observe=told, stop=stop), account, 0)


def write_judge(statement: Path, attempt_folder: Path, conversation: BoundConversation, as_json: bool) -> Path:
    """Return the statement in the problem folder that a model wrote, beside the attempt's; leave if it could not.

    Parameters
    ----------
    attempt_folder
        The problem's has the same name with ``-problem``.
    conversation
        Who writes; closed here.
    """
    from ale_agent.attempt.authoring import Authored, author_problem

    folder = attempt_folder.with_name(attempt_folder.name + "-problem")
    tell(f"no problem.toml beside {statement}: {conversation.name} is asked to write the judge", as_json)
    try:
        authored = author_problem(statement, folder, conversation, observe=lambda text: tell(text, as_json))
    except BudgetExceededError as error:
        authored = Authored(folder, (str(error),))
    except KeyboardInterrupt:
        tell(f"interrupted; there is no attempt yet, the last draft of the judge is in {folder}", as_json)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        conversation.account.conversation.close()
    if not authored.missing:
        tell(f"THE JUDGE WAS WRITTEN BY A MODEL; read it before you trust a score: {folder / 'tools.py'}", as_json)
        return folder
    missing = f"no judge: {authored.missing[-1]}"
    hint = f"the last draft is in {folder}; mend it and solve that folder, or put problem.toml and tools.py beside the statement"
    if as_json:
        print_json(
            {"solver": None, "judge": None, "missing": list(authored.missing), "problem_folder": str(folder),
             "spend": conversation.spent, "hint": hint}
        )  # fmt: skip
    else:
        print(f"{missing}\n{hint}", file=sys.stderr, flush=True)
    raise typer.Exit(NOTHING_VALID)
