"""Features of problems, recall, beliefs about components, remembered values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ale_agent.memory import (
    Evidence,
    ProblemFeatures,
    Store,
    Strategy,
    add_component_evidence,
    component_beliefs,
    component_weights,
    new_strategy,
    recall,
    remembered_values,
    similarity,
)
from ale_agent.memory.features import ANSWER_SPACES, TRAITS, fit, tag_weights
from ale_agent.memory.recall import shapes_by_fit, words_of

TOUR = {"answer_space": "permutation", "routing": True, "geometry": True, "archetypes": ["routing_tsp"], "sizes": [2.3]}
OIL = {"interactive": True, "hidden_information": True, "grid": True, "archetypes": ["interactive_hidden_info"]}
BOARD = {"answer_space": "sequence", "turn_based": True, "grid": True}


def features(data: dict[str, Any], problem: str | None = None) -> ProblemFeatures:
    return ProblemFeatures.from_mapping(data, problem=problem)


def trial(problem: str, gain: float, number: int = 0) -> Evidence:
    return Evidence(problem, "trial", gain, gain - 0.01, gain + 0.01, 48, "c-1", f"a-{number}", "c-2")


def technique(name: str, *evidence: Evidence, tags: tuple[str, ...] = ("routing_tsp",)) -> Strategy:
    value = {"name": name, "when": "Now.", "how": "So.", "archetypes": list(tags)}
    return replace(new_strategy(value, created="2026-11-23"), evidence=evidence)


def program(problem: str, data: dict[str, Any], value: float = 1.0, gain: float = 0.05) -> Strategy:
    made = new_strategy(
        {
            "name": f"program for {problem} at {value:g}",
            "when": "Then.",
            "how": "So.",
            "archetypes": list(features(data).tags()),
            "program": f"print({value})",
            "parameters": [
                {"name": "heat", "low": 0.0, "high": 10.0, "default": value},
                {"name": "evaluation_limit", "low": 0, "high": 1000, "default": 7},
            ],
            "origin": {"kind": "learned", "problem": problem, "created": "2026-11-23"},
            "id": f"s-{problem}-{value:g}".replace(".", "-"),
        },
        created="2026-11-23",
    )
    return replace(made, evidence=(trial(problem, gain),))


def names(found: list[Any]) -> list[str]:
    return [item.strategy.name for item in found]


# Features


@pytest.mark.parametrize("data", [TOUR, OIL, BOARD, {}])
def test_features_come_back_from_plain_json(data: dict[str, Any]) -> None:
    found = features(data, "p")
    assert ProblemFeatures.from_mapping(found.to_mapping()) == found


@pytest.mark.parametrize("data", [TOUR, OIL, BOARD, {}])
def test_features_come_back_from_tags(data: dict[str, Any]) -> None:
    assert ProblemFeatures.from_tags(features(data).tags()) == features(data)


def test_sizes_are_read_in_any_of_their_shapes() -> None:
    shapes: list[Any] = [2.0, [1.0, 2.0], {"N": 2.0, "M": 1}, {"N": (1.0, 2.0)}]
    assert [features({"sizes": shape}).size for shape in shapes] == [2.0] * 4


KEYS = st.sampled_from(["answer_space", "sizes", "archetypes", "words", "time_limit", *TRAITS])
PLAIN = st.none() | st.booleans() | st.floats() | st.text(max_size=5)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(KEYS, PLAIN | st.lists(PLAIN, max_size=3)))
def test_any_mapping_gives_features(data: dict[str, Any]) -> None:
    found = features(data)
    assert 0 <= similarity(found, features(TOUR)) <= 1


def test_traits_follow_from_archetypes_where_only_those_are_known() -> None:
    assert features({"archetypes": ["interactive_hidden_info"]}).traits == ("hidden_information", "interactive")


def test_similarity_orders_problems_as_an_expert_would() -> None:
    tour = features(TOUR, "tour")
    delivery = features(
        {"answer_space": "permutation", "routing": True, "archetypes": ["pickup_delivery", "routing_tsp"]}
    )
    jobs = features({"answer_space": "permutation", "scheduling": True, "archetypes": ["scheduling"]})
    nothing = features({})
    oil = features(OIL)
    values = [similarity(tour, other) for other in (tour, delivery, jobs, nothing, oil)]
    assert values[0] == 1.0
    assert values[0] > values[1] > values[2] > values[3] > values[4]


def test_similarity_is_symmetric() -> None:
    all_features = [features(data) for data in (TOUR, OIL, BOARD, {})]
    for one in all_features:
        for other in all_features:
            assert similarity(one, other) == pytest.approx(similarity(other, one))


def test_interactive_techniques_do_not_fit_a_problem_with_nothing_hidden() -> None:
    assert "interactive_hidden_info" not in tag_weights(features(TOUR))


# Recall


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TOUR, {"2-opt / Or-opt / double-bridge"}),
        (OIL, {"Bayesian enumeration", "Gibbs / MCMC sampling"}),
        (BOARD, {"Plain beam search", "Euler-tour (differential) beam"}),
        ({"packing": True, "geometry": True}, {"Rectangle growth/shrink"}),
        ({"archetypes": ["scheduling"], "answer_space": "permutation"}, {"Time-scheduled simulated annealing"}),
    ],
)  # fmt: skip
def test_the_catalogue_gives_what_an_expert_would_name(data: dict[str, Any], expected: set[str]) -> None:
    with Store.open(None) as store:
        found = names(recall(store, features(data), limit=12))
    assert all(any(name.startswith(start) for name in found) for start in expected)


def test_without_a_generator_recall_repeats() -> None:
    with Store.open(None) as store:
        assert recall(store, features(TOUR), "tour") == recall(store, features(TOUR), "tour")


def test_with_the_same_generator_recall_repeats() -> None:
    with Store.open(None) as store:
        one, other = (recall(store, features(TOUR), "tour", rng=np.random.default_rng(1)) for _ in range(2))
        assert one == other


def test_features_count_more_than_words() -> None:
    fitting = technique("Fitting")
    worded = technique("Worded: shortest closed tour", tags=("string_construction",))
    assert names(recall([worded, fitting], features(TOUR), "shortest closed tour")) == ["Fitting", worded.name]


def test_among_equals_words_decide() -> None:
    plain, worded = technique("Plain"), technique("Worded: shortest closed tour")
    assert names(recall([plain, worded], features(TOUR), "shortest closed tour"))[0] == worded.name


def test_among_equals_measured_gains_decide() -> None:
    harmful, unknown, good = (
        technique("Harmful", trial("tour", -0.1)),
        technique("Unknown"),
        technique("Good", trial("tour", 0.1)),
    )
    assert names(recall([harmful, unknown, good], features(TOUR, "tour"))) == ["Good", "Unknown", "Harmful"]


def test_a_gain_on_a_like_problem_counts_more_than_one_elsewhere() -> None:
    near, far = technique("Near", trial("like", 0.05)), technique("Far", trial("unlike", 0.05))
    with Store.open(None, starter=False) as store:
        store.add(near)
        store.add(far)
        store.note_problem(features(TOUR, "like"))
        store.note_problem(features(OIL, "unlike"))
        found = recall(store, features(TOUR, "new"))
    assert names(found) == ["Near", "Far"]
    assert found[0].expected.mean > found[1].expected.mean


def test_room_is_kept_for_the_untried() -> None:
    tried = [technique(f"Tried {n}", trial("tour", 0.1)) for n in range(20)]
    found = names(recall([*tried, technique("New one"), technique("New two")], features(TOUR, "tour"), limit=8))
    assert {"New one", "New two"} < set(found)
    assert len(found) == 8


def test_the_untried_that_do_not_fit_get_no_room() -> None:
    tried = [technique(f"Tried {n}", trial("tour", 0.1)) for n in range(20)]
    unfit = technique("Unfit", tags=("string_construction",))
    assert "Unfit" not in names(recall([*tried, unfit], features(TOUR, "tour"), limit=8))


def test_draws_give_the_uncertain_a_chance() -> None:
    known, new = technique("Known", trial("tour", 0.005)), technique("New")
    first = {
        names(recall([known, new], features(TOUR, "tour"), rng=np.random.default_rng(seed)))[0] for seed in range(12)
    }
    assert first == {"Known", "New"}


def test_why_names_the_parts() -> None:
    found = recall([technique("Harmful", trial("tour", -0.2))], features(TOUR, "tour"))
    assert "fits routing_tsp" in found[0].why
    assert "from 1 trial on 1 problem: harmful so far" in found[0].why


def test_programs_come_by_the_likeness_of_their_problems() -> None:
    stored = [program("oil", OIL), program("tour", TOUR), program("other", TOUR)]
    found = names(recall(stored, features(TOUR, "tour"), roles=("program",)))
    assert [name.split()[2] for name in found] == ["tour", "other", "oil"]


def test_components_are_recalled_only_on_demand() -> None:
    with Store.open(None, starter=False) as store:
        component(store, "swap", 0.1)
        assert recall(store, features(TOUR)) == []
        assert len(recall(store, features(TOUR), roles=("component",))) == 1


def test_an_empty_memory_recalls_nothing() -> None:
    assert recall([], features(TOUR), "words") == []


@given(st.text(max_size=60))
def test_any_text_may_be_asked_with(text: str) -> None:
    with Store.open(None, starter=False) as store:
        store.add(technique("One"))
        assert len(recall(store, features(TOUR), text)) == 1


def test_words_are_kept_once_and_common_ones_left_out() -> None:
    assert words_of("The tour, the TOUR of each city x1 in Å-land") == ["tour", "city", "land"]


# Components and values


@dataclass(frozen=True)
class Change:
    slot: str
    removed: str | None
    added: str | None


def component(store: Store, name: str, gain: float, *, problem: str = "like", number: int = 0) -> None:
    change = Change("neighbourhood", None, name)
    add_component_evidence(store, "permutation", [change], trial(problem, gain, number), {})


def test_evidence_on_components_sways_their_weights() -> None:
    with Store.open(None, starter=False) as store:
        store.note_problem(features(TOUR, "like"))
        for number in range(6):
            component(store, "good", 0.05, number=number)
            component(store, "bad", -0.05, number=number)
        rng = np.random.default_rng(0)
        weights = [component_weights(store, features(TOUR, "new"), "permutation", rng) for _ in range(50)]
        wins = sum(weight("neighbourhood", "good") > weight("neighbourhood", "bad") for weight in weights)
        assert wins >= 38  # even draws would win 25
        fresh = sum(weight("neighbourhood", "new") > weight("neighbourhood", "good") for weight in weights)
        assert 2 <= fresh <= 25


def test_evidence_on_components_of_unlike_problems_sways_less() -> None:
    with Store.open(None, starter=False) as store:
        store.note_problem(features(TOUR, "like"))
        for number in range(6):
            component(store, "good", 0.05, number=number)
        near = component_beliefs(store, features(TOUR, "new"), "permutation").posteriors["neighbourhood", "good"]
        far = component_beliefs(store, features(BOARD, "far"), "permutation").posteriors["neighbourhood", "good"]
        assert near.mean > far.mean > 0
        assert near.sd < far.sd


def test_a_draw_gives_a_component_one_weight_whatever_the_order() -> None:
    with Store.open(None, starter=False) as store:
        one, other = (
            component_weights(store, features(TOUR), "permutation", np.random.default_rng(5)) for _ in range(2)
        )
        assert one("a", "x") == one("a", "x") > 0
        first = one("a", "y")
        assert other("a", "y") == first
        assert other("a", "x") == one("a", "x")


def test_components_of_another_answer_space_are_left_out() -> None:
    with Store.open(None, starter=False) as store:
        component(store, "swap", 0.1)
        assert component_beliefs(store, features(BOARD), "sequence").posteriors == {}


def test_what_was_removed_with_a_gain_counts_against_it() -> None:
    with Store.open(None, starter=False) as store:
        change = Change("acceptance", "hill_climbing", "metropolis")
        assert add_component_evidence(store, "subset", [change], trial("p", 0.04), {}) == 2
        assert add_component_evidence(store, "subset", [change], trial("p", 0.04), {}) == 0
        gains = {item.name: item.evidence[0] for item in store.components("subset")}
        removed = gains["component: subset/acceptance/hill_climbing"]
        assert gains["component: subset/acceptance/metropolis"] == trial("p", 0.04)
        assert (removed.gain, removed.low, removed.high) == pytest.approx((-0.04, -0.05, -0.03))


def test_several_changes_share_a_gain() -> None:
    with Store.open(None, starter=False) as store:
        both = [Change("acceptance", None, "a"), Change("restart", None, "b")]
        add_component_evidence(store, "subset", both, trial("p", 0.04), {("restart", "b"): "Starts anew."})
        shares = store.components("subset")
        assert [item.evidence[0].gain for item in shares] == [0.02, 0.02]
        assert shares[1].how == "Starts anew."


def test_remembered_values_come_from_like_problems_first() -> None:
    with Store.open(None, starter=False) as store:
        for item in (program("oil", OIL, 1), program("tour", TOUR, 2), program("other", TOUR, 3)):
            store.add(item)
        found = remembered_values(store, features(TOUR, "tour"), ["heat", "unknown"])
    assert [values["heat"] for values in found] == [2, 3, 1]


def test_remembered_values_are_given_once_and_not_from_harmful_programs() -> None:
    with Store.open(None, starter=False) as store:
        for item in (program("tour", TOUR, 2), program("other", TOUR, 2), program("tour", TOUR, 4, gain=-0.5)):
            store.add(item)
        assert remembered_values(store, features(TOUR, "tour"), ["heat", "evaluation_limit"]) == [{"heat": 2}]


def test_what_was_learned_in_the_same_words_does_not_crowd_out_a_technique() -> None:
    words = "ferries lighthouses"
    strategies = [technique(f"other {k}") for k in range(9)]
    wanted = replace(technique("wanted"), when=f"On {words}.", id="s-wanted")
    learned = [
        replace(program("tour", TOUR, value=k / 10), when=f"On {words}, {words}, {words}.", id=f"s-learned-{k}")
        for k in range(60)
    ]
    found = recall([*strategies, wanted, *learned], features(TOUR), words, limit=3, roles=("technique",))
    assert found[0].strategy.id == "s-wanted"
    assert found[0].text == 1.0


TAGS = [*tag_weights(features(TOUR | OIL)), *tag_weights(features(BOARD)), "knapsack", 'quoted "grid"', "größe"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@example(  # with "any" a lower tag fits better
    tagged=[["set_cover", "number_partition", "knapsack"], ["any", "layout_placement"]],
    space="subset",
    traits=["packing"],
    archetypes=[],
)
@given(
    tagged=st.lists(st.lists(st.sampled_from(TAGS), max_size=5, unique=True), max_size=12),
    space=st.sampled_from([None, *ANSWER_SPACES]),
    traits=st.lists(st.sampled_from(TRAITS), max_size=4),
    archetypes=st.lists(st.sampled_from(TAGS), max_size=3),
)
def test_shapes_come_in_the_order_of_their_fit_and_none_is_left_out(
    tagged: list[list[str]], space: str | None, traits: list[str], archetypes: list[str]
) -> None:
    weights = tag_weights(features({"answer_space": space, "traits": traits, "archetypes": archetypes}))
    with Store.open(None, starter=False) as store:
        for number, tags in enumerate(tagged):
            store.add(replace(technique(f"t {number}"), archetypes=tuple(tags)))
        known = {shape.number: shape.tags for shape in store.shapes(["technique"])}
        found = list(shapes_by_fit(store, weights, lambda _: 0.0, ["technique"]))
    fits = [fit(known[number], weights) for number in found]
    assert sorted(found) == sorted(known)
    assert fits == pytest.approx(sorted(fits, reverse=True), abs=1e-12)


def test_what_is_recalled_is_whole() -> None:
    with Store.open(None, starter=False) as store:
        store.add(program("tour", TOUR, 2))
        found = recall(store, features(TOUR))[0].strategy
        assert found == store.get(found.id)
        assert found.program == "print(2)"
