"""The policies: what they ask for in a given situation, and that asking is a function of the situation alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from ale_agent.program import Program
from ale_agent.search.archive import Archive, Candidate, Status
from ale_agent.search.bandit import Record, cheapest_unit, choose
from ale_agent.search.policy import AsRecorded, BestOfN, DraftVaryTune, Policy, Situation
from ale_agent.search.standing import near_tie, positions, promises, ranks, stagnates, to_repair, trace
from ale_agent.search.tree import TreeSearch
from ale_agent.strategist.protocol import Kind, Proposal


class Story:
    """An archive that is told candidate by candidate."""

    def __init__(self) -> None:
        self.archive = Archive()

    def add(
        self,
        kind: Kind = "draft",
        *parents: Candidate,
        gain: float | None = None,
        failed: int = 0,
        better: bool = False,
        working_gain: float | None = None,
    ) -> Candidate:
        number = len(self.archive.candidates)
        program = Program.from_source(f"def main():\n    print({number})\n\n\nmain()\n")
        candidate = self.archive.add(
            Proposal(kind=kind, program=program, idea=str(number), parents=tuple(p.id for p in parents))
        )
        assert candidate is not None
        incumbent = self.archive.incumbent
        if incumbent is None and failed < 4:
            decided = replace(candidate, status="first", cases=4)
        elif incumbent is None or gain is None:
            decided = replace(candidate, status="failed", cases=4, failed=4)
        else:
            status: Status = "better" if better else "not_shown"
            decided = replace(
                candidate, status=status, gain=gain, gain_low=gain, gain_high=gain, scale="log_ratio", cases=8,
                against=incumbent.id, failed=failed,
                working_gain=gain if working_gain is None else working_gain,
            )  # fmt: skip
        self.archive.update(decided)
        if decided.status in ("first", "better"):
            self.archive.promote(decided)
        return decided

    def asked(self, policy: Policy, times: int = 60, **more: object) -> Counter[str]:
        found: Counter[str] = Counter()
        for k in range(times):
            request = policy.ask(Situation(self.archive, **more), np.random.default_rng(k))  # type: ignore[arg-type]
            assert request is not None
            found[request.step] += 1
        return found


ALL: list[Policy] = [DraftVaryTune(2), BestOfN(), TreeSearch(), AsRecorded((("draft", ()),) * 9)]


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: type(policy).__name__)
def test_an_empty_archive_asks_for_a_draft(policy: Policy) -> None:
    assert set(Story().asked(policy, 5)) == {"draft"}


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: type(policy).__name__)
def test_asking_is_a_function_of_the_situation_and_the_generator(policy: Policy) -> None:
    story = Story()
    first = story.add()
    story.add("refine", first, gain=0.01, better=True)
    np.random.seed(1)
    one = [policy.ask(Situation(story.archive), np.random.default_rng(k)) for k in range(20)]
    np.random.seed(2)
    assert one == [policy.ask(Situation(story.archive), np.random.default_rng(k)) for k in range(20)]


def test_the_tree_leaves_the_global_generator_as_it_was() -> None:
    story = Story()
    story.add()
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    story.asked(TreeSearch(), 3)
    assert np.random.random() == expected


def test_the_tree_goes_deeper_where_refining_pays() -> None:
    story = Story()
    best = story.add()
    for _ in range(4):
        story.add(gain=-0.1)
    for _ in range(6):
        best = story.add("refine", best, gain=0.02, better=True)
    asked = story.asked(TreeSearch())
    assert asked["refine"] > 2 * asked["draft"]


def test_the_tree_goes_wider_where_refining_is_in_vain() -> None:
    story = Story()
    first = story.add()
    for gain in (0.05, -0.04, 0.1, -0.02, 0.12):
        story.add(gain=gain, better=gain > 0)
    for _ in range(5):
        story.add("refine", first, gain=-0.3)
    asked = story.asked(TreeSearch())
    assert asked["draft"] > asked["refine"]


def test_a_lineage_out_of_reach_is_not_built_on() -> None:
    story = Story()
    weak = story.add()
    strong = story.add(gain=0.5, better=True)
    for _ in range(5):
        story.add("refine", strong, gain=-0.01)
    for k in range(40):
        request = TreeSearch().ask(Situation(story.archive), np.random.default_rng(k))
        assert weak.id not in [parent.id for parent in request.parents]


def test_a_draft_that_flops_makes_further_drafts_no_more_promising() -> None:
    asked = []
    for flop in (-0.05, -5.0):
        story = Story()
        first = story.add()
        for gain in (-0.01, -0.02, flop):
            story.add(gain=gain)
        story.add("refine", first, gain=0.005, better=True)
        asked.append(story.asked(TreeSearch(), 200)["draft"])
    assert abs(asked[0] - asked[1]) <= 10


def test_encodings_far_below_the_best_are_not_asked_for_again() -> None:
    story = Story()
    story.add()
    for gain in (0.01, -0.01, -0.02):
        story.add(gain=gain, better=gain > 0)
    for gain in (-0.5, -0.9):
        story.add("encode", gain=gain)
    asked = story.asked(TreeSearch(frozenset({"draft", "encode", "refine"})), 300)
    assert asked["encode"] == 0 < asked["draft"]


def test_recombining_takes_two_lineages() -> None:
    story = Story()
    one, two = story.add(), story.add(gain=-0.001)
    story.add(gain=-0.02)
    story.add(gain=-0.1)
    requests = [TreeSearch().ask(Situation(story.archive), np.random.default_rng(k)) for k in range(200)]
    joined = [request for request in requests if request.step == "recombine"]
    assert joined
    assert {frozenset(parent.id for parent in request.parents) for request in joined} == {frozenset((one.id, two.id))}


def test_a_failing_program_is_repaired_first_and_once() -> None:
    story = Story()
    story.add()
    broken = story.add(gain=0.3, failed=5)
    request = TreeSearch().ask(Situation(story.archive), np.random.default_rng(0))
    assert (request.step, [parent.id for parent in request.parents]) == ("repair", [broken.id])
    under_way = (("repair", (broken.id,)),)
    assert to_repair(story.archive, under_way) is None
    story.add("repair", broken, gain=0.1)
    assert to_repair(story.archive, ()) is None


def test_what_fails_and_is_bad_where_it_answers_is_not_repaired() -> None:
    story = Story()
    story.add()
    story.add(gain=-0.4, failed=2)
    assert to_repair(story.archive, ()) is None


def test_what_breaks_down_on_some_cases_and_is_good_on_the_others_is_repaired() -> None:
    story = Story()
    story.add()
    story.add(gain=-0.06, working_gain=-0.04)
    assert to_repair(story.archive, ()) is None
    broken = story.add(gain=-0.9, working_gain=0.02)
    assert to_repair(story.archive, ()) == broken


def test_what_breaks_down_on_some_cases_and_is_bad_on_the_others_is_not_repaired() -> None:
    story = Story()
    story.add()
    story.add(gain=-0.9, working_gain=-0.15)
    assert to_repair(story.archive, ()) is None


TUNED = 'PARAMETERS = {"heat": {"default": 1.0, "low": 0.1, "high": 9.0}}\n\n\ndef main():\n    print(%d)\n\n\nmain()\n'


def near_ties(*gains: float, genotype: str | None = None) -> tuple[Story, list[Candidate]]:
    """Return an archive whose incumbent is the first candidate, and the others, all with a constant to tune."""
    story, found = Story(), []
    for number, gain in enumerate((0.0, *gains)):
        proposal = Proposal(
            kind="draft", program=Program.from_source(TUNED % number), idea=str(number), genotype=genotype
        )
        candidate = story.archive.add(proposal)
        assert candidate is not None
        best = story.archive.incumbent
        if best is None:
            story.archive.promote(replace(candidate, status="first", cases=4))
        else:
            story.archive.update(replace(candidate, status="given_up", gain=gain, scale="log_ratio", against=best.id))
            found.append(candidate)
    assert story.archive.incumbent is not None
    story.archive.studied.add(story.archive.incumbent.program.id)
    return story, found


def test_where_the_best_cannot_be_varied_the_nearest_program_is_tuned() -> None:
    story, (_, near, _) = near_ties(-0.009, -0.002, -0.05)
    request = DraftVaryTune(0).ask(Situation(story.archive, fraction=0.5), np.random.default_rng(0))
    assert (request.step, [parent.id for parent in request.parents]) == ("tune", [near.id])


def test_a_near_program_is_tuned_once_and_one_far_off_never() -> None:
    story, (near, _) = near_ties(-0.002, -0.05)
    story.archive.studied.add(near.program.id)
    assert near_tie(story.archive) is None


def test_what_can_be_varied_is_varied() -> None:
    story, _ = near_ties(-0.002, genotype="{}")
    assert "tune" not in story.asked(DraftVaryTune(0), fraction=0.5)


def test_repairs_of_repairs_come_to_an_end() -> None:
    story = Story()
    current = story.add(failed=4)
    for _ in range(2):
        assert to_repair(story.archive, ()) == current
        current = story.add("repair", current, failed=4)
    assert to_repair(story.archive, ()) is None


def test_stagnation_forces_a_draft_once_in_a_while() -> None:
    story = Story()
    first = story.add()
    for _ in range(6):
        story.add("refine", first, gain=-0.01)
    request = TreeSearch().ask(Situation(story.archive, since_forced=100), np.random.default_rng(0))
    assert (request.step, request.forced) == ("draft", True)
    assert not stagnates(story.archive, since_forced=3)


def test_positions_add_up_along_the_incumbents() -> None:
    story = Story()
    first = story.add()
    second = story.add("refine", first, gain=0.1, better=True)
    third = story.add("refine", second, gain=-0.03)
    placed = positions(story.archive)
    assert [placed[c.id] for c in (first, second, third)] == pytest.approx([0.0, 0.1, 0.07])


def test_what_answers_nothing_has_no_position() -> None:
    story = Story()
    broken = story.add(failed=4)
    story.add()
    assert broken.id not in positions(story.archive)


def test_a_promise_is_a_score_and_greatest_where_most_can_be_won() -> None:
    story = Story()
    first = story.add()
    second = story.add(gain=0.2, better=True)
    third = story.add("refine", second, gain=0.05, better=True)
    placed = positions(story.archive)
    hoped = promises(placed, trace(story.archive, placed))
    assert all(0.0 <= value <= 1.0 for value in hoped.values())
    assert max(hoped, key=lambda id_: hoped[id_]) == third.id
    assert hoped[first.id] == min(hoped.values())


def test_the_model_that_wins_more_for_its_cost_is_asked_more() -> None:
    records = [
        Record("dear", (1.0,) * 8 + (0.0,) * 2, (10.0,) * 10),
        Record("cheap", (1.0,) * 6 + (0.0,) * 4, (1.0,) * 10),
    ]
    asked = Counter(choose(records, np.random.default_rng(k)) for k in range(100))
    assert asked["cheap"] > 90


def test_every_model_is_tried() -> None:
    records = [Record("known", (0.4,) * 3, (1.0,) * 3), Record("new")]
    assert {choose(records, np.random.default_rng(k)) for k in range(60)} == {"known", "new"}


def test_costs_are_compared_in_a_unit_that_all_have() -> None:
    assert cheapest_unit([0.1, 0.2], [5.0, 6.0], [1.0, 2.0]) == [0.1, 0.2]
    assert cheapest_unit([0.1, None], [5.0, 6.0], [1.0, 2.0]) == [5.0, 6.0]
    assert cheapest_unit([0.0, 0.0], [0.0, 0.0], [1.0, 2.0]) == [1.0, 2.0]


def test_equal_positions_have_equal_ranks() -> None:
    assert ranks({"a": 1.0, "b": 1.0, "c": 2.0}) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 5 / 6})
