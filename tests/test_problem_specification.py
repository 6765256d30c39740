"""problem.toml and the folder around it: what is accepted, and what each refusal says."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.errors import ProblemError
from ale_agent.problem import (
    CommandToolsSpec,
    LeaderboardSpec,
    PythonToolsSpec,
    find_problem,
    load_problem,
    problem_folders,
)
from ale_agent.problem.specification import parse_specification

FILE = Path("problem.toml")
GOOD = """
id = "boxes-1"
title = "Boxes"
objective = "maximize"
scoring = "absolute"
interactive = false
time_limit = 2
memory_limit_mb = 1024
source = "A contest"

[tools]
kind = "python"

[leaderboard]
table = "boxes"
ranked_cases = 150
"""
COMMAND = GOOD.replace(
    'kind = "python"',
    'kind = "command"\ngenerate = ["gen", "{seeds_file}", "{case_dir}"]\nscore = ["vis", "{input}", "{output}"]',
)
TOOLS = "def generate(seed):\n    return '1'\n\n\ndef score(case, output):\n    return 1\n"
ARRAYS = "".join(f"def {name}(*a): pass\n" for name in ("read_case", "answer_space", "objective", "write_answer"))


def lay_out(folder: Path, toml: str = GOOD, tools: str | None = TOOLS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "problem.toml").write_text(toml)
    if tools is not None:
        (folder / "tools.py").write_text(tools)
    return folder


def refusal(text: str) -> str | None:
    try:
        parse_specification(text, FILE)
    except ProblemError as error:
        return str(error)
    return None


def test_a_full_specification_is_read() -> None:
    spec = parse_specification(GOOD, FILE)
    assert (spec.id, spec.title, spec.objective, spec.scoring, spec.interactive) == (
        "boxes-1",
        "Boxes",
        "maximize",
        "absolute",
        False,
    )
    assert (spec.time_limit, spec.memory_limit_mb, spec.source) == (2.0, 1024, "A contest")
    assert spec.tools == PythonToolsSpec()
    assert spec.leaderboard == LeaderboardSpec(table="boxes", ranked_cases=150)


def test_source_and_leaderboard_may_be_absent() -> None:
    text = GOOD.partition("[leaderboard]")[0].replace('source = "A contest"', "")
    spec = parse_specification(text, FILE)
    assert (spec.source, spec.leaderboard) == (None, None)


def test_commands_are_read() -> None:
    assert parse_specification(COMMAND, FILE).tools == CommandToolsSpec(
        generate=("gen", "{seeds_file}", "{case_dir}"), score=("vis", "{input}", "{output}")
    )


REQUIRED = ["id", "title", "objective", "scoring", "interactive", "time_limit", "memory_limit_mb", "kind", "table"]


@pytest.mark.parametrize("key", REQUIRED)
def test_a_missing_key_is_named(key: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{key} ="))
    with pytest.raises(ProblemError, match=rf"problem.toml: key '[a-z.]*{key}': is missing and required"):
        parse_specification(text, FILE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("time_limit = 2", "time_limits = 2\ntime_limit = 2", "unknown key (did you mean 'time_limit'?)"),
        ('id = "boxes-1"', 'id = "Boxes"', "key 'id': must hold only a-z, 0-9, - and _, but it is 'Boxes'"),
        ('id = "boxes-1"', "id = 5", "key 'id': must be a non-empty string, but it is 5"),
        ('title = "Boxes"', 'title = " "', "key 'title': must be a non-empty string"),
        (
            '"maximize"',
            '"maximise"',
            "must be 'maximize' or 'minimize' (did you mean 'maximize'?), but it is 'maximise'",
        ),
        ('"absolute"', '"rank"', "key 'scoring': must be 'absolute' or 'relative', but it is 'rank'"),
        ("interactive = false", 'interactive = "no"', "key 'interactive': must be true or false, but it is 'no'"),
        ("time_limit = 2", "time_limit = 0", "key 'time_limit': must be a number of seconds above 0"),
        ("time_limit = 2", "time_limit = nan", "but it is nan"),
        ("time_limit = 2", "time_limit = true", "but it is True"),
        ("time_limit = 2", "time_limit = 3601", "at most 3600, but it is 3601"),
        ("memory_limit_mb = 1024", "memory_limit_mb = 1024.5", "must be an integer from 16 to 1048576"),
        ("memory_limit_mb = 1024", "memory_limit_mb = 1", "but it is 1"),
        ('kind = "python"', 'kind = "rust"', "key 'tools.kind': must be 'python' or 'command'"),
        ('kind = "python"', 'kind = "python"\nscore = ["x"]', "key 'tools.score': goes with kind = \"command\" only"),
        ("ranked_cases = 150", "ranked_cases = 0", "key 'leaderboard.ranked_cases': must be an integer from 1"),
        ("ranked_cases = 150", "cases = 150", "key 'leaderboard.cases': unknown key in [leaderboard]"),
        ("[leaderboard]", "[leaderbord]", "key 'leaderbord': unknown key (did you mean 'leaderboard'?)"),
    ],
)
def test_a_wrong_value_is_told_with_key_rule_and_value(old: str, new: str, message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        parse_specification(GOOD.replace(old, new), FILE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["vis", "{input}", "{output}"]', '["vis", "{input}"]', "key 'tools.score': must contain {output}"),
        ("{seeds_file}", "{seed_file}", "unknown placeholder {seed_file} (did you mean 'seeds_file'?)"),
        ('["gen", "{seeds_file}", "{case_dir}"]', "[]", "must be a non-empty list of non-empty strings, but it is []"),
        ('["gen", "{seeds_file}", "{case_dir}"]', '"gen"', "must be a non-empty list of non-empty strings"),
        ("score =", "interact =", "unknown placeholder {output}"),
        ('generate = ["gen", "{seeds_file}", "{case_dir}"]', "", "is missing, and so is 'cases'"),
        ("interactive = false", "interactive = true", "key 'tools.interact': is missing and required"),
    ],
)
def test_a_wrong_command_is_told(old: str, new: str, message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        parse_specification(COMMAND.replace(old, new), FILE)


def test_broken_toml_is_told_with_its_line() -> None:
    with pytest.raises(ProblemError, match=r"problem.toml: is not valid TOML: .*line 2"):
        parse_specification('id = "x"\ntitle = \n', FILE)


@given(st.text(alphabet="abid=\"[].{}\n\t #'0e-_:,", max_size=80))
def test_any_text_is_read_or_refused_as_a_problem_error(text: str) -> None:
    message = refusal(text)
    assert message is None or message.startswith("problem.toml: ")


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.text(max_size=4))


@given(st.sampled_from(REQUIRED[:7]), _VALUES)
def test_any_value_of_a_key_is_read_or_refused_by_name(key: str, value: object) -> None:
    if isinstance(value, float):
        shown = repr(value)
    else:
        shown = json.dumps(value, ensure_ascii=True).replace("\\ud", "\\u0")
    lines = [f"{key} = {shown}" if line.startswith(f"{key} =") else line for line in GOOD.splitlines()]
    message = refusal("\n".join(lines))
    assert message is None or f"'{key}'" in message or "not valid TOML" in message


@pytest.mark.parametrize(
    "inside", ["", "problem.toml", "tools.py", "statement.md", "samples/0000.in", "tools/in/0000.txt"]
)
def test_a_problem_is_found_from_any_file_in_its_folder(tmp_path: Path, inside: str) -> None:
    folder = lay_out(tmp_path / "deep" / "boxes")
    path = folder / inside
    if inside and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    if inside.startswith("samples"):
        (folder / "samples" / "0000.out").write_text("1")
        (folder / "samples" / "scores.json").write_text('{"0000": 1}')
    assert load_problem(path).folder == folder.resolve()


def test_the_statement_is_the_one_that_was_named(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    for name in ("statement.md", "page.html"):
        (folder / name).write_text("text")
    assert load_problem(folder).statement_path == folder / "statement.md"
    assert load_problem(folder / "page.html").statement_path == folder / "page.html"


def test_tools_are_never_imported(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    problem = load_problem(lay_out(tmp_path / "p", tools=f"open({str(touched)!r}, 'w')\n{TOOLS}"))
    assert problem.tools_source is not None and problem.tools_source.endswith(TOOLS)
    assert not touched.exists()


def test_what_tools_define_is_seen_inside_if_and_try_too(tmp_path: Path) -> None:
    tools = f"if True:\n    from x import draw\ntry:\n    import z\nexcept E:\n    def score(a, b): pass\n{ARRAYS}"
    problem = load_problem(lay_out(tmp_path, tools=f"generate = lambda seed: ''\n{tools}"))
    assert (problem.array_level, problem.has_draw) == (True, True)


def test_without_the_four_functions_there_is_no_array_level(tmp_path: Path) -> None:
    problem = load_problem(lay_out(tmp_path, tools=TOOLS + "def read_case(text): pass\n"))
    assert (problem.array_level, problem.has_draw) == (False, False)


def test_samples_are_read_in_order(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    (folder / "samples").mkdir()
    for name in ("0001", "0000"):
        (folder / "samples" / f"{name}.in").write_text(f"in {name}")
        (folder / "samples" / f"{name}.out").write_text(f"out {name}")
    (folder / "samples" / "scores.json").write_text('{"0001": 2.5, "0000": 7}')
    samples = load_problem(folder).samples
    assert [(s.name, s.input, s.output, s.score) for s in samples] == [
        ("0000", "in 0000", "out 0000", 7.0),
        ("0001", "in 0001", "out 0001", 2.5),
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"tools.py": None}, "tools.py: is missing"),
        ({"tools.py": "def generate(:\n"}, "tools.py: line 1: is not Python"),
        ({"tools.py": "def generate(seed): pass\n"}, "must define score(case, output) -> number"),
        (
            {"tools.py": TOOLS.replace("generate", "generates")},
            "must define generate(seed) -> str, but it does not (did",
        ),
        (
            {"tools.py": TOOLS + ARRAYS.replace("objective", "objectiv")},
            "all four together or none, but objective is not",
        ),
        ({"tools.py": b"\xff\xfe"}, "tools.py: must be UTF-8 text, but byte 0 is not"),
        ({"problem.toml": b"id = '\xff'"}, "problem.toml: must be UTF-8 text, but byte 6 is not"),
        ({"problem.toml": b"\0\1\2"}, "problem.toml: is not valid TOML"),
        ({"samples/scores.json": "{"}, "scores.json: is not valid JSON"),
        ({"samples/scores.json": "[]"}, "scores.json: must be an object"),
        ({"samples/scores.json": '{"0000": NaN}'}, "key '0000': must be a finite number, but it is nan"),
        ({"samples/scores.json": '{"0000": 1}'}, "0000.in is missing"),
        ({"samples/scores.json": "{}", "samples/0007.in": "1"}, "key '0007' is missing"),
        ({"samples/scores.json": '{"0007": 1}', "samples/0007.in": "1"}, "0007.out: no such file"),
    ],
)
def test_a_broken_folder_is_one_clear_error(tmp_path: Path, files: dict[str, str | bytes | None], message: str) -> None:
    folder = lay_out(tmp_path)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ProblemError, match=re.escape(message)):
        load_problem(folder)


def test_a_statement_alone_says_what_would_help(tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c" / "d").mkdir(parents=True)
    statement = tmp_path / "a" / "b" / "c" / "d" / "statement.md"
    statement.write_text("# A problem")
    with pytest.raises(ProblemError, match=r"statement.md: no problem.toml beside it.*tools.py.*problem new"):
        load_problem(statement)


def test_a_folder_without_a_specification_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"problem.toml is missing in this folder"):
        load_problem(tmp_path)


def test_a_path_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"nowhere: no such file or folder"):
        load_problem(tmp_path / "nowhere")


def test_a_path_that_cannot_be_one_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"no such file|cannot be read"):
        load_problem(tmp_path / ("x" * 5000))


def test_a_folder_where_a_file_should_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "problem.toml").mkdir()
    with pytest.raises(ProblemError, match=r"must be a regular file, but it is a folder"):
        load_problem(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_says_so(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    (folder / "problem.toml").chmod(0)
    with pytest.raises(ProblemError, match=r"cannot be read: Permission denied"):
        load_problem(folder)


def test_an_id_is_looked_up_in_the_roots_in_order(tmp_path: Path) -> None:
    for root in ("one", "two"):
        lay_out(tmp_path / root / "boxes")
    lay_out(tmp_path / "two" / "cards")
    roots = (tmp_path / "one", tmp_path / "missing", tmp_path / "two")
    assert find_problem("boxes", roots) == tmp_path / "one" / "boxes"
    assert find_problem("cards", roots) == tmp_path / "two" / "cards"


def test_an_unknown_id_is_answered_with_the_nearest(tmp_path: Path) -> None:
    lay_out(tmp_path / "boxes")
    with pytest.raises(ProblemError, match=r"no problem 'boxs' \(did you mean 'boxes'\?\) in .*known are boxes"):
        find_problem("boxs", (tmp_path,))


def test_a_results_folder_of_the_same_name_does_not_hide_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "roots" / "boxes")
    (tmp_path / "boxes").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_problem("boxes", (Path("roots"),)) == Path("roots/boxes")


def test_a_folder_of_that_name_without_a_specification_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boxes").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProblemError, match=r"^boxes: problem.toml is missing in this folder. Write it there"):
        load_problem(find_problem("boxes", (Path("roots"),)))


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "boxes")
    assert find_problem(folder / "tools.py") == folder / "tools.py"


def test_a_wrong_path_is_not_searched_as_an_id(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"x/boxes: no such file or folder"):
        find_problem("x/boxes", (tmp_path,))


def test_problem_folders_are_listed(tmp_path: Path) -> None:
    lay_out(tmp_path / "boxes")
    (tmp_path / "other").mkdir()
    assert problem_folders(tmp_path) == (tmp_path / "boxes",)
