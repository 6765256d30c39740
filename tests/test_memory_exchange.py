"""Memory files: import, export, merge, prune."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ale_agent.errors import StoreError, UsageError
from ale_agent.memory import (
    Evidence,
    ImportReport,
    ProblemFeatures,
    Store,
    Strategy,
    export_file,
    import_file,
    merge_memory,
    new_strategy,
    prune,
)
from ale_agent.memory import exchange as exchange_module
from ale_agent.memory.catalogue import starter_strategies


def strategy(name: str, *evidence: Evidence, learned: bool = False, created: str = "2026-11-23") -> Strategy:
    made = new_strategy({"name": name, "when": "Always.", "how": "Well."}, created=created)
    origin = replace(made.origin, kind="learned" if learned else "curated")
    return replace(made, evidence=evidence, origin=origin)


def trial(number: int = 0, gain: float = 0.1) -> Evidence:
    return Evidence("p", "trial", gain, gain - 0.01, gain + 0.01, 48, "c-1", f"a-{number}", "c-2")


def empty() -> Store:
    return Store.open(None, starter=False)


def written(path: Path, *lines: str | bytes | Strategy) -> Path:
    parts = [item.to_line() if isinstance(item, Strategy) else item for item in lines]
    path.write_bytes(b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts) + b"\n")
    return path


def test_an_export_imported_elsewhere_is_the_same(tmp_path: Path) -> None:
    with Store.open(None) as store, empty() as other:
        store.add(strategy("Mine", trial()))
        assert export_file(store, tmp_path / "out.jsonl") == store.count()
        report = import_file(other, tmp_path / "out.jsonl", foreign=False)
        assert report == ImportReport(store.count(), 0, 0)
        assert list(other.strategies()) == list(store.strategies())


def test_importing_ones_own_export_changes_nothing(tmp_path: Path) -> None:
    with Store.open(None) as store:
        store.add(strategy("Mine", trial(), Evidence("p", "citation", source="page")))
        before = list(store.strategies())
        export_file(store, tmp_path / "out.jsonl")
        assert import_file(store, tmp_path / "out.jsonl") == ImportReport(0, 0, store.count())
        assert list(store.strategies()) == before


def test_evidence_from_elsewhere_is_marked_and_united(tmp_path: Path) -> None:
    path = written(tmp_path / "m.jsonl", strategy("Mine", trial(1)), strategy("New", trial()))
    with empty() as store:
        store.add(strategy("Mine", trial(0)))
        assert import_file(store, path) == ImportReport(1, 1, 0)
        marks = {item.attempt: item.foreign for item in store.get(strategy("Mine").id).evidence}
        assert marks == {"a-0": False, "a-1": True}
        assert {item.name: item.foreign for item in store.summaries()} == {"Mine": False, "New": True}


def test_a_mark_stays_out_of_files(tmp_path: Path) -> None:
    path = written(tmp_path / "m.jsonl", strategy("Mine", trial()))
    with empty() as store:
        import_file(store, path)
        export_file(store, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == path.read_bytes()


GOOD = strategy("Good")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b'{"id": 1}', r"line 2: line: the required key 'name' is missing"),
        (GOOD.to_line().replace('"Good"', "7").encode(), r"line 2: name: must be a text, got 7"),
        (b"\xff\xfe", "line 2: not UTF-8 at byte 0"),
        (b"{" * 50_000, "line 2: not valid JSON"),
        (b"[" * 50_000, "line 2: not a memory line: nested too deeply"),
        (b'"' + b"x" * (1 << 20) + b'"', "line 2: longer than 1048576 bytes"),
        (b'{"name": "' + b"x" * (5 << 20), "line 2: longer than 1048576 bytes"),
        (b"\x00\x01\x02", "line 2: not valid JSON"),
    ],
)
def test_a_bad_line_refuses_the_file_and_nothing_is_written(tmp_path: Path, bad: bytes, message: str) -> None:
    path = written(tmp_path / "m.jsonl", GOOD, bad, strategy("Other"))
    with empty() as store:
        with pytest.raises(StoreError, match=message) as caught:
            import_file(store, path)
        assert "nothing was taken; 1 bad line" in str(caught.value)
        assert store.count() == 0


def test_a_file_is_read_without_a_store_by_the_same_rules(tmp_path: Path) -> None:
    odd = replace(GOOD, how="One line\u2028to JSON, two to str.splitlines.")
    assert list(exchange_module.read_file(written(tmp_path / "odd.jsonl", odd))) == [odd]
    with pytest.raises(StoreError, match=r"nothing was taken; 1 bad line.*\n  line 2: line: must be a JSON object"):
        list(exchange_module.read_file(written(tmp_path / "bad.jsonl", GOOD, b"7")))


def test_bad_lines_are_left_out_on_demand(tmp_path: Path) -> None:
    path = written(tmp_path / "m.jsonl", GOOD, b"{", b"", strategy("Other"))
    with empty() as store:
        report = import_file(store, path, skip_bad=True)
        assert (report.added, [item.line for item in report.refused]) == (2, [2])
        assert report.lines()[0] == "2 added, 0 merged, 0 unchanged, 1 refused"
        assert report.lines()[1].startswith("line 2: not valid JSON")


def test_a_file_of_rubbish_is_given_up_early(tmp_path: Path) -> None:
    path = written(tmp_path / "m.jsonl", *[b"rubbish"] * 1000)
    with empty() as store, pytest.raises(StoreError, match="100 bad line"):
        import_file(store, path, skip_bad=True)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    with path.open("wb") as stream:
        stream.truncate(exchange_module.FILE_BYTES_MAX + 1)
    with empty() as store, pytest.raises(StoreError, match="more than 2147483648; split it"):
        import_file(store, path)


@pytest.mark.parametrize("kind", ["folder", "missing", "pipe"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with empty() as store, pytest.raises(StoreError, match=r"must be a regular file|no such file"):
        import_file(store, path)


def test_the_same_strategy_twice_in_a_file_is_united(tmp_path: Path) -> None:
    path = written(tmp_path / "m.jsonl", strategy("Mine", trial(0)), strategy("Mine", trial(0), trial(1)))
    with empty() as store:
        assert import_file(store, path) == ImportReport(1, 1, 0)
        assert store.summaries()[0].trials == 2


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.to_line().encode() + b"\r\n\r\n")
    with empty() as store:
        assert import_file(store, path).added == 1


def test_an_export_replaces_a_file_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("precious\n")
    with empty() as store:
        store.add(GOOD)
        with pytest.raises(StoreError, match="no strategy"):
            export_file(store, tmp_path / "out.jsonl", ids=[GOOD.id, "s-unknown"])
        assert [item.name for item in tmp_path.iterdir()] == ["out.jsonl"]
        assert (tmp_path / "out.jsonl").read_text() == "precious\n"
        export_file(store, tmp_path / "out.jsonl", ids=[GOOD.id])
    assert json.loads((tmp_path / "out.jsonl").read_text())["id"] == GOOD.id


def test_an_export_into_nowhere_is_told(tmp_path: Path) -> None:
    with empty() as store, pytest.raises(StoreError, match="cannot be written"):
        export_file(store, tmp_path / "nowhere" / "out.jsonl")


def test_only_what_was_learned_is_exported_on_demand(tmp_path: Path) -> None:
    with Store.open(None) as store:
        store.add(strategy("Measured", trial()))
        assert export_file(store, tmp_path / "out.jsonl", learned_only=True) == 1


def test_stores_are_merged_with_their_problems(tmp_path: Path) -> None:
    with Store.open(tmp_path / "other.db", starter=False) as other:
        other.add(strategy("Mine", trial(1)))
        other.note_problem(ProblemFeatures(problem="p", answer_space="subset"))
    with empty() as store:
        store.add(strategy("Mine", trial(0)))
        assert merge_memory(store, tmp_path / "other.db") == ImportReport(0, 1, 0)
        assert merge_memory(store, tmp_path / "other.db") == ImportReport(0, 0, 1)
        assert store.problems()["p"].answer_space == "subset"


def test_a_file_is_merged_like_a_store(tmp_path: Path) -> None:
    with empty() as store:
        assert merge_memory(store, written(tmp_path / "m.jsonl", GOOD)).added == 1


@pytest.mark.parametrize(
    ("attack", "message"),
    [
        ("UPDATE strategies SET rest = '{'", "strategy: Expecting property name"),
        ("UPDATE strategies SET rest = '{}'", "strategy: 'numba_notes'"),
        ("UPDATE strategies SET archetypes = '7'", "strategy: 'int' object is not iterable"),
        ("UPDATE strategies SET archetypes = replace(printf('%.99999c', 'x'), 'x', '[')", "strategy: .*recursion"),
        ("UPDATE strategies SET how = zeroblob(900000000)", "strategy: .*too big"),
        ("UPDATE strategies SET name = 'x' || char(27) || '[2J'", "name: must not hold control characters"),
        ("UPDATE evidence SET gain = 'much'", r"evidence\[0\].gain: must be a finite number"),
        ("UPDATE evidence SET high = 9e999", r"evidence\[0\].high: must be a finite number"),
        ("UPDATE problems SET features = '[1]'", "features: 'list' object has no attribute"),
        ("UPDATE problems SET id = 'a b'", "features: problem: must be a problem's id"),
        ("ALTER TABLE problems RENAME TO hidden; CREATE VIEW problems AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL "
         "SELECT x + 1 FROM t) SELECT x AS id, '{}' AS features, 0 AS rank FROM t", "its table 'hidden' is not what"),
    ],
)  # fmt: skip
def test_a_hostile_store_is_refused_and_nothing_is_merged(tmp_path: Path, attack: str, message: str) -> None:
    path = tmp_path / "hostile.db"
    with Store.open(path, starter=False) as other:
        other.note_problem(ProblemFeatures(problem="tour"))
        other.add(strategy("Other", trial()))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(attack)
    connection.close()
    with empty() as store:
        with pytest.raises(StoreError, match=message):
            merge_memory(store, path)
        assert (store.count(), store.problems()) == (0, {})


def test_a_key_given_twice_among_very_many_is_found_at_once(tmp_path: Path) -> None:
    line = "{" + ",".join(f'"{number}": 0' for number in range(80_000)) + ', "79999": 1}'
    path = written(tmp_path / "m.jsonl", line.encode())
    began = time.process_time()
    with empty() as store, pytest.raises(StoreError, match="79999: the key is given twice"):
        import_file(store, path)
    assert time.process_time() - began < 5.0  # by comparing each with each it took minutes


def test_a_file_of_blank_lines_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_module, "LINES_MAX", 1000)
    path = tmp_path / "m.jsonl"
    path.write_bytes(b"\n" * 1001)
    with empty() as store, pytest.raises(StoreError, match="more than 1000 lines; split it"):
        import_file(store, path)


def test_lines_that_pile_evidence_on_one_strategy_are_refused(tmp_path: Path) -> None:
    lines = [strategy("Piled", *(trial(3000 * part + k) for k in range(3000))) for part in range(2)]
    path = written(tmp_path / "m.jsonl", *lines)
    with empty() as store, pytest.raises(StoreError, match="would have 6000 pieces of evidence, more than 5000"):
        import_file(store, path)


def test_a_memory_is_not_merged_with_itself(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store, pytest.raises(StoreError, match="this very memory"):
        merge_memory(store, tmp_path / "m.db")


def test_merging_in_either_order_gives_the_same_evidence() -> None:
    parts = [strategy("Mine", trial(0), trial(1)), strategy("Mine", trial(1, gain=0.2), trial(2))]
    found = []
    for order in (parts, parts[::-1]):
        with empty() as store:
            for item in order:
                store.add(item)
            found.append(store.get(parts[0].id).evidence)
    assert found[0] == found[1]


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_imported_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "m.jsonl"
    path.write_bytes(data)
    with empty() as store:
        with suppress(StoreError):  # a file of blank lines is fine
            import_file(store, path)
        assert store.count() == 0


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
def test_a_damaged_catalogue_is_imported_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, place: int, patch: bytes
) -> None:
    data = b"\n".join(item.to_line().encode() for item in starter_strategies()[:3]) + b"\n"
    path = tmp_path_factory.mktemp("any") / "m.jsonl"
    path.write_bytes(data[:place] + patch + data[place + len(patch) :])
    with empty() as store:
        try:
            import_file(store, path)
        except StoreError:
            assert store.count() == 0
        else:
            assert 2 <= store.count() <= 4


# Pruning


def prunable() -> Store:
    store = Store.open(None)
    store.add(strategy("Old and unproven", learned=True, created="2020-01-01"))
    store.add(strategy("New and unproven", learned=True))
    store.add(strategy("Old and harmful", *[trial(n, -0.1) for n in range(9)], learned=True, created="2020-01-01"))
    store.add(strategy("Old and good", trial(), learned=True, created="2020-01-01"))
    return store


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"unproven": True}, {"Old and unproven", "New and unproven"}),
        ({"unproven": True, "created_before": "2021-01-01"}, {"Old and unproven"}),
        ({"created_before": "2021-01-01"}, {"Old and unproven", "Old and harmful", "Old and good"}),
        ({"harmful": True}, {"Old and harmful"}),
    ],
)
def test_pruning_takes_what_meets_all_conditions(conditions: dict[str, bool], expected: set[str]) -> None:
    with prunable() as store:
        before = store.count()
        assert {item.name for item in prune(store, dry_run=True, **conditions)} == expected  # type: ignore[arg-type]
        assert store.count() == before
        prune(store, **conditions)  # type: ignore[arg-type]
        assert store.count() == before - len(expected)


def test_pruning_needs_a_condition() -> None:
    with prunable() as store, pytest.raises(UsageError, match="at least one condition"):
        prune(store)


def test_named_strategies_are_pruned_even_if_curated() -> None:
    with prunable() as store:
        gone = starter_strategies()[0].id
        assert [item.id for item in prune(store, ids=[gone])] == [gone]
        assert store.find(gone) is None
