"""Sketches of well-known problems that are not in the repository, and the strategies an expert would begin with.

A sketch is a title, a few sentences, and lines for input and output, as a contest would put it. The experts' lists name
strategies of the starter catalogue by id; they were written down before recall was measured on them.
"""

from __future__ import annotations

from dataclasses import dataclass

ANNEALING, LOG_THRESHOLD, SOFT = "s-2decd313", "s-65d48446", "s-33d87727"
MOVE_MIX, DESTROY_REPAIR, KICKS = "s-1c1df320", "s-f516cc26", "s-4cebb428"
REDUCTION, REPLAY_PREFIX, CHAIN_DP = "s-7e5baa2e", "s-a9e5b45b", "s-df4d9cbd"
TOUR, CHOOSE_AND_ROUTE, NESTED = "s-5c252474", "s-93a82f0d", "s-d24a8cae"
GROW_RECTANGLES, SHELVES = "s-a0251085", "s-2792be58"
STEINER, FLOW, BALANCE, ENUMERATE = "s-6d71f632", "s-d000a696", "s-65341d14", "s-3cc30c96"
BEAM, EULER_BEAM, ACTION_BEAM, CHOKUDAI, DIVERSITY = (
    "s-bec47038",
    "s-b859ff96",
    "s-2f9b59f2",
    "s-0b1c8f55",
    "s-746d38e9",
)
ORDER_GREEDY, RELAXATION = "s-23f46496", "s-c23e0c44"
BAYES, GIBBS, LINEAR, PROBE = "s-e9f1f69d", "s-eafc657a", "s-50afa16e", "s-b728fba1"
ROLLOUTS, ONLINE, BANDIT = "s-ce1efa86", "s-9cbca736", "s-c3d7e697"
SUBSET_MOVES, LABEL_MOVES = (
    "s-subset-exchange",
    "s-label-moves",
)  # written after the first measurement, for what it lacked
REPARENT, PARTITION_GRID = "s-4196d94d", "s-925553b1"


@dataclass(frozen=True)
class Sketch:
    """A problem in a few sentences, and the ids of strategies that an expert would name for it."""

    title: str
    text: str
    expected: frozenset[str]

    def statement(self) -> str:
        """Return it as a statement."""
        return f"# {self.title}\n\n{self.text}\n"


SKETCHES = (
    Sketch(
        "Loading the Van",
        """## Problem
A van can carry a total weight of W and a total volume of V. There are N parcels; parcel i has weight w_i, volume v_i
and value p_i. Choose which parcels to load so that neither capacity is exceeded. Maximize the total value.

## Scoring
The score is the sum of the values of the chosen parcels.

## Input
N W V
w_1 v_1 p_1
:
w_N v_N p_N

## Output
Print K, the number of chosen parcels, and then their indices. 1 <= N <= 500. Time limit: 2 seconds.""",
        frozenset({ANNEALING, SOFT, ENUMERATE, ORDER_GREEDY, BALANCE, KICKS, REDUCTION, SUBSET_MOVES}),
    ),
    Sketch(
        "Postcards from Every Town",
        """## Problem
N towns lie in the plane at integer coordinates (x_i, y_i). A traveller starts in town 1, visits each town exactly once
and returns to the start. Find an order of the towns with the shortest total Euclidean length of the closed tour.

## Scoring
Minimize the length of the tour.

## Input
N
x_1 y_1
:
x_N y_N

## Output
Print the towns in the order of the visit, a permutation of 1..N, on one line. N = 1000, time limit 2 sec.""",
        frozenset({TOUR, ANNEALING, DESTROY_REPAIR}),
    ),
    Sketch(
        "Milk Round",
        """## Problem
A dairy at the depot (0, 0) has M trucks, each with a capacity of Q litres. Customer i at (x_i, y_i) demands d_i litres.
Each route begins and ends at the depot, each customer is served by exactly one truck, and no truck carries more than its
capacity. Minimize the total distance that the vehicles travel.

## Input
N M Q
x_1 y_1 d_1
:

## Output
M lines: for each truck the number of customers on its route and the customers in the order of the deliveries.""",
        frozenset({TOUR, CHOOSE_AND_ROUTE, DESTROY_REPAIR, NESTED}),
    ),
    Sketch(
        "Exam Slots",
        """## Problem
There is an undirected graph with N vertices (exams) and M edges; two exams with an edge share a student. Assign to each
vertex one of as few colours (time slots) as possible such that the two ends of no edge have the same colour.

## Scoring
Minimize the number of colours in use. A conflict makes the answer invalid.

## Input
N M
a_1 b_1
:
a_M b_M

## Output
One line with the colour c_i of each vertex, an integer between 0 and N-1.""",
        frozenset({SOFT, ANNEALING, KICKS, BALANCE, ORDER_GREEDY, MOVE_MIX, LABEL_MOVES}),
    ),
    Sketch(
        "Busy Workshop",
        """## Problem
A workshop has M machines and N jobs. Each job is a chain of operations that must be processed in the given order; an
operation needs one given machine for a given processing time, and a machine handles one operation at a time. Decide the
order of the operations on each machine so that the makespan, the time when the last job is completed, is minimized.

## Input
N M
machine and duration of each operation, one job a line

## Output
For each machine, one line with the order of the jobs on it (a permutation).""",
        frozenset({ORDER_GREEDY, REPLAY_PREFIX, REDUCTION, RELAXATION, ANNEALING, CHAIN_DP}),
    ),
    Sketch(
        "Cutting Stock at the Sawmill",
        """## Problem
N items with sizes s_1..s_N are to be packed into bins of capacity C. Every item goes into exactly one bin and the sum of
the sizes in a bin must not exceed C. Use as few bins as possible.

## Scoring
Minimize the number of bins that are used.

## Input
N C
s_1 ... s_N

## Output
One line with the bin b_i of each item.""",
        frozenset({BALANCE, ORDER_GREEDY, SOFT, ENUMERATE, ANNEALING, KICKS, LABEL_MOVES}),
    ),
    Sketch(
        "Buried Pipes",
        """## Problem
This is an interactive problem. Under an N x N grid lie K hidden pipes whose shapes are known but whose positions are
not. In each turn you may query a set of cells; the judge answers the number of pipe cells in it plus Gaussian noise with
standard deviation sigma. A query of k cells costs 1/sqrt(k). Finally report all cells that hold a pipe.

## Scoring
Minimize the total cost of the queries until the right answer is reported.

## Interaction
First read N, K and sigma. Print a query on one line and flush; read the judge's response from standard input.""",
        frozenset({BAYES, GIBBS, LINEAR, PROBE}),
    ),
    Sketch(
        "Two Camps",
        """## Problem
Given an undirected graph with N vertices and M weighted edges (weights may be negative), split the vertices into two
sets S and T. Maximize the total weight of the edges with one end in S and the other one in T.

## Input
N M
a_i b_i w_i for each edge

## Output
Print N characters, 0 or 1: the side of each vertex.""",
        frozenset({ANNEALING, KICKS, LOG_THRESHOLD, BALANCE, MOVE_MIX, SOFT, SUBSET_MOVES, LABEL_MOVES}),
    ),
    Sketch(
        "Warehouses for a Region",
        """## Problem
There are N candidate sites for a warehouse and M customers on a map. Opening site i costs f_i; serving customer j from
site i costs d_ij times its demand. Select the subset of sites to open and assign each customer to an open site so that the
total of opening and service costs is as small as possible.

## Input
N M
f_1 ... f_N
d_11 ... d_1M
:

## Output
The number K of open sites, then the chosen sites.""",
        frozenset({REDUCTION, STEINER, FLOW, ANNEALING, DESTROY_REPAIR, SOFT, SUBSET_MOVES}),
    ),
    Sketch(
        "Crates and a Pusher",
        """## Problem
On an N x N board with walls stand K crates and a robot. In each turn the robot moves one cell up, down, left or right;
if there is a crate in the way, it is pushed. Output a sequence of at most T operations (U, D, L, R) that brings as many
crates as possible to their goals in as few turns as possible. All information is given at the start.

## Scoring
Maximize the number of crates on goals; ties are broken by fewer moves.

## Input
N K T
the board, N lines

## Output
One line with the operations, or one a line.""",
        frozenset({BEAM, EULER_BEAM, ACTION_BEAM, CHOKUDAI, DIVERSITY}),
    ),
    Sketch(
        "Posters on a Wall",
        """## Problem
N rectangular posters of width w_i and height h_i are to be placed on a wall of width W without overlapping; they may be
rotated by 90 degrees. Minimize the height of the bounding box that holds all rectangles.

## Input
N W
w_1 h_1
:

## Output
For each rectangle its position x_i y_i and whether it is rotated r_i.""",
        frozenset({SHELVES, GROW_RECTANGLES, SOFT, ORDER_GREEDY}),
    ),
    Sketch(
        "Door to Door Couriers",
        """## Problem
There are N requests; request i picks up a parcel at (a_i, b_i) and delivers it to (c_i, d_i). A courier starts at the
office, must pick up each parcel before it is delivered, may carry at most Q parcels at once, and returns to the office.
Plan a route through all pickups and deliveries of minimal Manhattan length.

## Input
N Q
a_i b_i c_i d_i for each request

## Output
The order of the 2N stops, on one line.""",
        frozenset({CHOOSE_AND_ROUTE, NESTED, TOUR, DESTROY_REPAIR}),
    ),
    Sketch(
        "Market Stall under an Unknown Crowd",
        """## Problem
This is an interactive problem. For T turns, a random event is revealed and you decide at once whether to accept the
offer: prices and visitors of later turns are random and unknown until they arrive. Maximize the expected money at the end.

## Interaction
In each turn, read the offer from standard input, print your decision and flush.""",
        frozenset({ROLLOUTS, ONLINE, BANDIT, "s-8f6d8d8f"}),
    ),
    Sketch(
        "Cheap Power Grid",
        """## Problem
N houses on the plane must be connected to a power station by a tree of cables. The depth of the tree, counted from
the station, may be at most H. Minimize the total length of the edges of the spanning tree.

## Input
N H
x_i y_i

## Output
One line with the parent p_i of each vertex, -1 for the root.""",
        frozenset({REPARENT, STEINER, ANNEALING, "s-434d5359"}),
    ),
)
