"""The words by which a statement shows what kind of problem it is: data, read by `features`.

Each cue is (pattern, weight). A kind's score is the sum of the weights of its cues that occur; one in the title counts
double. Patterns are matched in lower case at word starts, with any ending.
"""

from __future__ import annotations

Cues = tuple[tuple[str, float], ...]

ARCHETYPES: dict[str, Cues] = {
    "permutation": (
        ("permutation", 2.5), ("in (?:one|the same) (?:common )?order", 1.5),
        ("processing order|visiting order", 1.5), ("flow ?shop", 3), ("each .{0,30}exactly once", 1),
        ("ordering of", 1.5), ("superstring|keyboard", 1.5), ("sequence of (?:the )?jobs|order of the jobs", 2),
    ),
    "routing_tsp": (
        ("tour", 2), ("travell?ing sales", 3), ("route", 1.5), ("visit", 1), ("shortest (?:tour|route|closed)", 2),
        ("deliver", 1.5), ("patrol", 2.5), ("return to", 0.7), ("vehicle|courier|truck|taxi|salesman", 1.2),
        ("(?:manhattan|euclidean) distance", 0.5), ("clean", 1.2), ("transport", 1.5), ("excavat", 0.8),
    ),
    "pickup_delivery": (
        ("pick(?:ed|s|ing)?[ -]?up", 2), ("deliver", 2), ("restaurant|courier|customer", 1),
        ("drop(?:ped|s)? off", 1.5), ("transport", 1.5), ("carr(?:y|ies|ied)", 0.6), ("destination", 0.7),
        ("match(?:ing)? pairs", 2),
    ),
    "packing_rectangles": (
        ("rectang", 2), ("pack(?:ing|ed)?\\b", 2), ("overlap", 1), ("axis[- ]parallel", 1.5), ("width and height", 1),
        ("area", 0.8), ("advertis|\\bad\\b", 1.2), ("bounding box|container", 1), ("hall", 1),
    ),
    "layout_placement": (
        ("place (?:the |all |each |n |m |some )?", 1), ("placement|arrang|layout|position(?:s|ed)? of", 1),
        ("overlap", 0.8), ("rectang", 0.7), ("polyomino", 0.8), ("silhouette|torus|dna", 1.5), ("\\bboard\\b", 0.5),
        ("advertis|\\bad\\b", 1.2), ("cut", 0.7), ("server room", 2), ("block", 0.4),
    ),
    "grid_path": (
        ("\\bpath", 1.2), ("grid|tile", 0.9), ("adjacent (?:cell|square|tile)", 1.2), ("[udlr]{4}\\b", 1.5),
        ("\\bup\\b.{0,30}\\bdown\\b.{0,30}\\bleft\\b", 1), ("walk", 1.5), ("robot|skat|slid", 0.9), ("move to", 0.5),
        ("obstacle|wall", 0.7), ("route", 0.5), ("excavat|crop", 1.2), ("clean", 0.9), ("shortest path", 1.5),
    ),
    "grid_partition": (
        ("connected (?:region|component|area)", 1), ("region|territor|district|partition|ward", 1.4),
        ("colou?r", 0.8), ("map\\b", 1), ("\\bcuts?\\b|cake", 1.5), ("divid", 1), ("adjacen", 0.7),
        ("topological map", 2.5), ("pieces", 0.4),
    ),
    "puzzle_sorting": (
        ("puzzle", 2), ("sort(?:ed|ing)?\\b", 1.8), ("slid(?:e|es|ing)\\b", 1), ("swap", 1.2), ("stack", 1.5),
        ("rearrang", 1.2), ("pyramid", 1.5), ("rotat", 0.8), ("tiles?\\b", 0.6), ("boxes|balls", 0.5),
        ("smaller (?:number|than)", 0.5), ("loop", 0.9),
    ),
    "operation_sequence": (
        ("operations?\\b", 1.4), ("sequence of (?:operations|moves|actions|commands)", 2), ("actions?\\b", 1.2),
        ("at most .{0,30}(?:operations|moves|actions|times|swaps)", 1.5),
        ("(?:number|sum) of (?:operations|moves|actions)", 1.5), ("swaps?\\b", 0.8), ("command|instruction", 1),
        ("stamp|signal", 1.2), ("toggle|button|press", 0.7),
    ),
    "turn_based_full_info": (
        ("turns?\\b", 1.2), ("at (?:each|every) turn", 1.2), ("simultaneous", 0.6), ("crane|container", 1.2),
        ("operations are (?:performed|done) in (?:the )?order", 0.8), ("stack", 1), ("step by step", 0.5),
        ("mixing|paint", 1.2), ("arm\\b", 1.2), ("stamp", 1.2), ("in the order in which", 0.6),
    ),
    "interactive_hidden_info": (
        ("interactiv", 2), ("hidden", 2), ("unknown", 1.2), ("not (?:be )?(?:given|revealed|known|shown)", 1.5),
        ("quer(?:y|ies)", 1.5), ("guess", 1.2), ("observ|measure|balance|weigh", 1), ("excavation|mining", 1.5),
        ("noisy|noise|error", 1), ("hidden .{0,20}(?:length|weight|position|value)", 1),
    ),
    "interactive_stochastic": (
        ("interactiv", 1.5), ("random(?:ly)?", 0.8), ("one by one|turn by turn|at each turn|online", 1.5),
        ("probabilit", 1), ("revealed", 1), ("next .{0,30}is (?:given|drawn|known)", 1),
        ("candy|pets?\\b|cards?\\b", 1.2), ("expected", 0.7),
    ),
    "estimation_inference": (
        ("estimat", 2), ("noise|noisy", 1.8), ("hidden|unknown", 1.2),
        ("gaussian|normal distribution|standard deviation", 1.5), ("quer(?:y|ies)", 1.2),
        ("infer|identif|guess|predict", 1.3), ("measure", 1), ("observ", 0.8), ("mining|excavation", 0.9),
        ("multiplied by .{0,40}random", 1), ("uncertain", 1.5),
    ),
    "graph_design": (
        ("graph", 1.8), ("vertex|vertices", 1.2), ("edges?\\b", 0.9), ("network", 1.4), ("road", 1.2),
        ("design|construct", 0.7), ("signal|automat|state machine|states?\\b", 0.8), ("nodes?\\b", 0.8),
        ("isomorph", 2),
    ),
    "spanning_tree": (
        ("spanning tree|\\bmst\\b", 3), ("steiner", 3), ("\\btrees?\\b", 1.4),
        ("connect(?:s|ed|ing|ion)? .{0,30}(?:all|every)", 1), ("cable|wire|rail(?:way)?", 1.2), ("root(?:ed)?\\b", 1),
        ("edges?\\b", 0.5), ("broadcast", 1.5), ("subtree", 1.2),
    ),
    "set_cover": (
        ("cover(?:s|ed|ing|age)?\\b", 1.8), ("choose|select", 0.6), ("subset", 1.4),
        ("broadcast|antenna|station", 1.5), ("patrol|visible|seen", 1.3), ("at least one of", 0.8),
        ("knapsack|budget", 0.7), ("facilit(?:y|ies)|warehouses?\\b|depots?\\b", 1.3), ("served by|nearest open", 1.2),
    ),
    "scheduling": (
        ("schedul", 2.2), ("jobs?\\b", 1.4), ("machines?\\b", 1.2), ("makespan", 3), ("deadline|due date", 1.5),
        ("tasks?\\b", 1), ("\\bdays?\\b", 1), ("workers?\\b", 0.9), ("processing time", 1.5),
        ("start(?:ing)? time", 0.8), ("harvest|crop|plant", 1), ("repair", 1.3), ("flow ?shop", 2), ("event", 0.7),
        ("crane", 0.9),
    ),
    "assignment_grouping": (
        ("assign", 1.6), ("groups?\\b", 1.3), ("allocat", 1.4), ("divide .{0,20}into", 1), ("team|cluster", 1.2),
        ("pair(?:s|ed|ing)?\\b", 0.7), ("repair", 1), ("bond", 1), ("to exactly one", 0.8),
    ),
    "number_partition": (
        ("as (?:equal|even|close) as possible", 1.8), ("balanc", 1.8), ("variance", 1.5), ("sums? (?:of|is|as)", 0.8),
        ("partition|divide .{0,20}into", 0.8), ("subset sum", 2), ("target value|target sum", 1.2),
        ("weights?\\b", 0.7),
    ),
    "string_construction": (
        ("strings?\\b", 1.8), ("substring|subsequence|superstring", 2.2), ("letters?\\b|characters?\\b", 1),
        ("words?\\b", 1.3), ("typ(?:e|ing)\\b|keyboard", 1.3), ("stamp", 1), ("concatenat", 1.5), ("dna", 2),
        ("alphabet", 1),
    ),
    "multi_robot": (
        ("robots?\\b", 1.6), ("cranes?\\b", 1.6), ("collision|collide", 1.3),
        ("several (?:robots|agents|workers)", 1.5), ("agents?\\b|drones?\\b", 1.2), ("simultaneous", 1),
        ("arms?\\b", 1), ("people|pets?\\b", 0.8), ("fingertip|joint", 1), ("territor", 0.5),
    ),
    "game_multiagent": (
        ("opponent", 2.2), ("players?\\b", 1.5), ("\\bai\\b", 1.2), ("multi-?player", 2.5), ("compet", 0.8),
        ("game", 1), ("enem", 1.2), ("territory game", 1.5),
    ),
    "incremental_economy": (
        ("money|funds?\\b|coins?\\b", 1.5), ("income|profit|revenue|earn", 1.8), ("invest|capital|upgrade", 1.8),
        ("buy|purchase|sell|cost to build", 1.2), ("company|market", 1.3), ("cards?\\b|projects?\\b", 0.9),
        ("produc(?:e|es|tion)", 0.9), ("machines? .{0,20}produc", 1.5),
    ),
    "continuous_params": (
        ("real number", 1.8), ("concentration|mixing|paint|densit", 1.6), ("probabilit", 0.9),
        ("angle|continuous", 1.2), ("ratio", 0.8), ("decimal", 0.7), ("colou?rs? .{0,20}mix", 1.5),
    ),
}  # fmt: skip
"""The kinds of problem that strategies are filed under, with their cues."""

TOPICS: dict[str, Cues] = {
    "hidden_information": (
        ("hidden", 2), ("not (?:be )?(?:given|revealed|known|shown)", 1.5), ("unknown", 1.5), ("nois(?:e|y)", 1.2),
        ("estimat", 0.8), ("quer(?:y|ies)", 0.8), ("revealed", 0.8), ("you do not know", 2), ("隠さ|未知|ノイズ", 2),
    ),
    "turn_based": (
        ("turns?\\b", 1.2), ("at (?:each|every) (?:turn|step|time)", 1.2), ("one by one", 1), ("simultaneous", 0.8),
        ("(?:list|sequence) of .{0,20}(?:operations|actions|moves)", 1.2),
        ("operations? (?:are|is) (?:done|performed|carried)", 1), ("ターン", 2),
    ),
    "geometry": (
        ("coordinate", 1.2), ("euclid|manhattan", 1.5), ("(?:point|rectangle|circle|polygon|line segment)s?\\b", 1),
        ("distance", 0.7), ("plane|angle|area", 0.8), ("\\(x, ?y\\)|\\(x_i, ?y_i\\)", 1), ("座標|平面|距離", 1.5),
    ),
    "graph": (
        ("graph", 1.5), ("vertex|vertices", 1.2), ("edges?\\b", 1.2), ("\\btree\\b", 1.2), ("nodes?\\b", 0.8),
        ("shortest path", 1), ("roads?\\b", 0.7), ("グラフ|頂点|木構造", 2),
    ),
    "grid": (
        ("grid", 2), ("\\bcells?\\b|squares?\\b|tiles?\\b", 1), ("rows? .{0,30}columns?", 1.2), ("[udlr]{4}\\b", 1),
        ("\\d+ ?(?:x|\\*|by) ?\\d+|n ?\\* ?n", 0.8), ("\\bboard\\b|\\bbox of\\b", 0.6), ("マス|グリッド|盤面", 2),
    ),
    "strings": (
        ("strings?\\b", 1.5), ("substring|subsequence|superstring", 2), ("words?\\b|letters?\\b", 0.9), ("文字列", 2),
    ),
    "scheduling": (
        ("schedul", 2), ("jobs?\\b", 1.2), ("machines?\\b", 1), ("makespan", 2), ("deadline", 1),
        ("processing times?", 1.2), ("スケジュール", 2),
    ),
    "packing": (
        ("pack(?:ing|ed)?\\b", 2), ("overlap", 1.2), ("rectangles?\\b", 1), ("container|capacity", 0.8),
        ("disjoint", 0.8), ("詰め|長方形", 1.5),
    ),
    "routing": (
        ("tour\\b|route", 1.8), ("visit", 1), ("deliver", 1.2), ("travel", 1), ("shortest (?:path|tour|route)", 1),
        ("pick(?:ed)?[ -]?up", 0.8), ("walk", 0.8), ("巡回|経路|配達", 2),
    ),
}  # fmt: skip

ANSWER_SPACES: dict[str, Cues] = {
    "permutation": (
        ("permutation", 3), ("(?:one|common|same) order", 1.2), ("order in which", 1),
        ("each .{0,40}exactly once", 1), ("ordering", 1.2), ("reorder|rearrange", 0.8), ("tour", 0.8), ("順列", 3),
    ),
    "subset": (
        ("subset", 2.5), ("(?:choose|select|pick) (?:some|exactly|at most|any number|a set)", 2),
        ("\\b0 or 1\\b", 1.2), ("selected|chosen", 0.7), ("whether (?:to|or not)", 1), ("部分集合", 3),
        ("(?:choose|decide|select) which .{0,30}\\bto\\b", 1.5), ("in (?:increasing|ascending) order", 0.8),
    ),
    "sequence": (
        ("(?:list|sequence) of .{0,30}(?:operations|actions|moves|commands|instructions)", 2.5),
        ("operations?\\b", 1), ("actions?\\b", 0.9), ("at most .{0,30}(?:operations|moves|actions|times)", 1.5),
        ("[udlr]{4}\\b", 2), ("one (?:operation|action|move) (?:a|per) line", 2), ("\\bpath\\b", 0.7),
        ("操作列|行動", 2.5),
    ),
    "integers": (
        ("coordinates?\\b", 1), ("for each .{0,40}(?:decide|determine|choose|print|output)", 1.2), ("assign", 1.2),
        ("rectangles?\\b", 1), ("colou?r(?:s|ed|ing)?\\b", 0.8), ("(?:print|output) .{0,40}integers", 0.8),
        ("place", 0.6), ("non-negative integers?|values?", 0.4),
    ),
}  # fmt: skip
"""What an answer can be, as the array level of a problem's tools has it."""

MAXIMIZE: Cues = (
    ("maximi[sz]", 2), ("as (?:large|high|great|many|much) as possible", 1.5),
    ("(?:higher|larger|greater|bigger),? (?:scores? )?(?:is|are|the) better", 3),
    ("the (?:higher|larger|greater|more),? the better", 3),
    ("the (?:higher|larger|greater) (?:the|your) (?:absolute )?score,? the better", 3),
    ("more is better|greater is better|higher is better", 3), ("最大化", 2), ("(?:大き|高)(?:い|けれ)", 1.5),
)  # fmt: skip
MINIMIZE: Cues = (
    ("minimi[sz]", 2), ("as (?:small|low|little|few|short|cheap) as possible", 1.5),
    ("(?:lower|smaller|less|shorter),? (?:scores? )?(?:is|are|the) better", 3),
    ("the (?:lower|smaller|less|fewer|shorter),? the better", 3),
    ("the (?:lower|smaller) (?:the|your) (?:absolute )?score,? the better", 3),
    ("fewer is better|less is better|lower is better|smaller is better", 3),
    ("最小化", 2), ("(?:小さ|低)(?:い|けれ)", 1.5),
)  # fmt: skip
INTERACTIVE: Cues = (
    ("interactive", 3), ("flush", 2.5), ("reactive problem", 2), ("インタラクティブ|リアクティブ|対話", 3),
    ("the judge (?:program )?(?:replies|answers|responds|sends|gives)", 2),
    ("after (?:each|every) (?:output|answer|print|query|move|path)", 1.2),
    ("standard output .{0,80}then .{0,40}(?:read|input)", 1.5),
)  # fmt: skip
NOT_INTERACTIVE = "not (?:an )?interactive"

STOP_WORDS = frozenset([
    "about", "above", "after", "again", "also", "always", "among", "another", "answer", "answers", "around",
    "because", "been", "before", "being", "below", "best", "better", "between", "both", "called", "case", "cases",
    "chosen", "consider", "constraints", "contest", "contestant", "could", "determine", "different", "does", "done",
    "each", "either", "every", "exactly", "example", "expression", "first", "follow", "following", "follows",
    "format", "from", "generation", "given", "gives", "greater", "have", "here", "high", "higher", "independently",
    "input", "integer", "integers", "into", "judged", "larger", "last", "least", "less", "like", "limit", "line",
    "lines", "list", "made", "make", "many", "maximum", "memory", "minimum", "more", "most", "must", "need", "next",
    "number", "numbers", "only", "other", "output", "over", "pair", "part", "please", "position", "possible", "print",
    "printed", "problem", "program", "random", "randomly", "rank", "same", "sample", "satisfies", "score", "scored",
    "scores", "scoring", "second", "seconds", "separated", "shall", "should", "single", "size", "smaller", "solution",
    "some", "space", "standard", "start", "statement", "such", "sum", "take", "test", "text", "than", "that", "their",
    "them", "then", "there", "these", "they", "this", "those", "through", "time", "times", "total", "twice", "under",
    "uniformly", "unit", "until", "using", "value", "values", "what", "when", "where", "whether", "which", "while",
    "will", "with", "within", "without", "word", "would", "wrong", "your", "zero",
])  # fmt: skip
"""Words of every statement, which tell nothing of one."""
