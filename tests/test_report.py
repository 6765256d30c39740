"""The report: one self-contained page, whatever the journal holds, with nothing in it that could run."""

from __future__ import annotations

from pathlib import Path

import pytest

from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.errors import StoreError
from ale_agent.program import Program
from ale_agent.report import write_report
from ale_agent.report.chart import Dot, Node, lineage_chart, range_bar, steps_chart
from ale_agent.search.archive import Archive
from ale_agent.strategist.conversations import ModelRequest, Usage
from ale_agent.strategist.protocol import Insight, Proposal

SOURCE = """PARAMETERS = {'x': {'default': 1.0, 'low': 0.5, 'high': 2.0}}
def main():
    print('<b>')
if __name__ == '__main__':
    main()
"""


def attempt(folder: Path, idea: str = "an idea", picture: str | None = None) -> Path:
    journal = Journal(folder, create=True)
    archive = Archive()
    candidate = archive.add(Proposal(kind="compose", program=Program.from_source(SOURCE), idea=idea))
    assert candidate is not None
    journal.write_meta({"attempt": "a-1", "problem": "p", "winner": candidate.id})
    if picture is not None:
        journal.write_meta({"answer": {"seed": 3, "score": 5.0, "picture": picture}})
    journal.write_candidate(candidate, 1.0, incumbent=True)
    journal.write_event("begin", {"title": "P", "seconds": 10.0, "search_limit": 0.5}, 0.1)
    journal.write_event("incumbent", {"mean_score": 5.0, "cases": 4}, 1.0)
    journal.close()
    return folder


def test_a_report_holds_the_solver_and_the_story(tmp_path: Path) -> None:
    text = write_report(attempt(tmp_path)).read_text()
    for words in ("an idea", "solver.py", "Score over time", "Lineage", "Constants"):
        assert words in text


def test_words_of_a_candidate_cannot_become_markup(tmp_path: Path) -> None:
    text = write_report(attempt(tmp_path, idea="<script>alert(1)</script>")).read_text()
    assert "<script" not in text


def test_a_picture_is_an_image_and_cannot_run_scripts(tmp_path: Path) -> None:
    text = write_report(attempt(tmp_path, picture="<svg><script>alert(1)</script></svg>")).read_text()
    assert "<script" not in text
    assert "data:image/svg+xml;base64," in text


def test_a_report_needs_nothing_from_outside(tmp_path: Path) -> None:
    text = write_report(attempt(tmp_path)).read_text()
    assert "http://" not in text
    assert "https://" not in text


def test_a_report_can_be_written_while_the_attempt_works(tmp_path: Path) -> None:
    attempt(tmp_path)
    working = Journal(tmp_path)
    assert write_report(tmp_path).is_file()
    working.close()


def test_a_folder_without_an_attempt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        write_report(tmp_path)


def test_a_report_tells_what_models_were_asked_what_it_took_and_what_was_learned(tmp_path: Path) -> None:
    attempt(tmp_path)
    journal = Journal(tmp_path)
    exchanges = Exchanges(journal, lambda: 2.0)
    asked = exchanges.open_request("refine", "relay:x", [], [], {})
    request = ModelRequest(kind="refine", prompt="p", number=asked.number)
    number = exchanges.begin_call("relay:x", request, Usage())
    exchanges.end_call(number, "answered", Usage(input_tokens=1200, output_tokens=34, cost_usd=0.25), "no <program>")
    exchanges.note(asked, ["reply 1 was sent back: no <program>"])
    exchanges.refuse(asked)
    learning = exchanges.open_request("insights", "relay:x", [], [], {})
    exchanges.learn(learning, [Insight("beams <lose>", ("c-gone",), ())])
    journal.close()
    text = write_report(tmp_path).read_text()
    for words in ("relay:x: 1 calls (1 answered), 1,234 tokens, 0.25 US dollars", "nothing came of it",
                  "no &lt;program&gt;", "beams &lt;lose&gt;"):  # fmt: skip
        assert words in text


def test_a_price_that_is_unknown_is_not_shown_as_nothing(tmp_path: Path) -> None:
    attempt(tmp_path)
    journal = Journal(tmp_path)
    exchanges = Exchanges(journal)
    number = exchanges.begin_call("m:x", ModelRequest(kind="draft", prompt="p", number=1), Usage())
    exchanges.end_call(number, "answered", Usage(input_tokens=1, output_tokens=1), "r")
    journal.close()
    assert "unknown US dollars" in write_report(tmp_path).read_text()


def test_an_empty_chart_says_so() -> None:
    assert "nothing was measured" in steps_chart([], [], x_label="x", y_label="y")


def test_a_chart_with_one_value_has_a_line_to_its_end() -> None:
    svg = steps_chart([(1.0, 5.0)], [Dot(2.0, 5.0, "better", "t")], x_label="x", y_label="y", x_end=10.0)
    assert 'class="line"' in svg and "nan" not in svg


def test_descendants_stand_below_their_parents() -> None:
    svg = lineage_chart(
        [Node(1, "first", (), "one"), Node(2, "better", (1,), "two"), Node(3, "given_up", (2,), "three")]
    )
    assert svg.count("<path") == 2


@pytest.mark.parametrize("log", [False, True])
def test_a_bar_shows_a_value_in_its_range(log: bool) -> None:
    assert "<circle" in range_bar(2.0, 1.0, 4.0, log=log, start=1.0)
