"""Official command-line tools: real executables, built here, that follow AtCoder's conventions."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ale_agent.errors import ProblemError, ToolsError
from ale_agent.problem import (
    Case,
    InvalidAnswerError,
    Problem,
    SolverGoneError,
    SolverSilentError,
    load_problem,
    open_tools,
)
from ale_agent.problem.check import check_problem
from ale_agent.problem.command import CommandToolsHost

GCC = shutil.which("gcc")
pytestmark = pytest.mark.skipif(GCC is None, reason="needs gcc")

# gen SEEDS --dir DIR: one case "N" a seed; seed 666 makes it fail, 777 makes it hang.
GEN = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
    const char *dir = "in";
    for (int i = 2; i + 1 < argc; i++) if (!strcmp(argv[i], "--dir")) dir = argv[i + 1];
    FILE *seeds = fopen(argv[1], "r");
    unsigned long long seed;
    for (int i = 0; fscanf(seeds, "%llu", &seed) == 1; i++) {
        if (seed == 666) { fprintf(stderr, "no such seed\n"); return 1; }
        if (seed == 777) sleep(100);
        char name[4096];
        snprintf(name, sizeof name, "%s/%04d.txt", dir, i);
        FILE *out = fopen(name, "w");
        fprintf(out, "%llu\n", seed % 1000 + 2);
        fclose(out);
    }
}
"""

# vis INPUT OUTPUT: the output is one number from 1 to N, which is the score; leaves vis.html where it runs.
VIS = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (argc < 3) { fprintf(stderr, "Usage: vis INPUT OUTPUT\n"); return 2; }
    long n, x;
    FILE *in = fopen(argv[1], "r"), *out = fopen(argv[2], "r");
    if (fscanf(in, "%ld", &n) != 1) abort();
    if (fscanf(out, "%ld", &x) != 1) { fprintf(stderr, "panicked at parse error\n"); return 101; }
    if (x == 4242) sleep(100);
    if (x == 4343) abort();
    if (x == 4444) return 0;
    if (x < 1 || x > n) { printf("Score = 0\n"); fprintf(stderr, "out of range: %ld\n", x); return 0; }
    FILE *html = fopen("vis.html", "w");
    fprintf(html, "<html><body><svg xmlns=\"http://www.w3.org/2000/svg\"><text>%ld</text></svg></body></html>", x);
    fclose(html);
    printf("Score = %ld\n", x);
}
"""

# tester COMMAND...: guess the number on its stdin; runs the solver itself, echoes what it says on stdout.
TESTER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
    long hidden, x;
    if (argc < 2) { fprintf(stderr, "Usage: tester COMMAND\n"); return 2; }
    if (scanf("%ld", &hidden) != 1) { fprintf(stderr, "bad case\n"); return 1; }
    if (hidden == 13) { fprintf(stderr, "I do not like this case\n"); return 3; }
    int to[2], from[2];
    if (pipe(to) || pipe(from)) abort();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(to[0], 0); dup2(from[1], 1);
        close(to[0]); close(to[1]); close(from[0]); close(from[1]);
        execvp(argv[1], argv + 1);
        perror("exec"); _exit(127);
    }
    close(to[0]); close(from[1]);
    FILE *say = fdopen(to[1], "w"), *hear = fdopen(from[0], "r");
    fprintf(say, "1000\n"); fflush(say);
    char line[1 << 16];
    for (int turn = 1; turn <= 50; turn++) {
        if (!fgets(line, sizeof line, hear)) { fprintf(stderr, "the solver ended\n"); return 1; }
        fputs(line, stdout);
        if (sscanf(line, "%ld", &x) != 1) { fprintf(stderr, "not a number in turn %d\nScore = 0\n", turn); return 0; }
        if (hidden == 99) for (;;) {}
        if (x == hidden) {
            fprintf(say, "correct\n"); fflush(say);
            waitpid(pid, NULL, 0);
            fprintf(stderr, "Score = %d\n", 51 - turn);
            return 0;
        }
        fprintf(say, x < hidden ? "higher\n" : "lower\n"); fflush(say);
    }
    fprintf(stderr, "Score = 0\ntoo many guesses\n");
    return 0;
}
"""

HEAD = """
id = "{id}"
title = "Tools"
objective = "maximize"
scoring = "absolute"
interactive = {interactive}
time_limit = 2.0
memory_limit_mb = 1024

[tools]
kind = "command"
"""
BATCH = HEAD.format(id="batch", interactive="false") + (
    'generate = ["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]\nscore = ["tools/vis", "{input}", "{output}"]\n'
)
GAME = HEAD.format(id="game", interactive="true") + (
    'generate = ["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]\ninteract = ["tools/tester", "{solver}"]\n'
)


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    for name, source in (("gen", GEN), ("vis", VIS), ("tester", TESTER)):
        (folder / f"{name}.c").write_text(source)
        subprocess.run(["gcc", "-O1", "-w", "-o", folder / name, folder / f"{name}.c"], check=True, timeout=120)
    return folder


@pytest.fixture
def lay_out(binaries: Path, tmp_path: Path) -> Callable[[str], Problem]:
    def make(toml: str, **case_files: str) -> Problem:
        folder = tmp_path / "my problem"
        (folder / "tools" / "in").mkdir(parents=True)
        for name in ("gen", "vis", "tester"):
            shutil.copy(binaries / name, folder / "tools" / name)
        for name, text in case_files.items():
            (folder / "tools" / "in" / f"{name.removeprefix('c')}.txt").write_text(text)
        (folder / "problem.toml").write_text(toml)
        return load_problem(folder)

    return make


@pytest.fixture
def batch(lay_out: Callable[[str], Problem]) -> Iterator[CommandToolsHost]:
    with CommandToolsHost(lay_out(BATCH), timeout_seconds=10) as tools:
        yield tools


@pytest.fixture
def game(lay_out: Callable[[str], Problem]) -> Iterator[CommandToolsHost]:
    with CommandToolsHost(lay_out(GAME), timeout_seconds=10) as tools:
        yield tools


Behaviour = Callable[[int, int], None]


def converse(tools: CommandToolsHost, hidden: int, behaviour: Behaviour, wall_seconds: float = 20.0) -> float:
    """Judge a solver that a thread plays with its input and output."""
    solver_in, judge_out = os.pipe()
    judge_in, solver_out = os.pipe()

    def live() -> None:
        try:
            behaviour(solver_in, solver_out)
        except OSError:
            pass
        finally:
            os.close(solver_in)
            os.close(solver_out)

    thread = threading.Thread(target=live)
    thread.start()
    try:
        return tools.interact(Case(0, f"{hidden}\n"), judge_in, judge_out, wall_seconds=wall_seconds)
    finally:
        thread.join(20)
        assert not thread.is_alive()


def bisect(read_fd: int, write_fd: int) -> None:
    with os.fdopen(os.dup(read_fd)) as hear, os.fdopen(os.dup(write_fd), "w") as say:
        low, high = 1, int(hear.readline())
        while True:
            guess = (low + high) // 2
            print(guess, file=say, flush=True)
            match hear.readline().strip():
                case "higher":
                    low = guess + 1
                case "lower":
                    high = guess - 1
                case _:
                    return


def listen(read_fd: int, write_fd: int) -> None:
    while os.read(read_fd, 4096):
        pass


def test_open_tools_gives_the_command_host(lay_out: Callable[[str], Problem]) -> None:
    with open_tools(lay_out(BATCH)) as tools:
        assert tools.generate(5) == "7\n"


def test_generates_many_cases_in_one_run(batch: CommandToolsHost) -> None:
    assert batch.generate_batch([3, 1, 3, 40]) == ["5\n", "3\n", "5\n", "42\n"]


def test_a_generated_case_is_remembered(batch: CommandToolsHost, tmp_path: Path) -> None:
    first = batch.generate(8)
    (tmp_path / "my problem" / "tools" / "gen").unlink()
    assert batch.generate(8) == first


def test_generator_that_writes_into_the_folder_where_it_runs(lay_out: Callable[[str], Problem]) -> None:
    toml = BATCH.replace(
        '["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]', '["/bin/sh", "old.sh", "{seeds_file}"]'
    )
    problem = lay_out(toml)
    (problem.folder / "old.sh").write_text(f'mkdir in; exec "{problem.folder}/tools/gen" "$1"\n')
    with CommandToolsHost(problem) as tools:
        assert tools.generate(5) == "7\n"


def test_generator_of_one_seed_that_prints_its_case(lay_out: Callable[[str], Problem]) -> None:
    toml = BATCH.replace('["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]', '["/bin/echo", "case", "{seed}"]')
    with CommandToolsHost(lay_out(toml)) as tools:
        assert tools.generate(5) == "case 5\n"


def test_a_failing_generator_is_told_in_its_own_words(batch: CommandToolsHost) -> None:
    with pytest.raises(ToolsError, match=r"seed 666.*status 1.*no such seed"):
        batch.generate(666)


def test_a_hanging_generator_is_stopped(lay_out: Callable[[str], Problem]) -> None:
    with CommandToolsHost(lay_out(BATCH), timeout_seconds=0.3) as tools:
        with pytest.raises(ToolsError, match=r"generate .*seed 777: ran longer than 0.3 s"):
            tools.generate(777)
        assert tools.generate(5) == "7\n"


def test_a_tool_that_is_not_there_is_named(lay_out: Callable[[str], Problem]) -> None:
    with (
        CommandToolsHost(lay_out(BATCH.replace("tools/vis", "tools/score"))) as tools,
        pytest.raises(ToolsError, match=r"tools/score cannot be started: No such file"),
    ):
        tools.score(Case(0, "9\n"), "3\n")


def test_ready_made_cases_come_before_the_generator(lay_out: Callable[..., Problem]) -> None:
    problem = lay_out(BATCH + 'cases = "tools/in"\n', c0004="99\n")
    with CommandToolsHost(problem) as tools:
        assert (tools.generate(4), tools.generate(5)) == ("99\n", "7\n")
    assert problem.case_seeds_available is None


def test_without_a_generator_only_the_ready_made_cases_exist(lay_out: Callable[..., Problem]) -> None:
    toml = BATCH.replace('generate = ["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]', 'cases = "tools/in"')
    problem = lay_out(toml, c0004="99\n", c0010="5\n")
    assert problem.case_seeds_available == (4, 10)
    with CommandToolsHost(problem) as tools, pytest.raises(ToolsError, match=r"no case 0005.*2 cases, 4 to 10"):
        tools.generate(5)


def test_a_case_folder_that_is_empty_is_refused(lay_out: Callable[[str], Problem]) -> None:
    toml = BATCH.replace('generate = ["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]', 'cases = "tools/in"')
    with pytest.raises(ProblemError, match=r"'tools.cases'.*holds none"):
        lay_out(toml)


def test_scores_an_output(batch: CommandToolsHost) -> None:
    assert batch.score(Case(0, "9\n"), "3\n") == 3.0


def test_score_zero_with_a_reason_is_an_invalid_answer(batch: CommandToolsHost) -> None:
    with pytest.raises(InvalidAnswerError, match="out of range: 77"):
        batch.score(Case(0, "9\n"), "77\n")


def test_a_tool_that_fails_on_an_output_blames_the_output(batch: CommandToolsHost) -> None:
    with pytest.raises(InvalidAnswerError, match="parse error"):
        batch.score(Case(0, "9\n"), "nonsense\n")


def test_a_judge_that_hangs_is_not_the_answers_fault(lay_out: Callable[[str], Problem]) -> None:
    with (
        CommandToolsHost(lay_out(BATCH), timeout_seconds=0.3) as tools,
        pytest.raises(ToolsError, match=r"score .*seed 12: ran longer than 0.3 s"),
    ):
        tools.score(Case(12, "9\n"), "4242\n")


def test_a_judge_that_crashes_is_not_the_answers_fault(batch: CommandToolsHost) -> None:
    with pytest.raises(ToolsError, match="was killed by SIGABRT"):
        batch.score(Case(0, "9\n"), "4343\n")


def test_a_judge_without_a_score_or_a_reason_is_broken(batch: CommandToolsHost) -> None:
    with pytest.raises(ToolsError, match="printed no line 'Score = N'"):
        batch.score(Case(0, "9\n"), "4444\n")


def test_a_judge_that_is_misused_is_not_the_answers_fault(lay_out: Callable[[str], Problem]) -> None:
    toml = BATCH.replace(
        '["tools/vis", "{input}", "{output}"]', '["/bin/sh", "-c", "echo Usage: x; exit 2", "{input}{output}"]'
    )
    with CommandToolsHost(lay_out(toml)) as tools, pytest.raises(ToolsError, match="misused"):
        tools.score(Case(0, "9\n"), "3\n")


def test_the_picture_is_taken_from_the_page_that_the_tool_leaves(batch: CommandToolsHost) -> None:
    picture = batch.draw(Case(0, "9\n"), "3\n")
    assert picture == '<svg xmlns="http://www.w3.org/2000/svg"><text>3</text></svg>'


def test_the_tools_see_no_environment_of_ours(
    lay_out: Callable[[str], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    toml = BATCH.replace(
        '["tools/gen", "{seeds_file}", "--dir", "{case_dir}"]', '["/bin/sh", "-c", "env; echo {seed}"]'
    )
    with CommandToolsHost(lay_out(toml)) as tools:
        assert "secret" not in tools.generate(5)


def test_a_tester_plays_with_a_solver_that_it_did_not_start(game: CommandToolsHost) -> None:
    assert converse(game, 500, bisect) == 50.0
    assert converse(game, 750, bisect) == 49.0
    assert game.last_output == "500\n750\n"


def test_a_tester_that_waits_for_its_solver_ends_soon(game: CommandToolsHost) -> None:
    started = time.monotonic()
    converse(game, 500, bisect)
    assert time.monotonic() - started < 5


def test_a_solver_that_quits_is_gone(game: CommandToolsHost) -> None:
    with pytest.raises(SolverGoneError, match="the solver ended"):
        converse(game, 500, lambda read_fd, write_fd: None)


def test_a_solver_that_stays_silent_is_told_so(game: CommandToolsHost) -> None:
    started = time.monotonic()
    with pytest.raises(SolverSilentError, match=r"0.5 s"):
        converse(game, 500, listen, wall_seconds=0.5)
    assert time.monotonic() - started < 8


def test_a_solver_that_falls_silent_after_some_lines_is_told_so(game: CommandToolsHost) -> None:
    def start_well(read_fd: int, write_fd: int) -> None:
        os.write(write_fd, b"1\n2\n3\n")
        listen(read_fd, write_fd)

    with pytest.raises(SolverSilentError):
        converse(game, 500, start_well, wall_seconds=0.5)


def test_a_solver_that_writes_garbage_is_wrong(game: CommandToolsHost) -> None:
    def babble(read_fd: int, write_fd: int) -> None:
        os.write(write_fd, b"7\nwhat?\n")
        listen(read_fd, write_fd)

    with pytest.raises(InvalidAnswerError, match="not a number in turn 2"):
        converse(game, 500, babble)


def test_a_solver_that_floods_is_stopped(game: CommandToolsHost) -> None:
    def flood(read_fd: int, write_fd: int) -> None:
        while True:
            os.write(write_fd, b"7" * 65536)

    with pytest.raises(InvalidAnswerError, match=r"floods|not a number|too many"):
        converse(game, 500, flood)


def test_a_solver_cannot_print_its_own_score(game: CommandToolsHost) -> None:
    def cheat(read_fd: int, write_fd: int) -> None:
        os.write(write_fd, b"Score = 1000000\n")
        listen(read_fd, write_fd)

    with pytest.raises(InvalidAnswerError, match="not a number"):
        converse(game, 500, cheat)


def test_a_tester_that_hangs_is_not_the_solvers_fault(lay_out: Callable[[str], Problem]) -> None:
    with (
        CommandToolsHost(lay_out(GAME), timeout_seconds=1.0) as tools,
        pytest.raises(ToolsError, match="took longer than 1 s itself"),
    ):
        converse(tools, 99, bisect, wall_seconds=30)


def test_a_tester_that_starts_no_solver_is_broken(game: CommandToolsHost) -> None:
    with pytest.raises(ToolsError, match=r"status 3 before it had started its solver: I do not like this case"):
        converse(game, 13, listen)


def test_a_recorded_conversation_is_judged_again(game: CommandToolsHost) -> None:
    assert game.score(Case(0, "750\n"), "500\n750\n") == 49.0


def test_nothing_is_left_behind(game: CommandToolsHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    converse(game, 500, bisect)
    before = os.listdir("/proc/self/fd")
    converse(game, 500, bisect)
    game.close()
    assert len(os.listdir("/proc/self/fd")) == len(before)
    assert not list((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize("toml", [BATCH, GAME], ids=["batch", "interactive"])
def test_the_whole_check_runs_on_command_tools(lay_out: Callable[..., Problem], toml: str) -> None:
    problem = lay_out(toml)
    report = check_problem(problem, seeds=range(3), outputs=30, rng=np.random.default_rng(1))
    assert [finding for finding in report.findings if finding.severity == "error"] == []
