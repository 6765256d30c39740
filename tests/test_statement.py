"""The statement reader: what it understands of each kind of file, and what it refuses."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ale_agent.errors import StatementError
from ale_agent.statement import Features, Statement, parse_statement, read_statement, summary_lines
from ale_agent.statement.features import guess_archetypes
from ale_agent.statement.limits import find_memory_limits, find_sizes, find_time_limits
from ale_agent.statement.match import read_by_schema
from ale_agent.statement.mathtext import evaluate, plain_math
from ale_agent.statement.schema import parse_schema

PAGE = r"""
<!DOCTYPE html><html><head><title>A - Lantern Placement</title><script>var x="<h3>no</h3>";</script><style>p{}</style></head>
<body><nav><a href="#">Home</a><p>Memory Limit: 3 MB</p></nav>
<div id="main-container"><div class="row"><span class="h2">A - Lantern Placement <a class="btn">Editorial</a></span>
<p>Time Limit: 4 sec / Memory Limit: 1024 MB</p>
<div id="task-statement"><span class="lang">
<span class="lang-ja"><div class="part"><section><h3>問題文</h3><p><var>N</var> 個の街灯を置く。</p></section></div>
<div class="part"><section><h3>入力</h3><pre><var>N</var></pre></section></div></span>
<span class="lang-en">
<div class="part"><section><h3>Problem Statement</h3><p>There is a grid of <var>N \times N</var> squares. Square <var><span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>i</mi></mrow><annotation encoding="application/x-tex">(i,j)</annotation></semantics></math></span><span class="katex-html" aria-hidden="true"><span>(</span><span>i</span><span>,</span></span></span></var> has brightness. Put lanterns on some squares.</p></section></div>
<div class="part"><section><h3>Scoring</h3><p>The score of a case is <var>\mathrm{round}(10^6 \times S)</var>. The higher the score, the better.</p></section></div>
<div class="io-style"><div class="part"><section><h3>Input</h3><p>Input is given from Standard Input in the following format:</p>
<pre><var>N</var> <var>M</var>
<var>h_{0,0}</var> <var>h_{0,1}</var> <var>\ldots</var> <var>h_{0,N-1}</var>
<var>\vdots</var>
<var>h_{N-1,0}</var> <var>h_{N-1,1}</var> <var>\ldots</var> <var>h_{N-1,N-1}</var>
<var>S_1</var>
<var>\vdots</var>
<var>S_M</var>
</pre></section></div>
<div class="part"><section><h3>Output</h3><pre><var>K</var>
<var>x_1</var> <var>y_1</var>
<var>\vdots</var>
<var>x_K</var> <var>y_K</var>
</pre></section></div></div>
<div class="part"><section><h3>Constraints</h3><ul><li><var>10 \leq N \leq 30</var></li><li><var>1 \leq M \leq 2\times 10^3</var></li><li><var>0 \leq h_{i,j} &lt; N</var></li></ul></section></div>
<div class="part"><section><h3>Sample Input 1 <span class="btn btn-copy">Copy</span></h3><pre>2 3
0 1
1 0
ab
c
dd
</pre></section></div>
<div class="part"><section><h3>Sample Output 1</h3><pre>1
0 1
</pre></section></div>
</span></span></div></div></div><footer><p>Time Limit: 9 sec</p></footer></body></html>
"""  # noqa: E501

JUDGE_PAGE = r"""<html><head><title>Problem - C - Judge</title></head><body><div class="problem-statement"><div class="header"><div class="title">C. Parcel Sorting</div><div class="time-limit"><div class="property-title">time limit per test</div>1.5 seconds</div><div class="memory-limit"><div class="property-title">memory limit per test</div>256 megabytes</div></div>
<div><p>A clerk has n parcels. Find a permutation of the parcels that minimizes the total walking distance of the tour.</p></div>
<div class="input-specification"><div class="section-title">Input</div><p>The first line has n (1 &le; n &le; 10<sup>5</sup>). Then n numbers a<sub>i</sub>.</p></div>
<div class="output-specification"><div class="section-title">Output</div><p>Print the permutation.</p></div>
<div class="sample-tests"><div class="section-title">Examples</div><div class="sample-test"><div class="input"><div class="title">Input</div><pre>3<br>1 2 3<br></pre></div><div class="output"><div class="title">Output</div><pre>1 2 3</pre></div></div></div></div></body></html>
"""  # noqa: E501

PLAIN = """Balanced Rowing

Time limit: 1500 ms    Memory limit: 1 GiB

PROBLEM
There are N rowers with strengths. Assign each of them to one of M boats such that the boats are as equal
as possible. The variance is to be minimized.

Input:
  N M
  w_1 w_2 ... w_N

Output:
  b_1
  b_2
  :
  b_N

CONSTRAINTS
N = 200, 2 <= M <= 10
1 <= w_i <= 1,000

Sample Input 1:
3 2
5 6 7

Sample Output 1:
1
2
1
"""

MARKDOWN = """# Lantern Walk

Time limit: 2 s / Memory limit: 1024 MB

## Problem

A walker visits $N$ lanterns on a tour, each exactly once. This is a traveling salesman's route.

## Scoring

The shorter, the better.

## Input

```
N
x_1 y_1
...
x_N y_N
```

## Output

```
p_1 p_2 ... p_N
```

## Constraints

- $N = 200$
- $0 <= x_i, y_i < 1000$

## Sample

### Sample input 1

```
2
0 1
5 6
```

### Sample output 1

```
2 1
```
"""

BUNDLED = sorted((Path(__file__).parents[1] / "problems").glob("*/statement.md"))


@pytest.fixture(scope="module")
def page() -> Statement:
    return parse_statement(PAGE)


def test_markdown_gives_title_limits_and_verified_formats() -> None:
    statement = parse_statement(MARKDOWN)
    assert (statement.title, statement.kind) == ("Lantern Walk", "markdown")
    assert (statement.time_limit, statement.memory_limit_mb) == (2.0, 1024)
    assert statement.input_format is not None and statement.input_format.verified
    assert statement.output_format is not None and statement.output_format.verified
    assert statement.objective == "minimize" and not statement.interactive
    assert statement.samples[0].input == "2\n0 1\n5 6" and statement.samples[0].output == "2 1"
    assert statement.sizes["N"] == (200, 200) and statement.sizes["y"] == (0, 999)
    assert "routing_tsp" in statement.features.archetypes
    assert statement.features.answer_space == "permutation"


def test_saved_page_takes_english_and_collapses_rendered_formulas(page: Statement) -> None:
    assert page.kind == "html" and page.title == "Lantern Placement"
    assert "街灯" not in page.text and "aria" not in page.text
    assert page.text.count("(i,j)") == 1 and "Home" not in page.text and "<h3>" not in page.text


def test_saved_page_reads_limits_outside_the_statement_part(page: Statement) -> None:
    assert page.time_limit == 4.0 and page.memory_limit_mb == 1024


def test_saved_page_verifies_grid_and_string_rows(page: Statement) -> None:
    assert page.input_format is not None and page.input_format.verified
    assert page.input_format.names() == ("N", "M", "h", "S")
    assert page.sizes["M"] == (1, 2000) and page.sizes["h"] == (0, 29)


def test_japanese_page_is_read_when_there_is_no_other() -> None:
    only_japanese = PAGE.split('<span class="lang-en">')[0] + "</span></div>"
    assert "街灯" in parse_statement(only_japanese).text


def test_other_sites_page_gives_sample_and_limits() -> None:
    statement = parse_statement(JUDGE_PAGE)
    assert (statement.title, statement.time_limit, statement.memory_limit_mb) == ("Parcel Sorting", 1.5, 256)
    assert statement.samples[0].input == "3\n1 2 3" and statement.sizes["n"] == (1, 100000)
    assert "a_i" in statement.text


def test_plain_text_headings_are_found() -> None:
    statement = parse_statement(PLAIN)
    assert statement.kind == "text" and statement.title == "Balanced Rowing"
    assert statement.output_format is not None and statement.output_format.verified
    assert statement.time_limit == 1.5 and "number_partition" in statement.features.archetypes


def test_underlined_heading_in_plain_text() -> None:
    statement = parse_statement("Barn\n====\n\nFill it.\n\nInput\n-----\nN\n", "text")
    assert statement.title == "Barn" and statement.section("input") is not None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Time Limit: 2 sec / Memory Limit: 1024 MB", 2.0),
        ("Time limit: 2.0 s", 2.0),
        ("time limit per test\n1.5 seconds", 1.5),
        ("Time Limit: 2000 ms", 2.0),
        ("実行時間制限: 2 sec", 2.0),
        ("制限時間: 3秒", 3.0),
    ],
)
def test_time_limit_notations(text: str, seconds: float) -> None:
    assert find_time_limits(text) == [seconds]


@pytest.mark.parametrize(("text", "mebibytes"), [("Memory limit: 1 GiB", 1024), ("メモリ制限: 512 MB", 512)])
def test_memory_limit_notations(text: str, mebibytes: int) -> None:
    assert find_memory_limits(text) == [mebibytes]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("1 <= N <= 200", {"N": (1, 200)}),
        (r"$1 \le N \leq 2 \times 10^5$", {"N": (1, 200000)}),
        ("$N=50$", {"N": (50, 50)}),
        (r"$0 \le x_i < 10000$", {"x": (0, 9999)}),
        ("N = 20 or N = 50", {"N": (20, 50)}),
        ("2 ≤ N ≤ 10, 1 ≤ a_{i,j} ≤ N", {"N": (2, 10), "a": (1, 10)}),
        ("0 <= a, b < 1,000", {"a": (0, 999), "b": (0, 999)}),
    ],
)
def test_size_notations(text: str, sizes: dict[str, tuple[float, float]]) -> None:
    assert find_sizes(text) == sizes


@pytest.mark.parametrize(
    ("template", "sample"),
    [
        ("N M\na_1 a_2 \\ldots a_N", "3 9\n1 2 3"),
        ("a_{1,0} a_{1,1} \\ldots a_{1,5}", "1 2 3 4 5 6"),
        (
            "H W\nh_{0,0} h_{0,1} \\ldots h_{0,W-1}\n\\vdots\nh_{H-1,0} h_{H-1,1} \\ldots h_{H-1,W-1}",
            "2 3\n1 2 3\n4 5 6",
        ),
        ("N\nS_1\nS_2\n\\vdots\nS_N", "3\nab\ncd\nef"),
        ("N\nc_{1,1}c_{1,2}\\ldots c_{1,N}\n\\vdots\nc_{N,1}c_{N,2}\\ldots c_{N,N}", "2\n#.\n.#"),
        ("N\nk_1 v_{1,1} \\ldots v_{1,k_1}\n\\vdots\nk_N v_{N,1} \\ldots v_{N,k_N}", "2\n1 5\n3 1 2 3"),
        ("m r_1 r_2 ... r_m\nn x_1 y_1 x_2 y_2 ... x_n y_n", "2 4 5\n2 0 1 2 3"),
        ("b_{0,0}\nb_{1,0} b_{1,1}\n...\nb_{N-1,0} b_{N-1,1} ... b_{N-1,N-1}", "1\n2 3\n4 5 6"),
        ("n m\nb_1_1 b_1_2 ... b_1_{n/m}\n...\nb_m_1 b_m_2 ... b_m_{n/m}", "4 2\n1 2\n3 4"),
        ("\\sigma N", "0.5 3"),
    ],
)
def test_format_reads_its_sample_to_the_end(template: str, sample: str) -> None:
    schema = parse_schema(template)
    assert schema is not None
    assert read_by_schema(schema, sample)[0] is None


@pytest.mark.parametrize(
    ("template", "sample"),
    [
        ("N\na_1 a_2 \\ldots a_N", "3\n1 2"),
        ("N\na_0 a_1 \\ldots a_N", "3\n1 2 3"),
        ("N\nx_1 y_1\n\\vdots\nx_N y_N", "2\n1 1\n2 2\n3 3"),
        ("N M", "3"),
        ("N\na_{0,0} a_{0,1} \\ldots a_{0,N-1}\n\\vdots\na_{N-1,0} \\ldots a_{N-1,N-1}", "2\n1 2 3\n1 2 3"),
    ],
)
def test_format_refuses_a_sample_of_another_size(template: str, sample: str) -> None:
    schema = parse_schema(template)
    assert schema is None or read_by_schema(schema, sample)[0] is not None


def test_a_format_that_its_sample_contradicts_is_said_and_not_marked_verified() -> None:
    statement = parse_statement(MARKDOWN.replace("5 6\n", "5 6\n7 8\n"))
    assert statement.input_format is not None and not statement.input_format.verified
    assert any("input format" in line for line in statement.not_understood)


def test_interactive_statement_is_seen() -> None:
    text = MARKDOWN + "\n## Interaction\n\nAfter each output flush; the judge replies with a number.\n"
    assert parse_statement(text).interactive


def test_the_sample_of_an_interactive_statement_is_not_judged_as_one_output() -> None:
    text = MARKDOWN.replace("5 6\n", "5 6\n7 8\n") + "\n## Interaction\n\nThe judge replies with a number.\n"
    lines = [line for line in parse_statement(text).not_understood if "format" in line]
    assert lines and all(line.endswith("is not verified; the sample is a dialogue") for line in lines), lines


def test_an_interactive_statement_needs_no_format_of_a_whole_input() -> None:
    text = "# Guess\n\n## Interaction\n\nThe judge replies to each guess.\n"
    assert not any("format" in line for line in parse_statement(text).not_understood)


def test_a_block_that_is_not_understood_is_not_called_missing() -> None:
    statement = parse_statement("# Guess\n\n## Input\n\n```\nrow 0, N letters\n```\n", "markdown")
    lines = [line for line in statement.not_understood if "input format" in line]
    assert lines == ["input format: 'row 0, N letters' ... is not understood"]


def test_features_survive_json() -> None:
    features = parse_statement(MARKDOWN).features
    assert Features.from_json(json.loads(json.dumps(features.to_json()))) == features


def test_features_with_an_unknown_key_are_refused() -> None:
    with pytest.raises(StatementError, match="'colour'"):
        Features.from_json({"colour": 1})


def test_summary_says_what_is_missing() -> None:
    lines = summary_lines(parse_statement("Paint the fence well, with care."))
    assert any("not understood: time limit" in line for line in lines)


def test_same_content_has_the_same_id_whatever_the_line_ends() -> None:
    assert parse_statement(MARKDOWN).id == parse_statement(MARKDOWN.replace("\n", "\r\n")).id


@pytest.mark.skipif(not BUNDLED, reason="no bundled problems beside the tests")
@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.parent.name)
def test_bundled_statement_is_understood(path: Path) -> None:
    statement = read_statement(path)
    assert statement.title and statement.time_limit and statement.memory_limit_mb
    assert statement.objective is not None and statement.samples
    assert statement.features.archetypes


EXPECTED = {
    "ahc001": "packing_rectangles",
    "ahc006": "pickup_delivery",
    "ahc015": "interactive_stochastic",
    "ahc021": "puzzle_sorting",
    "ahc026": "puzzle_sorting",
    "flowshop": "scheduling",
}


@pytest.mark.parametrize(
    "path", [path for path in BUNDLED if path.parent.name in EXPECTED], ids=lambda p: p.parent.name
)
def test_bundled_statement_has_its_kind(path: Path) -> None:
    assert EXPECTED[path.parent.name] in read_statement(path).features.archetypes


@pytest.mark.parametrize(
    ("title", "archetype"),
    [("Online MST", "spanning_tree"), ("Food Delivery", "pickup_delivery"), ("Walking on Tiles", "grid_path")],
)
def test_a_title_alone_can_tell_the_kind(title: str, archetype: str) -> None:
    assert archetype in guess_archetypes(title, "", interactive=False)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"  \n\t ", "empty"),
        (b"abc\0def", "NUL"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04...", "ZIP"),
        (b"caf\xe9 \xff", "UTF-8"),
        (b"# a\n" * 2_000_000, "4 MiB"),
        (b"\n".join([b"a"] * 200_000), "lines"),
    ],
)
def test_bad_file_is_refused_with_its_path_and_the_rule(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "bad.md"
    path.write_bytes(data)
    with pytest.raises(StatementError, match=reason) as caught:
        read_statement(path)
    assert str(path) in str(caught.value)


def test_folder_and_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StatementError, match="folder"):
        read_statement(tmp_path)
    with pytest.raises(StatementError, match="does not exist"):
        read_statement(tmp_path / "none.md")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ja.md"
    path.write_bytes(
        "# 街灯のもんだい\n\n実行時間制限: 2 sec\n\nここにひらがなのせつめいがあります。\n".encode(encoding)
    )
    statement = read_statement(path)
    assert statement.title == "街灯のもんだい" and statement.time_limit == 2.0


@pytest.mark.parametrize(
    "text",
    [
        "<html>" + "<div>" * 100_000,
        "<html><body>" + "<sub>a</sub>" * 100_000,
        "<html>" + "<script>" * 4_000,
        "# a\n" * 99_000,
        "[a](" * 100_000,
        "1 <= N " * 100_000,
        "# T\n## Input\n```\n" + "a_1 ... " * 50_000 + "\n```\n",
        "a\n===\n" * 9_000,
        "<" * 500_000,
    ],
    ids=["nested", "tags", "scripts", "headings", "links", "chains", "template", "underlines", "angles"],
)
def test_hostile_text_is_read_or_refused_in_bounded_time(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(StatementError):
        parse_statement(text)
    assert time.process_time() - start < 8.0  # two seconds on an idle machine


_PIECES = st.sampled_from(
    [
        "# A\n",
        "## Input\n",
        "```\n",
        "N M\n",
        "a_1 ... a_N\n",
        ":\n",
        "<p>",
        "</pre>",
        "<pre>",
        "<h3>Input</h3>",
        "$",
        "\\",
        "1 <= N <= ",
        "Sample Input 1\n",
        "{",
        "}",
        "_",
        "^",
        "10",
        "<var>",
        "\n\n",
        "Time limit: ",
        "2 s",
        "\r",
        "===\n",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=6)), min_size=1, max_size=40).map("".join))
def test_any_text_is_a_statement_or_one_clear_error(text: str) -> None:
    for kind in ("markdown", "html", "text"):
        try:
            statement = parse_statement(text, kind)
        except StatementError:
            continue
        assert summary_lines(statement)
        assert json.loads(json.dumps(statement.to_json()))["id"] == statement.id


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_template_and_sample_are_compared_without_a_crash(template: str, sample: str) -> None:
    schema = parse_schema(template)
    if schema is not None:
        problem, values = read_by_schema(schema, sample)
        assert problem is None or problem
        assert all(isinstance(value, float) for value in values.values())


@given(st.text(alphabet="N0123456789+-*/^() .e,", max_size=30))
def test_any_expression_is_a_number_or_none(expression: str) -> None:
    value = evaluate(expression, {"N": 5.0})
    assert value is None or abs(value) < 1e31


def test_tex_is_replaced_by_what_it_means() -> None:
    assert plain_math(r"$\mathrm{abs}(x) \leq 2 \times N$").split() == ["abs(x)", "<=", "2", "*", "N"]
