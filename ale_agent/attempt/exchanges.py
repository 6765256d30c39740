"""The part of the journal that is about models: what they were asked for, each call, and what was learned.

A request is kept before its first call with all that its prompt is made of, so that a resumed attempt asks the same again
and finds the replies that were paid for. A call is kept before it is made, with what it is expected to take; the money
spent is written in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from ale_agent.attempt.journal import Journal
from ale_agent.strategist.conversations import ModelReply, ModelRequest, Usage
from ale_agent.strategist.protocol import Insight
from ale_agent.strategist.spending import Fate

RequestStatus = Literal["open", "taken", "refused", "learned"]

_SPEND = """
INSERT OR REPLACE INTO spend
SELECT 'usd', coalesce(sum(usd), 0.0) FROM exchanges UNION ALL
SELECT 'tokens', coalesce(sum(input_tokens + output_tokens), 0) FROM exchanges UNION ALL
SELECT 'calls', count(*) FROM exchanges
"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request to a model.

    Parameters
    ----------
    number
        Counts from 1.
    kind
        What is asked for; ``insights`` asks what was learned.
    model
        Who is asked.
    parents
        Ids of the candidates it is about.
    tried
        What the prompt says was tried before.
    details
        What else the prompt says of the attempt, by name.
    status
        ``open``; ``taken`` if a candidate came of it; ``refused`` if nothing did; ``learned``.
    candidate
        Id of the candidate that came of it.
    notes
        Why replies were sent back.
    elapsed, ended
        When it was asked and when it was over, in seconds of the attempt.
    """

    number: int
    kind: str
    model: str
    parents: tuple[str, ...]
    tried: tuple[str, ...]
    details: Mapping[str, str]
    status: RequestStatus = "open"
    candidate: str | None = None
    notes: tuple[str, ...] = ()
    elapsed: float = 0.0
    ended: float | None = None


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a model, as the journal has it; `usage` is what it is expected to take until it is over."""

    number: int
    request: int
    model: str
    kind: str
    retry: int
    status: str
    usage: Usage
    text: str
    elapsed: float
    ended: float | None

    @property
    def seconds(self) -> float:
        """How long it took, 0 while it is under way."""
        return 0.0 if self.ended is None else self.ended - self.elapsed


class Exchanges:
    """Reads and writes that part of a journal; the `Book` of a ledger. Thread-safe; each method is one transaction.

    Parameters
    ----------
    journal
        The attempt's journal.
    elapsed
        Tells the attempt's time.
    """

    def __init__(self, journal: Journal, elapsed: Callable[[], float] = lambda: 0.0) -> None:
        self._journal = journal
        self._elapsed = elapsed
        self._earlier = [row[0] for row in journal.rows("SELECT number FROM exchanges WHERE status='answered'")]

    # calls: the ledger's book

    def reply_to(self, model: str, request: ModelRequest) -> ModelReply | None:
        """Return the first reply of an earlier session to this request that was not used in this one, None without."""
        rows = self._journal.rows(
            "SELECT number, reply, input_tokens, output_tokens, usd FROM exchanges "
            "WHERE status='answered' AND model=? AND digest=? AND request=? ORDER BY number",
            model, request.digest, request.number,
        )  # fmt: skip
        for number, reply, given, taken, usd in rows:
            if number in self._earlier:
                self._earlier.remove(number)
                return ModelReply(text=reply, usage=Usage(input_tokens=given, output_tokens=taken, cost_usd=usd))
        return None

    def begin_call(self, model: str, request: ModelRequest, expected: Usage) -> int:
        """Keep a call that is about to be made, and count it."""
        turns = json.dumps([asdict(turn) for turn in request.turns])
        with self._journal.transaction() as db:
            number = db.execute(
                "INSERT INTO exchanges (request, model, kind, digest, prompt, turns, status, input_tokens, output_tokens, "
                "usd, elapsed) VALUES (?,?,?,?,?,?,'asked',?,?,?,?)",
                (
                    request.number, model, request.kind, request.digest, _storable(request.prompt), turns,
                    expected.input_tokens, expected.output_tokens, expected.cost_usd, self._elapsed(),
                ),
            ).lastrowid  # fmt: skip
            db.execute(_SPEND)
        assert number is not None
        return number

    def end_call(self, number: int, fate: Fate, usage: Usage, text: str) -> None:
        """Keep how a call ended with its reply, or why there is none, and what it took."""
        with self._journal.transaction() as db:
            if fate == "dropped":
                db.execute("DELETE FROM exchanges WHERE number=?", (number,))
            else:
                db.execute(
                    "UPDATE exchanges SET status=?, reply=?, input_tokens=?, output_tokens=?, usd=?, ended=? "
                    "WHERE number=?",
                    (
                        fate, _storable(text), usage.input_tokens, usage.output_tokens, usage.cost_usd,
                        self._elapsed(), number,
                    ),
                )  # fmt: skip
            db.execute(_SPEND)

    def spent(self) -> dict[str, float]:
        """Return what was spent by kind, calls under way and lost ones counted as expected."""
        spend = self._journal.read_spend()
        return {kind: spend.get(kind, 0.0) for kind in ("usd", "tokens", "calls")}

    def settle_cut_off(self, unbilled: Sequence[str]) -> list[Call]:
        """Mark calls that a killed session left under way as lost and return them; those that cost nothing are forgotten.

        Parameters
        ----------
        unbilled
            The models whose calls cost nothing.
        """
        cut = [call for call in self.calls() if call.status == "asked"]
        for call in cut:
            self.end_call(call.number, "dropped" if call.model in unbilled else "lost", call.usage, "cut off")
        return [call for call in cut if call.model not in unbilled]

    def calls(self) -> list[Call]:
        """Return all calls in order."""
        rows = self._journal.rows(
            "SELECT number, request, model, kind, turns, status, input_tokens, output_tokens, usd, reply, elapsed, ended "
            "FROM exchanges ORDER BY number"
        )
        return [
            Call(
                number=number, request=request, model=model, kind=kind, retry=len(json.loads(turns)), status=status,
                usage=Usage(input_tokens=given, output_tokens=taken, cost_usd=usd), text=reply or "", elapsed=elapsed,
                ended=ended,
            )
            for number, request, model, kind, turns, status, given, taken, usd, reply, elapsed, ended in rows
        ]  # fmt: skip

    # requests

    def open_request(
        self, kind: str, model: str, parents: Sequence[str], tried: Sequence[str], details: Mapping[str, str]
    ) -> Asked:
        """Keep a request before its first call and return it."""
        elapsed = self._elapsed()
        with self._journal.transaction() as db:
            number = 1 + db.execute("SELECT coalesce(max(number), 0) FROM requests").fetchone()[0]
            asked = Asked(
                number=number, kind=kind, model=model, parents=tuple(parents), tried=tuple(tried),
                details=dict(details), elapsed=elapsed,
            )  # fmt: skip
            values = (json.dumps(value) for value in (asked.parents, asked.tried, asked.details))
            db.execute(
                "INSERT INTO requests (number, kind, model, parents, tried, details, status, notes, elapsed) "
                "VALUES (?,?,?,?,?,?,'open','[]',?)",
                (number, kind, model, *values, elapsed),
            )
        return asked

    def note(self, asked: Asked, notes: Sequence[str]) -> None:
        """Keep why replies to a request were sent back."""
        with self._journal.transaction() as db:
            db.execute("UPDATE requests SET notes=? WHERE number=?", (json.dumps(notes), asked.number))

    def refuse(self, asked: Asked) -> None:
        """Keep that nothing came of a request."""
        with self._journal.transaction() as db:
            db.execute("UPDATE requests SET status='refused', ended=? WHERE number=?", (self._elapsed(), asked.number))

    def learn(self, asked: Asked, insights: Sequence[Insight]) -> None:
        """Keep what was learned; the request is then over."""
        elapsed = self._elapsed()
        with self._journal.transaction() as db:
            db.execute("UPDATE requests SET status='learned', ended=? WHERE number=?", (elapsed, asked.number))
            db.executemany(
                "INSERT INTO insights (request, claim, supports, refutes, elapsed) VALUES (?,?,?,?,?)",
                [
                    (asked.number, i.claim, json.dumps(i.supports), json.dumps(i.refutes), elapsed)
                    for i in insights
                ],
            )  # fmt: skip

    def requests(self) -> list[Asked]:
        """Return all requests in order."""
        rows = self._journal.rows(
            "SELECT number, kind, model, parents, tried, details, status, candidate, notes, elapsed, ended "
            "FROM requests ORDER BY number"
        )
        return [
            Asked(
                number=number, kind=kind, model=model, parents=tuple(json.loads(parents)),
                tried=tuple(json.loads(tried)), details=json.loads(details), status=status, candidate=candidate,
                notes=tuple(json.loads(notes)), elapsed=elapsed, ended=ended,
            )
            for number, kind, model, parents, tried, details, status, candidate, notes, elapsed, ended in rows
        ]  # fmt: skip

    def insights(self) -> list[Insight]:
        """Return what was learned, in order."""
        rows = self._journal.rows("SELECT claim, supports, refutes FROM insights ORDER BY number")
        return [Insight(claim, tuple(json.loads(pro)), tuple(json.loads(con))) for claim, pro, con in rows]


def _storable(text: str) -> str:
    """Return the text without what no UTF-8 file can hold: halves of surrogate pairs."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
