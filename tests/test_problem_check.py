"""The check of a whole problem folder: quiet on one that is right, and it finds each fault that is put in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ale_agent.errors import ProblemError
from ale_agent.problem import load_problem
from ale_agent.problem.answer_space import complaint, random_answer
from ale_agent.problem.case_hashes import case_hash
from ale_agent.problem.check import check_problem
from ale_agent.problem.finding import Finding
from ale_agent.problem.malformed import malformed_outputs
from ale_agent.problem.new import create_problem
from ale_agent.problem.text_difference import difference
from ale_agent.problem.tools import open_tools


def check(folder: Path, *, outputs: int = 60) -> list[Finding]:
    report = check_problem(load_problem(folder), seeds=range(3), outputs=outputs, rng=np.random.default_rng(5))
    return list(report.findings)


def told(findings: list[Finding]) -> list[str]:
    return [f"{finding.severity} {finding.where}: {finding.what}" for finding in findings]


# Speed on a busy machine is no matter of these tests.
def quiet(findings: list[Finding]) -> list[str]:
    return [line for line in told(findings) if " ms a ca" not in line]


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[..., Path]:
    """Lay out a good problem and replace some of a file's text."""

    def make(old: str, new: str, *, file: str = "tools.py", interactive: bool = False) -> Path:
        folder = create_problem(tmp_path / "stub", "stub", interactive=interactive)
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new))
        return folder

    return make


@pytest.mark.parametrize("interactive", [False, True], ids=["batch", "interactive"])
@pytest.mark.parametrize("objective", ["maximize", "minimize"])
def test_a_new_problem_passes_the_whole_check(tmp_path: Path, objective: str, interactive: bool) -> None:
    title = 'Cards & "Boxes" \\ 箱'
    folder = create_problem(
        tmp_path / "new",
        "cards",
        title=title,
        objective="maximize" if objective == "maximize" else "minimize",
        interactive=interactive,
    )
    problem = load_problem(folder)
    assert (problem.spec.title, problem.spec.objective, problem.spec.interactive) == (title, objective, interactive)
    assert quiet(check(folder, outputs=500)) == []


def test_a_new_problem_leaves_no_placeholder(tmp_path: Path) -> None:
    for interactive in (False, True):
        folder = create_problem(tmp_path / str(interactive), "cards", interactive=interactive)
        for path in folder.rglob("*.*"):
            assert not re.search(r"__[A-Z]", path.read_text()), path


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(ProblemError, match="must be new or an empty folder"):
        create_problem(tmp_path, "cards")
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


@pytest.mark.parametrize("name", ["", "Cards", "a b", "../x", "a/b", "karten-ä"])
def test_a_wrong_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProblemError, match=r"id: must hold only a-z, 0-9, - and _"):
        create_problem(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()


def test_a_title_of_two_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="title: must be one line"):
        create_problem(tmp_path / "new", "cards", title="a\nb")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProblemError, match="cannot be written: Not a directory"):
        create_problem(tmp_path / "file" / "new", "cards")


TEXT_FAULTS = [
    ("default_rng(seed)", "default_rng()", "error tools.py: generate: gives two different cases for"),
    ("default_rng(seed)", "default_rng(abs(hash(str(seed))))", "error tools.py: generate: gives another case for"),
    ("default_rng(seed)", "default_rng(1)", "warning tools.py: generate: gives one and the same case for every seed"),
    ("default_rng(seed)", "default_rng(np.int64(seed))", "error .*generate .seed 18446744073709551615. raised Over"),
    ("return int(values[", "return int(weights[", "error samples/0000: is judged 20.0, but .* 28.0"),
    ("    if not tokens:", "    if False:", "error tools.py: score: breaks on the output .*IndexError"),
    ('ValueError("an item is taken twice")', "KeyError(items)", "error tools.py: score: breaks on the output"),
    ('ValueError("the output is empty")', 'ValueError(" ")', "error tools.py: score: refuses the output .* without a"),
    ("f'<svg ", "f'<svg <", "error tools.py: draw: gives no well-formed XML"),
    ("<svg ", "<svk ", "error tools.py: draw: gives no well-formed XML"),
]

ARRAY_FAULTS = [
    ("return int(values[", "return int(weights[", "error tools.py: objective: gives .* where score gives"),
    ("return float(value)", "return float(value) + 0.5", "error tools.py: objective: gives .* where score gives"),
    ("return -np.inf", "return 0.0", "error tools.py: objective: gives 0.0 where the judge says 'the items weigh"),
    ("return -np.inf", "return str(weight)", "error tools.py: objective: does not compile under numba.njit"),
    ("    value = 0\n", "    value = 0\n    answer[0] = 1 - answer[0]\n", "objective, compiled,: changes the answer"),
    ("int(numbers[1]), np", "str(numbers[1]), np", "error tools.py: read_case: element 0 is a str"),
    ("np.ascontiguousarray(pairs[:, 0])", "pairs[:, 0]", "element 1 is an array of int64, not C-contiguous"),
    ('"minimum": 0,', '"minimum": size + 1,', "error tools.py: answer_space: must have minimum <= maximum <= size"),
    ('"kind": "subset"', '"kind": "subsets"', "error tools.py: answer_space: 'kind' must be one of"),
]


def without_arrays(folder: Path) -> Path:
    """Take the array level out, whose compilation would take most of the time."""
    text = (folder / "tools.py").read_text()
    (folder / "tools.py").write_text(text.replace("answer_space", "space").replace("write_answer", "write"))
    return folder


@pytest.mark.parametrize(("old", "new", "message"), TEXT_FAULTS)
def test_a_fault_in_cases_or_judging_is_found(spoil: Callable[..., Path], old: str, new: str, message: str) -> None:
    findings = told(check(without_arrays(spoil(old, new)), outputs=120))
    assert [line for line in findings if re.search(message, line)], findings


@pytest.mark.parametrize(("old", "new", "message"), ARRAY_FAULTS)
def test_a_fault_in_the_array_level_is_found(spoil: Callable[..., Path], old: str, new: str, message: str) -> None:
    findings = told(check(spoil(old, new), outputs=0))
    assert [line for line in findings if re.search(message, line)], findings


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("def score(case, output):\n", "warning tools.py: score: takes .* ms a case, more than 20 ms"),
        ("def generate(seed):\n", "warning tools.py: generate: takes .* ms a case, more than 50 ms"),
    ],
)
def test_slow_tools_are_told(spoil: Callable[..., Path], function: str, message: str) -> None:
    folder = without_arrays(spoil(function, f"{function}    __import__('time').sleep(0.06)\n"))
    findings = told(check(folder, outputs=0))
    assert [line for line in findings if re.search(message, line)], findings


def test_cases_that_are_not_the_contests_are_found_by_their_seeds(spoil: Callable[..., Path]) -> None:
    folder = without_arrays(spoil("", ""))
    problem = load_problem(folder)
    with open_tools(problem) as tools:
        right = [case_hash(tools.generate(seed).replace("\n", " \n\n")) for seed in range(3)]
    lines = ["# from the contest", "seed,sha256", f"0,{right[0]}", f"1,{right[2]}", f"2,{right[1]}", f"7,{right[0]}"]
    (folder / "case_hashes.csv").write_text("\n".join(lines) + "\n")
    some = check_problem(problem, seeds=range(2), outputs=0, rng=np.random.default_rng(5))
    every = check_problem(problem, seeds=range(2), outputs=0, rng=np.random.default_rng(5), all_hashes=True)
    assert some.hashes == 2 and every.hashes == 4
    assert "for 1 of 2 seeds: 1" in str(told(list(some.findings)))
    assert "for 3 of 4 seeds: 1, 2, 7" in str(told(list(every.findings)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,abc\n", "the first line must be seed,sha256"),
        ("seed,sha256\n0,abc\n", "line 2: must be a seed and 64 hexadecimal digits, but it is '0,abc'"),
        (f"seed,sha256\n\n0,{'0' * 64}\n0,{'0' * 64}\n", "line 4: seed 0 is there already"),
        (f"seed,sha256\n²,{'0' * 64}\n", "line 2: must be a seed"),
    ],
)
def test_a_bad_file_of_hashes_is_found(spoil: Callable[..., Path], text: str, message: str) -> None:
    folder = without_arrays(spoil("", ""))
    (folder / "case_hashes.csv").write_text(text)
    findings = told(check(folder, outputs=0))
    assert [line for line in findings if message in line], findings


def test_the_times_of_the_tools_are_measured(spoil: Callable[..., Path]) -> None:
    folder = without_arrays(spoil("def generate(seed):\n", "def generate(seed):\n    __import__('time').sleep(0.01)\n"))
    report = check_problem(load_problem(folder), seeds=range(2), outputs=0, rng=np.random.default_rng(5))
    assert report.generate_seconds is not None and 0.01 <= report.generate_seconds < 0.05
    assert report.score_seconds is not None and 0 < report.score_seconds < 0.05


def test_a_missing_section_is_found(spoil: Callable[..., Path]) -> None:
    folder = spoil("## Input Generation", "## How inputs come about", file="statement.md")
    assert quiet(check(without_arrays(folder))) == ["error statement.md: has no section 'Input Generation'"]


def test_a_missing_statement_is_found(spoil: Callable[..., Path]) -> None:
    folder = spoil("", "", file="statement.md")
    (folder / "statement.md").unlink()
    assert quiet(check(without_arrays(folder))) == ["error statement.md: is missing"]


def test_a_refused_sample_is_found(spoil: Callable[..., Path]) -> None:
    folder = spoil("2\n1 3", "2\n1 1", file="samples/0000.out")
    findings = quiet(check(without_arrays(folder)))
    assert findings[0] == "error samples/0000: its output is refused: an item is taken twice"


def test_a_stale_input_of_an_interactive_sample_is_named(spoil: Callable[..., Path]) -> None:
    folder = spoil("654321", "654321 7", file="samples/0000.in", interactive=True)
    findings = quiet(check(folder))
    assert len(findings) == 1 and findings[0].startswith("error samples/0000.in: the judge cannot read it: invalid")


def test_an_output_that_ends_too_early_is_not_blamed_on_the_input(spoil: Callable[..., Path]) -> None:
    folder = spoil("654321\n", "", file="samples/0000.out", interactive=True)
    assert "error samples/0000: its output is refused: the output ends before the judge is done" in told(check(folder))


UNSTEADY = [
    ('"higher\\n"', "f\"higher {__import__('time').perf_counter()}\\n\""),
    ("return MAX_GUESSES + 1 - turn", "return np.random.rand()"),
    ("solver.send(f", "solver.send(f'{hash(\"salt\")} ' f"),
    (
        "solver.send(f",
        "RNG = np.random.__dict__.setdefault('mine', np.random.default_rng(1)); solver.send(f'{RNG.random()}' f",
    ),
]


@pytest.mark.parametrize(("old", "new"), UNSTEADY, ids=["clock", "verdict", "process", "state"])
def test_a_judge_that_does_not_repeat_itself_is_found(spoil: Callable[..., Path], old: str, new: str) -> None:
    findings = told(check(spoil(old, new, interactive=True)))
    assert [line for line in findings if "does not play the dialogue of samples/0000 twice the same" in line], findings


def test_a_statement_that_is_still_the_stub_beside_other_cases_is_found(spoil: Callable[..., Path]) -> None:
    folder = without_arrays(spoil("rng.integers(20, 41)", "rng.integers(20, 31)"))
    assert quiet(check(folder)) == [
        "error statement.md: is still the text that 'problem new' writes, but tools.py makes other cases"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Time limit: 2 s", "Time limit: 5 s", "warning .*says a time limit of 5 s .*problem.toml has time_limit = 2$"),
        ("1024 MB", "256 MB", "warning .*says a memory limit of 256 MB .* has memory_limit_mb = 1024"),
        ("More is better", "Less is better", "warning .*reads as if less were better, .* objective = 'maximize'"),
        ("\n9 12\n", "\n9 13\n", "warning .*sample input 1 differs from samples/0000.in in line 3: '9 13' is '9 12'"),
        ("\n1 3\n", "\n1 4\n", "warning .*sample output 1 differs from samples/0000.out in line 2: '1 4' is '1 3'"),
    ],
)
def test_a_statement_that_contradicts_its_folder_is_found(
    spoil: Callable[..., Path], old: str, new: str, message: str
) -> None:
    findings = quiet(check(without_arrays(spoil(old, new, file="statement.md")), outputs=0))
    assert len(findings) == 1 and re.search(message, findings[0]), findings


def test_a_shortened_sample_of_the_statement_is_compared_by_what_it_shows(spoil: Callable[..., Path]) -> None:
    folder = without_arrays(spoil("9 12\n4 3\n11 16\n", "...\n11 16\n", file="statement.md"))
    assert quiet(check(folder, outputs=0)) == []


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        ("1 2\n...\n5\n", None),
        ("1 ...\n3\n4\n5\n", None),
        ("1  2\n\n3\n4\n5", None),
        ("1 2\n...\n6\n", 3),
        ("1 3 ...\n3\n4\n5\n", 1),
        ("1 2\n3\n4\n", 4),
        ("1 2\n3\n4\n5\n6\n", 5),
    ],
)
def test_a_shown_text_differs_in_its_first_line_that_is_another(shown: str, line: int | None) -> None:
    found = difference(shown, "1 2\n3\n4\n5\n")
    assert (None if found is None else found.line) == line


def test_a_row_of_dots_that_is_there_leaves_nothing_out() -> None:
    assert difference("....\n1\n9\n", "....\n1\n2\n3\n9\n") is not None


def test_a_shown_dialogue_is_compared_with_what_the_judge_sends(spoil: Callable[..., Path]) -> None:
    folder = spoil("higher\nlower\n", "higher\nhigher\n", file="statement.md", interactive=True)
    assert quiet(check(folder)) == [
        "warning statement.md: sample input 1 differs from what the judge sends in the dialogue of samples/0000 in line 3: "
        "'higher' is 'lower' there"
    ]


def test_a_part_of_a_dialogue_is_not_compared(spoil: Callable[..., Path]) -> None:
    folder = spoil("lower\ncorrect\n", "", file="statement.md", interactive=True)
    text = (folder / "statement.md").read_text()
    (folder / "statement.md").write_text(text.replace("750000\n654321\n", ""))
    assert quiet(check(folder)) == []


def test_tools_that_cannot_be_imported_are_one_finding(spoil: Callable[..., Path]) -> None:
    folder = spoil("import numpy as np", "import numpy as np\nraise RuntimeError('not today')")
    findings = quiet(check(without_arrays(folder)))
    assert len(findings) == 1 and "cannot be imported: raised RuntimeError: not today" in findings[0]


def test_an_interactive_judge_that_breaks_on_garbage_is_found(spoil: Callable[..., Path]) -> None:
    folder = spoil(
        "    token = line.strip()\n    if not", "    token = line.strip()\n    if False and not", interactive=True
    )
    text = (folder / "tools.py").read_text().replace("int(token)", "{'1': 1}[token]")
    (folder / "tools.py").write_text(text)
    findings = told(check(folder))
    assert [line for line in findings if "with a solver that writes garbage: " in line and "KeyError" in line], findings


def test_an_interactive_judge_that_never_listens_is_found(spoil: Callable[..., Path]) -> None:
    folder = spoil("    hidden = int(case)\n    solver.send", "    return 1\n    solver.send", interactive=True)
    findings = told(check(folder))
    assert [line for line in findings if "a solver that stays silent gives it a score" in line], findings


def test_progress_is_told(tmp_path: Path) -> None:
    stages: list[str] = []
    problem = load_problem(create_problem(tmp_path / "new", "cards", interactive=True))
    check_problem(
        problem,
        seeds=range(2),
        outputs=10,
        rng=np.random.default_rng(0),
        progress=lambda stage, done, total: stages.append(stage) if 0 <= done < total else stages.append("wrong"),
    )
    assert list(dict.fromkeys(stages)) == [
        "cases", "samples", "dialogues", "pictures", "speed", "malformed outputs", "bad solvers",
    ]  # fmt: skip


def test_malformed_outputs_are_as_many_as_asked_and_the_same_for_one_seed() -> None:
    first = malformed_outputs(["3\n1 2 3\n"], 200, np.random.default_rng(1))
    assert len(first) == 200
    assert first == malformed_outputs(["3\n1 2 3\n"], 200, np.random.default_rng(1))
    assert first != malformed_outputs(["3\n1 2 3\n"], 200, np.random.default_rng(2))


SPACES = [
    {"kind": "permutation", "size": 5},
    {"kind": "integers", "low": np.array([-3, 0, -(2**62)]), "high": np.array([3, 0, 2**62])},
    {"kind": "subset", "size": 6, "minimum": 2, "maximum": 3},
    {"kind": "sequence", "symbols": 3, "minimum_length": 0, "maximum_length": 4},
]


@pytest.mark.parametrize("space", SPACES, ids=lambda space: space["kind"])
def test_random_answers_belong_to_their_space(space: dict[str, object]) -> None:
    assert complaint(space) is None
    rng = np.random.default_rng(3)
    for _ in range(200):
        answer = random_answer(space, rng)
        assert answer.dtype == np.int64 and answer.ndim == 1
        match space:
            case {"kind": "permutation", "size": size}:
                assert sorted(answer) == list(range(int(str(size))))
            case {"kind": "integers", "low": low, "high": high}:
                assert np.all(np.asarray(low) <= answer) and np.all(answer <= np.asarray(high))
            case {"kind": "subset"}:
                assert set(answer) <= {0, 1} and 2 <= answer.sum() <= 3 and answer.size == 6
            case _:
                assert set(answer) <= {0, 1, 2} and answer.size <= 4


@pytest.mark.parametrize(
    ("space", "message"),
    [
        (5, "must return a dict"),
        ({"kind": "tree"}, "'kind' must be one of"),
        ({"kind": ["permutation"]}, "'kind' must be one of"),
        ({"kind": "permutation", "size": 0}, "must not be empty"),
        ({"kind": "permutation", "size": 3.0}, "'size' must be a non-negative integer"),
        ({"kind": "permutation", "n": 3}, "has exactly the keys kind, size"),
        ({"kind": "integers", "low": [1], "high": [2]}, "'low' must be a 1-d integer array"),
        ({"kind": "integers", "low": np.array([1, 5]), "high": np.array([2, 4])}, "at 1 they are 5 and 4"),
        ({"kind": "integers", "low": np.array([1]), "high": np.array([2, 4])}, "they have 1 and 2"),
        ({"kind": "subset", "size": 3, "minimum": 0, "maximum": 4}, "minimum <= maximum <= size"),
        ({"kind": "sequence", "symbols": 0, "minimum_length": 0, "maximum_length": 4}, "must not be empty"),
        ({"kind": "sequence", "symbols": 2, "minimum_length": 5, "maximum_length": 4}, "minimum_length <= maximum"),
    ],
)
def test_a_malformed_answer_space_is_described(space: object, message: str) -> None:
    assert message in str(complaint(space))
