"""The store: idempotent writing, several processes, and what happens when the disk or the file is bad."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ale_agent.errors import StoreError
from ale_agent.memory import Evidence, ProblemFeatures, Store, Strategy, new_strategy
from ale_agent.memory.catalogue import learned_strategies, starter_strategies
from ale_agent.memory.store import CATALOGUED, INFERRED


def strategy(name: str = "Mine", how: str = "Well.", **changes: object) -> Strategy:
    """Return a strategy; the same arguments give the same id."""
    return new_strategy({"name": name, "when": "Always.", "how": how, **changes}, created="2026-11-23")


def trial(number: int = 1, gain: float = 0.1, cases: int = 10) -> Evidence:
    """Return the measurement of the attempt with that number."""
    return Evidence("p", "trial", gain, gain - 0.01, gain + 0.01, cases, "c-1", f"a-{number}", "c-2")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "memory.db"


def empty(path: Path | None = None) -> Store:
    return Store.open(path, starter=False)


def test_first_use_fills_the_store_from_the_catalogue(path: Path) -> None:
    with Store.open(path) as store:
        shipped = [*starter_strategies(), *learned_strategies()]
        assert store.count() == len(shipped)
    with Store.open(path) as store:
        assert list(store.strategies()) == in_the_stores_order(shipped)


def in_the_stores_order(strategies: list[Strategy]) -> list[Strategy]:
    """Return strategies by id, the evidence of each by key."""
    ordered = [replace(s, evidence=tuple(sorted(s.evidence, key=lambda item: item.key))) for s in strategies]
    return sorted(ordered, key=lambda item: item.id)


def test_a_store_made_without_the_catalogue_never_gets_it(path: Path) -> None:
    empty(path).close()
    with Store.open(path) as store:
        assert store.count() == 0


def test_what_is_added_comes_back_after_opening_again(path: Path) -> None:
    mine = replace(strategy(program="print(1)\n"), evidence=(trial(),))
    with empty(path) as store:
        assert store.add(mine) == "added"
    with empty(path) as store:
        assert store.get(mine.id) == mine


def test_adding_twice_changes_nothing() -> None:
    with empty() as store:
        mine = replace(strategy(), evidence=(trial(),))
        store.add(mine)
        assert store.add(mine) == "unchanged"
        assert store.get(mine.id) == mine


def test_evidence_is_counted_once_however_often_it_is_written() -> None:
    with empty() as store:
        mine = strategy()
        store.add(mine)
        assert [store.add_evidence(mine.id, trial(n)) for n in (1, 2, 1)] == [True, True, False]
        assert store.summaries()[0].trials == 2


def test_a_longer_measurement_takes_the_place_of_a_shorter() -> None:
    with empty() as store:
        mine = strategy()
        store.add(mine)
        store.add_evidence(mine.id, trial(cases=10))
        assert store.add_evidence(mine.id, trial(gain=0.2, cases=20))
        assert not store.add_evidence(mine.id, trial(cases=10))
        assert [item.gain for item in store.get(mine.id).evidence] == [0.2]


def test_foreign_evidence_never_replaces_ours() -> None:
    with empty() as store:
        mine = replace(strategy(), evidence=(trial(),))
        store.add(mine)
        store.add(replace(mine, name="Theirs", evidence=(trial(), trial(2))), foreign=True)
        kept = store.get(mine.id)
        assert kept.name == "Mine"
        assert {item.attempt: item.foreign for item in kept.evidence} == {"a-1": False, "a-2": True}


def test_replacing_a_text_renews_the_index_and_drops_the_old_program() -> None:
    with empty() as store:
        old = strategy(id="s-1", how="Tabu search.", program="print(1)\n")
        store.add(old)
        store.add(strategy(id="s-1", how="Annealing.", program="print(2)\n"), replace_text=True)
        assert store.get("s-1").program == "print(2)\n"
        assert store.by_text(["tabu"], limit=5) == []
        assert len(store.by_text(["annealing"], limit=5)) == 1
        assert store._tables.execute("SELECT count(*) FROM programs").fetchone() == (1,)


def test_removing_leaves_nothing_behind() -> None:
    with empty() as store:
        store.add(replace(strategy(program="print(1)\n"), evidence=(trial(),)))
        assert store.remove([strategy(program="print(1)\n").id, "s-unknown"]) == 1
        assert store.count() == 0
        assert store.by_text(["always"], limit=5) == []
        for table in ("evidence", "programs"):
            assert store._tables.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_pruned_catalogue_entry_stays_away_when_the_catalogue_is_renewed(path: Path) -> None:
    gone = starter_strategies()[0].id
    with Store.open(path) as store:
        store.remove([gone])
        store._tables.execute("UPDATE meta SET value = 'an older edition' WHERE key = 'starter'")
    with Store.open(path) as store:
        assert store.find(gone) is None
        assert store.count() == len(starter_strategies()) + len(learned_strategies()) - 1


def test_an_unknown_id_is_named() -> None:
    with empty() as store:
        with pytest.raises(StoreError, match="no strategy 's-x'"):
            store.get("s-x")
        with pytest.raises(StoreError, match="no strategy 's-x'"):
            store.add_evidence("s-x", trial())


def test_a_transaction_that_fails_leaves_nothing() -> None:
    with empty() as store:
        store.note_problem(ProblemFeatures(problem="kept"))
        with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012 - the transaction is what is tested
            store.add(strategy())
            store.note_problem(ProblemFeatures(problem="lost"))
            assert set(store.problems()) == {"kept", "lost"}
            raise RuntimeError
        assert store.count() == 0
        assert set(store.problems()) == {"kept"}


def test_a_better_known_problem_is_not_overwritten() -> None:
    with empty() as store:
        read = ProblemFeatures(problem="p", answer_space="subset")
        store.note_problem(read)
        store.note_problem(ProblemFeatures(problem="p", answer_space="integers"), rank=CATALOGUED)
        assert store.problems()["p"] == read


def test_a_learned_strategy_tells_of_its_problem() -> None:
    with empty() as store:
        origin = {"kind": "learned", "problem": "p", "created": "2026-11-23"}
        store.add(strategy(archetypes=["subset", "trait:graph", "size:2.00"], origin=origin))
        assert store.problems()["p"] == ProblemFeatures(problem="p", answer_space="subset", traits=("graph",), size=2.0)
        store.note_problem(ProblemFeatures(problem="p", size=1.0), rank=INFERRED)
        assert store.problems()["p"].size == 1.0


def test_all_strategies_are_yielded_once_over_many_batches() -> None:
    with empty() as store:
        with store.transaction():
            for number in range(1201):
                store.add(strategy(f"Number {number}"))
        ids = [item.id for item in store.strategies()]
        assert len(ids) == 1201
        assert ids == sorted(set(ids))


def test_odd_words_are_no_query_syntax() -> None:
    with empty() as store:
        store.add(strategy(how="the NEAR AND NOT"))
        assert store.by_text(["near", "and", "not", "near"], limit=5) != []


def test_words_that_everybody_uses_are_not_searched_for() -> None:
    with empty() as store:
        for number in range(20):
            store.add(strategy(f"Number {number}"))
        assert store.by_text(["always"], limit=5, work=10) == []


# Bad files


def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"memory\.db: .*left as it is"):
        Store.open(path)
    assert path.read_bytes() == before


def test_damage_inside_is_told_when_it_is_met(path: Path) -> None:
    with Store.open(path) as store:
        store._tables.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    for start in range(8192, len(data) - 4096, 4096):
        data[start : start + 4096] = b"\xff" * 4096
    path.write_bytes(bytes(data))
    with pytest.raises(StoreError, match="damaged and was left as it is"), Store.open(path) as store:
        list(store.strategies())
    assert path.read_bytes() == bytes(data)


def test_another_programs_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE precious (x)")
    connection.close()
    with pytest.raises(StoreError, match="no strategy memory"):
        Store.open(path)


def test_a_newer_schema_is_refused(path: Path) -> None:
    with empty(path) as store:
        store._tables.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"newer version \(schema 99"):
        Store.open(path)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="regular file"):
        Store.open(tmp_path)


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="name another home"):
        Store.open(tmp_path / "file" / "home" / "memory.db")


def test_reading_only_makes_nothing(path: Path) -> None:
    with pytest.raises(StoreError, match="no memory there"):
        Store.open(path, read_only=True)
    assert not path.parent.exists()


def test_a_store_that_is_read_only_is_read_and_refuses_to_be_written(path: Path) -> None:
    Store.open(path).close()
    with Store.open(path, read_only=True) as store:
        assert store.count() > 0
        with pytest.raises(StoreError, match="make it writable"):
            store.add(strategy())


def test_a_full_disk_keeps_what_was_acknowledged(path: Path) -> None:
    with empty(path) as store:
        store.add(strategy())
        pages = store._tables.execute("PRAGMA page_count").fetchone()[0]
        store._tables.execute(f"PRAGMA max_page_count = {pages}")
        big = "".join(chr(97 + n * n % 26) for n in range(15_000))
        with pytest.raises(StoreError, match="free some space"):
            store.add(strategy("Big", how=big))
        assert store.count() == 1
        assert store.find(strategy().id) is not None


def test_a_lock_that_is_not_given_up_is_told(path: Path) -> None:
    with empty(path) as holder, Store.open(path, busy_seconds=0.05) as store, holder.transaction():
        with pytest.raises(StoreError, match="another process kept it locked"):
            store.add(strategy())
        assert store.count() == 0


def test_a_reader_sees_what_another_connection_learned(path: Path) -> None:
    with empty(path) as one, empty(path) as other:
        assert one.problems() == {}
        other.note_problem(ProblemFeatures(problem="p"))
        assert set(one.problems()) == {"p"}


# Several processes

WRITER = """
import sys
from pathlib import Path
from ale_agent.memory import Evidence, Store, new_strategy

path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
shared = new_strategy({"name": "Shared", "when": "Always.", "how": "Well."}, created="2026-11-23")
with Store.open(path, starter=False, busy_seconds=60.0) as store:
    store.add(shared)
    for number in range(count):
        attempt = "a-common" if number == 0 else f"a-{name}-{number}"
        store.add_evidence(shared.id, Evidence("p", "trial", 0.1, 0.0, 0.2, 9, "c-1", attempt, "c-2"))
        print(attempt, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that writes evidence and says what was acknowledged."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_that_start_at_once_share_a_store(path: Path) -> None:
    processes = [writer(path, name, 20) for name in ("x", "y")]
    acknowledged = {line for process in processes for line in process.communicate(timeout=100)[0].split()}
    assert [process.returncode for process in processes] == [0, 0]
    with empty(path) as store:
        kept = [item.attempt for item in next(iter(store.strategies())).evidence]
    assert len(kept) == 39
    assert set(kept) == acknowledged


def test_a_torn_write_after_what_was_acknowledged_is_left_out(path: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.db"
    with empty(path) as store:
        store.add(strategy())
        for number in range(5):
            store.add_evidence(strategy().id, trial(number))
        shutil.copyfile(path, torn)
        log = path.with_name(f"{path.name}-wal").read_bytes()
    header, frame = log[:32], log[-4120:]  # half of a frame: the machine went down while it was written
    assert len(log) > len(header) + len(frame)
    torn.with_name(f"{torn.name}-wal").write_bytes(log + frame[:2000])
    with empty(torn) as store:
        assert len(store.get(strategy().id).evidence) == 5
        assert store.add_evidence(strategy().id, trial(99))


def test_killing_a_writer_loses_nothing_that_was_acknowledged(path: Path) -> None:
    process = writer(path, "x", 100_000)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.communicate(timeout=60)[0].split("\n")[:-1]
    with empty(path) as store:
        kept = {item.attempt for item in next(iter(store.strategies())).evidence}
        assert store._tables.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert kept >= set(acknowledged)
    assert len(acknowledged) >= 25
