"""Constructions that the composer writes into a program: kernels that call the program's own `evaluate_full`.

They are kept as Python modules, so that they are checked, tested and read like any code; the composer takes their text.
Notation as in `ale_agent.kit`, and
    case     the tuple that the problem's `read_case` returns
    budget   see `ale_agent.kit.budget`; every evaluation is counted in it
    share    the share of the budget at which a construction must end with what it has
    width    how many candidates a greedy choice looks at
Each returns `(answer, extent)`.
"""
