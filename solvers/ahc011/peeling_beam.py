import time

START = time.perf_counter() - time.process_time()  # before the other imports: about when the process began
import json
import os
import sys

import numpy as np
from numba import njit


# --- ale_agent.kit, inlined: begin ---

from numba import types


# From ale_agent.kit.budget.
# An external function, unlike a ctypes pointer, can be cached with the kernels that call it.
clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@njit(cache=True)
def clock_seconds(clock):
    """Return the clock's reading, s."""
    reading = np.empty(2, np.int64)
    clock_gettime(np.int32(clock), reading.ctypes.data)
    return reading[0] + 1e-9 * reading[1]


@njit(cache=True)
def spent_share(budget):
    """Return the share of the budget that is used up, 1 or more when it is over."""
    if budget[3] > 0.0:
        return budget[4] / budget[3]
    return (clock_seconds(budget[0]) - budget[1]) / budget[2]


# From ale_agent.kit.randomness.
def random_state(seed: int) -> np.ndarray:
    """Return a generator's state from any integer; close seeds give unrelated streams (splitmix64)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
    return np.array([(mixed ^ (mixed >> 31)) or 1], dtype=np.uint64)


@njit(cache=True)
def random_bits(rng):
    """Return 64 random bits (never all 0) and advance the state."""
    bits = rng[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    rng[0] = bits
    return bits


@njit(cache=True)
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


@njit(cache=True)
def random_unit(rng):
    """Return a random float in (0, 1)."""
    return (np.float64(random_bits(rng) >> np.uint64(12)) + 0.5) * 2.220446049250313e-16


# --- ale_agent.kit, inlined: end ---

PARAMETERS = {
    "hot": {"default": 2.0, "low": 0.5, "high": 8.0, "log": True},
    "cold": {"default": 0.35, "low": 0.08, "high": 1.0, "log": True},
    "power_target": {"default": 1.4, "low": 0.8, "high": 2.2},
    "power_beam": {"default": 1.4, "low": 0.8, "high": 2.2},
    "conflict": {"default": 2.0, "low": 0.0, "high": 8.0},
    "line_weight": {"default": 3.0, "low": 1.2, "high": 8.0, "log": True},
    "first_share": {"default": 0.64, "low": 0.5, "high": 0.9},
    "surface": {"default": 0.2, "low": 0.0, "high": 1.5},
}
TINY_CASE = "6 432\n62ce43\na068f9\na89da9\n5d93cb\n276253\n424ba8\n"
LETTERS = "LURD"
KEEP = 6


@njit(cache=True, error_model="numpy")
def components(kat, n, root):
    """Return the number of connected components of the tiles; one cell is empty (0)."""
    n2 = n * n
    for c in range(n2):
        root[c] = c
    comp = n2 - 1
    c = 0
    for i in range(n):
        for j in range(n):
            k = kat[c]
            if (k & 4) != 0 and j < n - 1 and (kat[c + 1] & 1) != 0:
                a = c
                while root[a] != a:
                    root[a] = root[root[a]]
                    a = root[a]
                b = c + 1
                while root[b] != b:
                    root[b] = root[root[b]]
                    b = root[b]
                if a != b:
                    root[b] = a
                    comp -= 1
            if (k & 8) != 0 and i < n - 1 and (kat[c + n] & 2) != 0:
                a = c
                while root[a] != a:
                    root[a] = root[root[a]]
                    a = root[a]
                b = c + n
                while root[b] != b:
                    root[b] = root[root[b]]
                    b = root[b]
                if a != b:
                    root[b] = a
                    comp -= 1
            c += 1
    return comp


@njit(cache=True, error_model="numpy")
def demand(c, new, req, excess, table, price, lam):
    """Let cell c require another type; return the change of the energy."""
    old = req[c]
    gaps = -abs(excess[old])
    excess[old] -= 1
    gaps += abs(excess[old]) - abs(excess[new])
    excess[new] += 1
    gaps += abs(excess[new])
    req[c] = new
    return table[new, c] - table[old, c] + price[new] - price[old] + lam * gaps


@njit(cache=True, error_model="numpy")
def reroot(r, parent):
    prev = -1
    cur = r
    while cur >= 0:
        nxt = parent[cur]
        parent[cur] = prev
        prev = cur
        cur = nxt


@njit(cache=True, error_model="numpy")
def direction_to(nbr, a, b):
    for d in range(4):
        if nbr[a, d] == b:
            return d
    return 0


@njit(cache=True, error_model="numpy")
def polish(n, types, origin, dt, gstart, gcount, perm, pos, work):
    """Improve the assignment within the types, make the parity right, return the distance sum."""
    nn = n * n
    for c in range(nn):
        pos[perm[c]] = c
    for turn in range(20):
        changed = 0
        for t in range(1, nn):
            end = gstart[types[t]] + gcount[types[t]]
            for s in range(t + 1, end):
                a, b = pos[t], pos[s]
                if dt[t, b] + dt[s, a] < dt[t, a] + dt[s, b] - 1e-9:
                    pos[t] = b
                    pos[s] = a
                    changed += 1
            for s in range(t + 1, end):  # cycles of three
                for r in range(s + 1, end):
                    a, b, c = pos[t], pos[s], pos[r]
                    now = dt[t, a] + dt[s, b] + dt[r, c] - 1e-9
                    if dt[t, b] + dt[s, c] + dt[r, a] < now:
                        pos[t] = b
                        pos[s] = c
                        pos[r] = a
                        changed += 1
                    elif dt[t, c] + dt[s, a] + dt[r, b] < now:
                        pos[t] = c
                        pos[s] = a
                        pos[r] = b
                        changed += 1
        if changed == 0:
            break
    for t in range(nn):
        perm[pos[t]] = t
        work[t] = 0
    cycles = 0
    for c in range(nn):
        if work[c] == 0:
            cycles += 1
            x = c
            while work[x] == 0:
                work[x] = 1
                x = origin[perm[x]]
    o, e = origin[0], pos[0]
    if (nn - cycles + o // n + o % n + e // n + e % n) & 1 == 1:
        best_t = -1
        best_s = -1
        least = 1e18
        for t in range(1, nn):
            end = gstart[types[t]] + gcount[types[t]]
            for s in range(t + 1, end):
                a, b = pos[t], pos[s]
                worse = dt[t, b] + dt[s, a] - dt[t, a] - dt[s, b]
                if worse < least:
                    least = worse
                    best_t = t
                    best_s = s
        if best_t >= 0:
            a, b = pos[best_t], pos[best_s]
            pos[best_t] = b
            pos[best_s] = a
            perm[b] = best_t
            perm[a] = best_s
    dist = 0.0
    for c in range(nn):
        dist += dt[perm[c], c]
    return dist


@njit(cache=True, error_model="numpy")
def assign(nn, start, types, gstart, gcount, req, perm, free, used):
    """Give every cell a tile of the type that it requires; tiles that may stay do."""
    for t in range(nn):
        used[t] = 0
    for c in range(nn):
        t = start[c]
        if types[t] == req[c]:
            perm[c] = t
            used[t] = 1
        else:
            perm[c] = -1
    for k in range(16):
        free[k] = gstart[k]
    for c in range(nn):
        if perm[c] < 0:
            k = req[c]
            t = free[k]
            while t < nn - 1 and used[t] == 1:
                t += 1
            perm[c] = t
            used[t] = 1
            free[k] = t + 1


@njit(cache=True, error_model="numpy")
def grow(n, scratch, nbr, start, types, origin, gstart, gcount, dt, pc, table, price, perm, pos, parent, req, work, used,
         tdist, tperm, tparent, found, budget, share_end, rng, hot, cold, tight_low, tight_high):
    """Walk over spanning trees and blank cells; fill tdist, tperm, tparent with the best valid targets, return how many.

    found: 0 valid trees met, 1 matchings computed, 2 least sum of count differences, 3 moves, 4 accepted moves.
    """
    nn = n * n
    excess = np.zeros(16, dtype=np.int64)
    free = np.zeros(16, dtype=np.int64)
    for c in range(nn):
        req[c] = 0
    blank = -1
    if scratch == 1:
        for c in range(nn):
            parent[c] = -3
            if start[c] == 0:
                blank = c
        parent[blank] = -2
        root = random_below(rng, nn)
        while root == blank:
            root = random_below(rng, nn)
        parent[root] = -1
        joined = 2
        while joined < nn:
            c = random_below(rng, nn)
            if parent[c] != -3:
                continue
            p = nbr[c, random_below(rng, 4)]
            if p < 0 or parent[p] < -1:
                continue
            parent[c] = p
            joined += 1
    else:
        for c in range(nn):
            if parent[c] == -2:
                blank = c
    for c in range(nn):
        p = parent[c]
        if p >= 0:
            d = direction_to(nbr, c, p)
            req[c] |= 1 << d
            req[p] |= 1 << (d ^ 2)
    for c in range(nn):
        excess[req[c]] += 1
        excess[types[c]] -= 1
    for k in range(16):
        price[k] = 0.0
    kept = 0
    least_fit = 1e18
    found[2] = 1000
    s0 = spent_share(budget)
    temperature = hot
    lam = tight_low * hot
    moves = 0
    while True:
        if moves & 127 == 0:
            if moves & 511 == 0:
                share = spent_share(budget)
                if share >= share_end:
                    break
                f = (share - s0) / (share_end - s0 + 1e-12)
                temperature = hot * (cold / hot) ** f
                lam = temperature * (tight_low + (tight_high - tight_low) * f)
            r = random_below(rng, nn)
            if r != blank:
                reroot(r, parent)
            for k in range(1, 16):
                z = price[k] + 0.01 * temperature * excess[k]
                bound = 6.0 * temperature + 2.0
                if z > bound:
                    z = bound
                if z < -bound:
                    z = -bound
                price[k] = z
        moves += 1
        budget[4] += 1.0
        delta = 0.0
        accepted = False
        if random_below(rng, 100) < 88:
            u = random_below(rng, nn)
            p = parent[u]
            if p < 0:
                continue
            d = random_below(rng, 4)
            v = nbr[u, d]
            if v < 0 or v == p or v == blank:
                continue
            dp = direction_to(nbr, u, p)
            w = v
            while w >= 0 and w != u:
                w = parent[w]
            if w == u:
                continue
            ru, rp, rv = req[u], req[p], req[v]
            delta += demand(u, ru ^ (1 << dp) ^ (1 << d), req, excess, table, price, lam)
            delta += demand(p, rp ^ (1 << (dp ^ 2)), req, excess, table, price, lam)
            delta += demand(v, rv ^ (1 << (d ^ 2)), req, excess, table, price, lam)
            if delta <= 0.0 or -delta >= temperature * np.log(random_unit(rng)):
                parent[u] = v
                accepted = True
            else:
                demand(v, rv, req, excess, table, price, lam)
                demand(p, rp, req, excess, table, price, lam)
                demand(u, ru, req, excess, table, price, lam)
        else:
            e = blank
            if random_below(rng, 3) == 0:
                x = random_below(rng, nn)
            else:
                x = nbr[e, random_below(rng, 4)]
                if x < 0:
                    continue
                if random_below(rng, 2) == 0:
                    x = nbr[x, random_below(rng, 4)]
                    if x < 0:
                        continue
            if x == e or pc[req[x]] != 1:
                continue
            d2 = random_below(rng, 4)
            q = nbr[e, d2]
            if q < 0 or q == x:
                continue
            dx = 0
            while req[x] != (1 << dx):
                dx += 1
            p = nbr[x, dx]
            rx = req[x]
            delta += demand(x, 0, req, excess, table, price, lam)
            delta += demand(p, req[p] ^ (1 << (dx ^ 2)), req, excess, table, price, lam)
            delta += demand(e, 1 << d2, req, excess, table, price, lam)
            delta += demand(q, req[q] ^ (1 << (d2 ^ 2)), req, excess, table, price, lam)
            if delta <= 0.0 or -delta >= temperature * np.log(random_unit(rng)):
                if parent[x] == -1:
                    parent[p] = -1
                parent[x] = -2
                parent[e] = q
                blank = x
                accepted = True
            else:
                demand(q, req[q] ^ (1 << (d2 ^ 2)), req, excess, table, price, lam)
                demand(e, 0, req, excess, table, price, lam)
                demand(p, req[p] ^ (1 << (dx ^ 2)), req, excess, table, price, lam)
                demand(x, rx, req, excess, table, price, lam)
        if not accepted:
            continue
        found[4] += 1
        gaps = 0
        for k in range(16):
            gaps += abs(excess[k])
        if gaps < found[2]:
            found[2] = gaps
        if gaps > 0:
            continue
        found[0] += 1
        fit = 0.0
        for c in range(nn):
            fit += table[req[c], c]
        if fit < least_fit:
            least_fit = fit
        if kept == tdist.size and fit > 1.06 * least_fit + 1.0:
            continue
        found[1] += 1
        assign(nn, start, types, gstart, gcount, req, perm, free, used)
        dist = polish(n, types, origin, dt, gstart, gcount, perm, pos, work)
        place = -1
        if kept < tdist.size:
            place = kept
        else:
            place = 0
            for k in range(1, kept):
                if tdist[k] > tdist[place]:
                    place = k
            if tdist[place] <= dist:
                continue
        same = False
        for k in range(kept):
            if abs(tdist[k] - dist) < 1e-7:
                same = True
        if same:
            continue
        if place == kept:
            kept += 1
        tdist[place] = dist
        for c in range(nn):
            tperm[place, c] = perm[c]
            tparent[place, c] = parent[c]
    found[3] += moves
    return kept


@njit(cache=True, error_model="numpy")
def start_conflicts(n, gr, gc):
    """Return the pairs in the wrong order where tile t stands at cell t."""
    count = 0
    for t in range(n * n):
        r = t // n
        c = t % n
        if gr[t] == r:
            for x in range(c + 1, n):
                u = r * n + x
                if gr[u] == r and gc[u] < gc[t]:
                    count += 1
        if gc[t] == c:
            for x in range(r + 1, n):
                u = x * n + c
                if gc[u] == c and gr[u] < gr[t]:
                    count += 1
    return count


@njit(cache=True, error_model="numpy")
def untangle(n, kind, same, same_count, near, goal, weight, tries, rng):
    """Exchange goals within the types by even permutations; lower distance + weight * conflicts; return it."""
    n2 = n * n
    gr = np.zeros(n2, dtype=np.int64)
    gc = np.zeros(n2, dtype=np.int64)
    ids = np.zeros(4, dtype=np.int64)
    new = np.zeros(4, dtype=np.int64)
    distance = 0.0
    for t in range(n2):
        gr[t] = goal[t] // n
        gc[t] = goal[t] % n
        if kind[t] == 0:
            gr[t] = -1
            gc[t] = -1
        else:
            distance += near[t, goal[t]]
    value = distance + weight * start_conflicts(n, gr, gc)
    for number in range(tries):
        t = random_below(rng, n2)
        k = kind[t]
        if k == 0 or same_count[k] < 2:
            continue
        u = same[k, random_below(rng, same_count[k])]
        if u == t:
            continue
        size = 3
        ids[0] = t
        ids[1] = u
        if random_below(rng, 2) == 0:
            w = same[k, random_below(rng, same_count[k])]
            if w == t or w == u:
                continue
            ids[2] = w
            new[0] = goal[u]
            new[1] = goal[w]
            new[2] = goal[t]
        else:
            w = random_below(rng, n2)
            k2 = kind[w]
            if k2 == 0 or same_count[k2] < 2 or w == t or w == u:
                continue
            v = same[k2, random_below(rng, same_count[k2])]
            if v == w or v == t or v == u:
                continue
            size = 4
            ids[2] = w
            ids[3] = v
            new[0] = goal[u]
            new[1] = goal[t]
            new[2] = goal[v]
            new[3] = goal[w]
        change = 0.0
        for q in range(size):
            change += near[ids[q], new[q]] - near[ids[q], goal[ids[q]]]
        if distance + change > value:
            continue
        for q in range(size):
            gr[ids[q]] = new[q] // n
            gc[ids[q]] = new[q] % n
        total = distance + change + weight * start_conflicts(n, gr, gc)
        if total <= value:
            value = total
            distance += change
            for q in range(size):
                goal[ids[q]] = new[q]
        else:
            for q in range(size):
                gr[ids[q]] = goal[ids[q]] // n
                gc[ids[q]] = goal[ids[q]] % n
    return value


@njit(cache=True, error_model="numpy")
def along(boards, cur, i, n, t, cell, column, gr, gc):
    """Return how many tiles of the cell's column (or row) tile t would stand in the wrong order with, being there."""
    r = cell // n
    c = cell % n
    count = 0
    if column:
        if gc[t] == c:
            for x in range(n):
                u = np.int64(boards[cur, i, x * n + c])
                if gc[u] == c and (x - r) * (gr[u] - gr[t]) < 0:
                    count += 1
    else:
        if gr[t] == r:
            for x in range(n):
                u = np.int64(boards[cur, i, r * n + x])
                if gr[u] == r and (x - c) * (gc[u] - gc[t]) < 0:
                    count += 1
    return count


@njit(cache=True, error_model="numpy")
def flip(boards, cur, i, nbr, target, blank, cell):
    """Return by how much the sides between right and wrong cells grow when this cell becomes right."""
    change = 0
    for d in range(4):
        x = nbr[cell, d]
        if x >= 0:
            u = np.int64(boards[cur, i, x])
            if u == target[x] and u != blank:
                change -= 1
            else:
                change += 1
    return change


@njit(cache=True, error_model="numpy")
def all_sides(boards, cur, i, n, nbr, target, blank):
    """Return the number of sides between right and wrong cells."""
    count = 0
    for cell in range(n * n):
        t = np.int64(boards[cur, i, cell])
        if t == target[cell] and t != blank:
            for d in range(4):
                x = nbr[cell, d]
                if x >= 0:
                    u = np.int64(boards[cur, i, x])
                    if u != target[x] or u == blank:
                        count += 1
    return count


@njit(cache=True, error_model="numpy")
def all_conflicts(boards, cur, i, n, gr, gc):
    """Return the number of pairs in the wrong order over all rows and columns."""
    count = 0
    for cell in range(n * n):
        t = np.int64(boards[cur, i, cell])
        if gr[t] >= 0:
            count += along(boards, cur, i, n, t, cell, True, gr, gc)
            count += along(boards, cur, i, n, t, cell, False, gr, gc)
    return count // 2


@njit(cache=True, error_model="numpy")
def sweep(n, kind, nbr, z, costs, label, free, target, lines, linelen, boards, st, sh, cd, ch, thash, tmeta, seen, tsize,
          hist, parent, way, out, budget, end, fixed, first, wmax, est, max_depth, rng, info, conflict, words, steps, slack, exact,
          surface):
    """Beam search over moves in stages. Return the moves of a solution, or -1 - moves of the way to the best state seen.

    A stage fixes its line (cells with exact tiles), then the blank may go to the next stage's free cells only; the last
    stage ends with any tree. Stages have their own costs and hashes and get shares of the width.
    """
    n2 = n * n
    stages = linelen.size
    kat = np.zeros(n2, dtype=np.int64)
    root = np.zeros(n2, dtype=np.int64)
    lows = np.zeros(stages, dtype=np.int64)
    highs = np.zeros(stages, dtype=np.int64)
    counts = np.zeros(stages, dtype=np.int64)
    quota = np.zeros(stages, dtype=np.int64)
    shifts = np.zeros(stages, dtype=np.int64)
    levels = np.zeros(stages, dtype=np.int64)
    lefts = np.zeros(stages, dtype=np.int64)
    for s in range(tsize):
        tmeta[s] = 0
    seen_size = 131072
    if seen.size < seen_size:
        seen_size = seen.size
    for s in range(seen_size):
        seen[s] = np.uint64(0)
    two = np.uint64(seen_size - 1)
    cuts = np.zeros(stages, dtype=np.int64)
    for s in range(stages):
        cuts[s] = 1 << 60
    one = np.uint64(tsize - 1)
    salt = n2 + 18
    blank = 0
    for c in range(n2):
        boards[0, 0, c] = c
        if kind[c] == 0:
            blank = c
    stage = 0
    while stage < stages - 1:
        fine = True
        for q in range(linelen[stage]):
            if target[lines[stage, q]] != lines[stage, q]:
                fine = False
        if not fine:
            break
        stage += 1
    h = 0
    value = z[salt, stage]
    for c in range(n2):
        value ^= z[label[stage, c], c]
        if c != blank:
            h += np.int64(costs[stage, c, c])
    gr = np.zeros(n2, dtype=np.int64)
    gc = np.zeros(n2, dtype=np.int64)
    for c in range(n2):
        gr[target[c]] = c // n
        gc[target[c]] = c % n
    gr[blank] = -1
    gc[blank] = -1
    h += conflict * all_conflicts(boards, 0, 0, n, gr, gc) + surface * all_sides(boards, 0, 0, n, nbr, target, blank)
    far = 0
    for c in range(n2):
        if c != blank:
            far += steps[c, c]
    st[0, 0, 6] = far
    st[0, 0, 0] = blank
    st[0, 0, 1] = h
    st[0, 0, 2] = -1
    st[0, 0, 3] = 0
    st[0, 0, 4] = 0
    st[0, 0, 5] = stage
    sh[0, 0] = value
    parent[0] = -1
    way[0] = 0
    used = 1
    best_h = h
    best_stage = stage
    best_node = 0
    goal = -1
    cur = 0
    count = 1
    depth = 0
    processed = 0
    began = spent_share(budget)
    mask32 = (1 << 32) - 1
    while depth < max_depth and count > 0:
        share = spent_share(budget)
        if share >= end:
            break
        width = fixed
        if fixed <= 0:
            width = first
            if processed > 5000 and share > began:
                remain = est - depth
                if remain < 0.08 * est:
                    remain = 0.08 * est
                if remain < 4.0:
                    remain = 4.0
                width = int(processed / (share - began) * (end - share) / remain)
        if width > wmax:
            width = wmax
        if width < 50:
            width = 50
        if width > parent.size - 8 - used:
            width = parent.size - 8 - used
        if width < 1:
            break
        nc = 0
        for s in range(stages):
            lows[s] = 1 << 60
            highs[s] = -(1 << 60)
            counts[s] = 0
        for i in range(count):
            bl = st[cur, i, 0]
            hh = st[cur, i, 1]
            back = st[cur, i, 2]
            stage = st[cur, i, 5]
            hv = sh[cur, i]
            k2 = label[stage, blank]
            for d in range(4):
                if d == back:
                    continue
                nb = nbr[bl, d]
                if nb < 0 or free[stage, nb] == 0:
                    continue
                t = np.int64(boards[cur, i, nb])
                h2 = hh - np.int64(costs[stage, t, nb]) + np.int64(costs[stage, t, bl])
                column = (d & 1) == 0  # a move along a row takes the tile to another column
                h2 += conflict * (
                    along(boards, cur, i, n, t, bl, column, gr, gc) - along(boards, cur, i, n, t, nb, column, gr, gc)
                )
                if target[nb] == t:  # the tile leaves its place: the blank beside it is wrong before and after
                    h2 -= surface * flip(boards, cur, i, nbr, target, blank, nb)
                elif target[bl] == t:
                    h2 += surface * flip(boards, cur, i, nbr, target, blank, bl)
                if h2 > cuts[stage]:
                    continue
                if depth + 1 + st[cur, i, 6] + steps[t, bl] - steps[t, nb] > max_depth + slack:
                    continue
                k = label[stage, t]
                hv2 = hv ^ z[k, nb] ^ z[k, bl] ^ z[k2, bl] ^ z[k2, nb]
                if seen[np.int64((hv2 >> np.uint64(24)) & two)] == hv2:
                    continue
                base = np.int64(hv2 & one)
                place = -1
                dup = False
                for q in range(4):
                    s = (base + q) & (tsize - 1)
                    m = tmeta[s]
                    if m == 0:
                        if place < 0:
                            place = s
                        break
                    age = m >> 32
                    if age == depth + 1 and thash[s] == hv2:
                        dup = True
                        x = m & mask32
                        if h2 < cd[x, 3]:
                            cd[x, 0] = cd[x, 0] - cd[x, 3] + h2
                            cd[x, 1] = i
                            cd[x, 2] = d
                            cd[x, 3] = h2
                            if cd[x, 0] < lows[stage]:
                                lows[stage] = cd[x, 0]
                        break
                    if age <= depth and place < 0:
                        place = s
                if dup:
                    continue
                if place >= 0:
                    thash[place] = hv2
                    tmeta[place] = ((depth + 1) << 32) | nc
                key = h2 + random_below(rng, 12)
                cd[nc, 0] = key
                cd[nc, 1] = i
                cd[nc, 2] = d
                cd[nc, 3] = h2
                cd[nc, 4] = stage
                ch[nc] = hv2
                if key < lows[stage]:
                    lows[stage] = key
                if key > highs[stage]:
                    highs[stage] = key
                counts[stage] += 1
                nc += 1
        budget[4] += 1.0 + nc
        # shares of the width: six tenths of what is left for the most advanced stage, and so on
        room = width
        for s in range(stages):
            quota[s] = 0
        for s in range(stages - 1, -1, -1):
            if counts[s] > 0:
                part = room * 6 // 10
                if part > counts[s]:
                    part = counts[s]
                quota[s] = part
                room -= part
        for s in range(stages - 1, -1, -1):
            part = counts[s] - quota[s]
            if part > room:
                part = room
            quota[s] += part
            room -= part
        for s in range(stages):
            shifts[s] = 0
            cuts[s] = 1 << 60
            levels[s] = 1 << 60
            lefts[s] = 0
            if counts[s] > quota[s]:
                while ((highs[s] - lows[s]) >> shifts[s]) >= hist.shape[1]:
                    shifts[s] += 1
                top = ((highs[s] - lows[s]) >> shifts[s]) + 1
                for x in range(top):
                    hist[s, x] = 0
        for i in range(nc):
            s = cd[i, 4]
            if counts[s] > quota[s]:
                hist[s, (cd[i, 0] - lows[s]) >> shifts[s]] += 1
        for s in range(stages):
            if counts[s] > quota[s]:
                top = ((highs[s] - lows[s]) >> shifts[s]) + 1
                total = 0
                x = 0
                while x < top - 1 and total + hist[s, x] <= quota[s]:
                    total += hist[s, x]
                    x += 1
                levels[s] = x
                lefts[s] = quota[s] - total
                # the level of the next depth lies near this one; if too much is cut, the next depth cuts nothing
                cuts[s] = lows[s] + ((x + 1) << shifts[s]) + 160
        nxt = 1 - cur
        made = 0
        for i in range(nc):
            stage = cd[i, 4]
            x = (cd[i, 0] - lows[stage]) >> shifts[stage]
            if x > levels[stage]:
                continue
            if x == levels[stage]:
                if lefts[stage] <= 0:
                    continue
                lefts[stage] -= 1
            p = cd[i, 1]
            d = cd[i, 2]
            for c in range(words.shape[2]):
                words[nxt, made, c] = words[cur, p, c]
            bl = st[cur, p, 0]
            nb = nbr[bl, d]
            boards[nxt, made, bl] = boards[cur, p, nb]  # boards are the bytes of words
            boards[nxt, made, nb] = blank
            node = used
            used += 1
            parent[node] = st[cur, p, 4]
            way[node] = d
            seen[np.int64((ch[i] >> np.uint64(24)) & two)] = ch[i]
            h = cd[i, 3]
            value = ch[i]
            f = st[cur, p, 3]
            before = stage
            while stage < stages - 1:
                fine = True
                size = linelen[stage]
                for q in range(size):
                    x = f + q
                    if x >= size:
                        x -= size
                    u = np.int64(boards[nxt, made, lines[stage, x]])
                    if u != target[lines[stage, x]] and (exact == 0 or kind[u] != kind[target[lines[stage, x]]]):
                        fine = False
                        f = x
                        break
                if not fine:
                    break
                stage += 1
                f = 0
            if stage != before:
                h = 0
                value = z[salt, stage]
                for c in range(n2):
                    t = np.int64(boards[nxt, made, c])
                    value ^= z[label[stage, t], c]
                    if t != blank:
                        h += np.int64(costs[stage, t, c])
            if stage != before:
                h += conflict * all_conflicts(boards, nxt, made, n, gr, gc)
                h += surface * all_sides(boards, nxt, made, n, nbr, target, blank)
            if stage > best_stage or (stage == best_stage and h < best_h):
                best_stage = stage
                best_h = h
                best_node = node
            if stage == stages - 1 and exact == 1:
                goal = node
                break
            if stage == stages - 1:
                # does any line lead nowhere? begin where the parent had such a one
                fine = True
                for q in range(n2):
                    c = f + q
                    if c >= n2:
                        c -= n2
                    k = kind[np.int64(boards[nxt, made, c])]
                    for e in range(4):
                        if ((k >> e) & 1) == 1:
                            o = nbr[c, e]
                            if o < 0:
                                fine = False
                            elif ((kind[np.int64(boards[nxt, made, o])] >> (e ^ 2)) & 1) == 0:
                                fine = False
                    if not fine:
                        f = c
                        break
                if fine:
                    for c in range(n2):
                        kat[c] = kind[np.int64(boards[nxt, made, c])]
                    if components(kat, n, root) == 1:
                        goal = node
                        break
            st[nxt, made, 0] = nb
            st[nxt, made, 1] = h
            st[nxt, made, 2] = d ^ 2
            st[nxt, made, 3] = f
            st[nxt, made, 4] = node
            st[nxt, made, 5] = stage
            u = np.int64(boards[nxt, made, bl])
            st[nxt, made, 6] = st[cur, p, 6] + steps[u, bl] - steps[u, nb]
            sh[nxt, made] = value
            made += 1
        processed += made
        cur = nxt
        count = made
        depth += 1
        if goal >= 0:
            break
    info[0] += processed
    info[1] = processed / (spent_share(budget) - began + 1e-9)
    info[2] = best_stage
    node = goal
    if goal < 0:
        node = best_node
    length = 0
    x = node
    while parent[x] >= 0:
        length += 1
        x = np.int64(parent[x])
    x = node
    for q in range(length - 1, -1, -1):
        out[q] = way[x]
        x = np.int64(parent[x])
    if goal >= 0:
        return length
    return -1 - length


def largest_tree(n, tiles):
    """Return the number of tiles in the largest component without a cycle."""
    step = (-1, -n, 1, n)
    found = [False] * (n * n)
    largest = 0
    for start in range(n * n):
        if found[start] or tiles[start] == 0:
            continue
        found[start] = True
        stack, size, ends = [start], 0, 0
        while stack:
            c = stack.pop()
            size += 1
            for d in range(4):
                if not (tiles[c] >> d) & 1:
                    continue
                if (d == 0 and c % n == 0) or (d == 2 and c % n == n - 1):
                    continue
                o = c + step[d]
                if o < 0 or o >= n * n or not (tiles[o] >> (d ^ 2)) & 1:
                    continue
                ends += 1
                if not found[o]:
                    found[o] = True
                    stack.append(o)
        if ends == 2 * (size - 1) and size > largest:
            largest = size
    return largest


def after_moves(n, tiles, moves):
    step = (-1, -n, 1, n)
    tiles = list(tiles)
    at = tiles.index(0)
    for d in moves:
        o = at + step[d]
        tiles[at], tiles[o] = tiles[o], 0
        at = o
    return tiles


class Solver:
    """The board, the work arrays and the best moves so far."""

    def __init__(self, text, values, budget, seed):
        words = text.split()
        self.n, self.most = int(words[0]), int(words[1])
        n = self.n
        self.tiles = [int(letter, 16) for row in words[2 : 2 + n] for letter in row]
        self.values, self.budget = values, budget
        self.rng = random_state(seed)
        self.answer, self.best_k = [], self.most + 1
        self.best_size = largest_tree(n, self.tiles)
        self.stats = {}
        self.warm = float(budget[3]) > 0.0

    def prepare(self):
        n, n2 = self.n, self.n * self.n
        nbr = np.full((n2, 4), -1, dtype=np.int64)
        for c in range(n2):
            i, j = divmod(c, n)
            if j > 0:
                nbr[c, 0] = c - 1
            if i > 0:
                nbr[c, 1] = c - n
            if j < n - 1:
                nbr[c, 2] = c + 1
            if i < n - 1:
                nbr[c, 3] = c + n
        self.nbr = nbr
        rows = np.arange(n2, dtype=np.int64) // n
        cols = np.arange(n2, dtype=np.int64) % n
        self.manhattan = np.abs(rows[:, None] - rows[None, :]) + np.abs(cols[:, None] - cols[None, :])
        self.near = np.ascontiguousarray(self.manhattan.astype(np.float64) ** float(self.values["power_target"]))
        self.away = np.ascontiguousarray(self.manhattan.astype(np.float64) ** float(self.values["power_beam"]))
        maker = np.random.RandomState(12345)
        high = maker.randint(0, 2**32, size=(n2 + 20, n2), dtype=np.uint64)
        low = maker.randint(0, 2**32, size=(n2 + 20, n2), dtype=np.uint64)
        z = np.ascontiguousarray((high << np.uint64(32)) | low)
        z[0, :] = np.uint64(0)  # tiles that the hash does not see
        self.z = z
        for wmax, nodes, table in ((24000, 6000000, 1 << 19), (6000, 2000000, 1 << 17), (1500, 500000, 1 << 15)):
            try:
                self.wmax, self.table = wmax, table
                self.words = np.zeros((2, wmax, (n2 + 7) // 8), dtype=np.uint64)
                self.boards = self.words.view(np.uint8)
                self.st = np.empty((2, wmax, 7), dtype=np.int64)
                self.sh = np.empty((2, wmax), dtype=np.uint64)
                self.cd = np.empty((3 * wmax + 8, 5), dtype=np.int64)
                self.ch = np.empty(3 * wmax + 8, dtype=np.uint64)
                self.thash = np.zeros(table, dtype=np.uint64)
                self.tmeta = np.zeros(table, dtype=np.int64)
                self.seen = np.zeros(table, dtype=np.uint64)
                self.hist = np.zeros((2 * n + 2, 4096), dtype=np.int64)
                self.parent = np.empty(nodes + 8, dtype=np.int32)
                self.way = np.empty(nodes + 8, dtype=np.int8)
                break
            except MemoryError:
                continue
        self.out = np.zeros(self.most + 8, dtype=np.int64)
        self.info = np.zeros(3, dtype=np.float64)
        self.began = float(spent_share(self.budget))

    def now(self):
        return float(spent_share(self.budget))

    def part(self, x):
        return self.began + (1.0 - self.began) * x

    def untangled(self, kinds, target):
        """Return (distance + conflicts, target) after exchanges within the types; target[cell] is a tile."""
        n2 = self.n * self.n
        kind = np.array(kinds, dtype=np.int64)
        same = np.zeros((16, n2), dtype=np.int64)
        same_count = np.zeros(16, dtype=np.int64)
        for c in range(n2):
            same[kinds[c], same_count[kinds[c]]] = c
            same_count[kinds[c]] += 1
        goal = np.zeros(n2, dtype=np.int64)
        goal[target] = np.arange(n2, dtype=np.int64)
        value = float(
            untangle(self.n, kind, same, same_count, self.near, goal, float(self.values["conflict"]), 6000, self.rng)
        )
        result = np.zeros(n2, dtype=np.int64)
        result[goal] = np.arange(n2, dtype=np.int64)
        return value, result

    def rooted(self, kinds):
        """Return the parents of a full tree (root -1, blank -2)."""
        n2 = self.n * self.n
        parent = np.full(n2, -3, dtype=np.int64)
        parent[kinds.index(0)] = -2
        root = 0 if kinds[0] != 0 else 1
        parent[root] = -1
        stack = [root]
        while stack:
            c = stack.pop()
            for d in range(4):
                if (kinds[c] >> d) & 1:
                    o = int(self.nbr[c, d])
                    if o >= 0 and parent[o] == -3:
                        parent[o] = c
                        stack.append(o)
        return None if (parent == -3).any() else parent

    def tree_targets(self, kinds, share_end, runs, best_parent):
        """Return [(cost, target)] of walks over trees; the tiles are numbered by type inside."""
        n, n2 = self.n, self.n * self.n
        again = best_parent is not None
        order = sorted(range(n2), key=lambda c: kinds[c])  # the blank comes first
        origin = np.array(order, dtype=np.int64)
        types = np.array([kinds[c] for c in order], dtype=np.int64)
        start = np.zeros(n2, dtype=np.int64)
        gstart = np.zeros(16, dtype=np.int64)
        gcount = np.zeros(16, dtype=np.int64)
        for tile in range(n2):
            start[order[tile]] = tile
            k = int(types[tile])
            if gcount[k] == 0:
                gstart[k] = tile
            gcount[k] += 1
        gcount[0] = 0
        pc = np.array([bin(k).count("1") for k in range(16)], dtype=np.int64)
        dt = np.ascontiguousarray(self.near[origin])
        dt[0, :] = 0.0
        table = np.zeros((16, n2), dtype=np.float64)
        far = float(2 * n) ** float(self.values["power_target"])
        for k in range(1, 16):
            if gcount[k] == 0:
                table[k] = far
            elif gcount[k] == 1:
                table[k] = dt[gstart[k]]
            else:
                near_ones = np.sort(dt[gstart[k] : gstart[k] + gcount[k]], axis=0)
                table[k] = 0.75 * near_ones[0] + 0.25 * near_ones[1]
        price = np.zeros(16, dtype=np.float64)
        used = np.zeros(n2, dtype=np.int64)
        tdist = np.zeros(KEEP, dtype=np.float64)
        tperm = np.zeros((KEEP, n2), dtype=np.int64)
        tparent = np.zeros((KEEP, n2), dtype=np.int64)
        found = np.zeros(8, dtype=np.int64)
        perm = np.zeros(n2, dtype=np.int64)
        pos = np.zeros(n2, dtype=np.int64)
        parent = np.zeros(n2, dtype=np.int64)
        req = np.zeros(n2, dtype=np.int64)
        work = np.zeros(2 * n2 + 8, dtype=np.int64)
        hot, cold = float(self.values["hot"]), float(self.values["cold"])
        targets = []
        best = 1e18
        number = 0
        while True:
            now = self.now()
            if number > 0 and (number >= runs or now >= share_end) and (
                targets or again or now > self.part(0.8) or self.warm
            ):
                break
            slot = max(share_end - now, 0.002 if again else 0.03) / max(1, runs - number)
            if best_parent is None or (number % 2 == 0 and not again):
                scratch, heat = 1, hot
            else:
                parent[:] = best_parent
                scratch, heat = 0, max(0.4 * hot, 1.5 * cold)
            kept = int(
                grow(n, scratch, self.nbr, start, types, origin, gstart, gcount, dt, pc, table, price, perm, pos, parent,
                     req, work, used, tdist, tperm, tparent, found, self.budget, float(now + slot), self.rng, float(heat),
                     cold, 1.2, 2.5)
            )
            number += 1
            for place in sorted(range(kept), key=lambda place: tdist[place])[:2]:
                goal = origin[tperm[place]]
                targets.append((float(tdist[place]), np.ascontiguousarray(goal)))
                if tdist[place] < best:
                    best, best_parent = float(tdist[place]), tparent[place].copy()
        return targets

    def search(self, kinds, target, end, fixed, est, limit, level):
        """Return (solved, moves) of a staged beam search from a board of kinds towards the target."""
        n, n2 = self.n, self.n * self.n
        rest = 6
        if n <= 7:
            rest = 7
        look, weight = 2, float(self.values["line_weight"])
        if level == 1:
            rest, look, weight = min(rest, 5), 1, 1.4 * weight
        elif level >= 2:
            rest, look, weight = 3, 1, 2.0 * weight
        kind = np.array(kinds, dtype=np.int64)
        blank = kinds.index(0)
        goal = np.empty(n2, dtype=np.int64)
        goal[target] = np.arange(n2, dtype=np.int64)
        gi, gj = divmod(int(goal[blank]), n)
        top, bottom, left, right = 0, n, 0, n  # half open
        frees, plan = [], []
        exact = level < 0
        if exact:  # the whole board as one line: the way must end at this very board
            frees = [np.ones(n2, dtype=np.int64), np.ones(n2, dtype=np.int64)]
            plan = [[c for c in range(n2) if c != int(goal[blank])]]
        while not exact:
            mask = np.zeros((n, n), dtype=np.int64)
            mask[top:bottom, left:right] = 1
            frees.append(mask.reshape(-1))
            options = []
            if bottom - top > rest:
                options.append((gi - top, right - left, 0))
                options.append((bottom - 1 - gi, right - left, 1))
            if right - left > rest:
                options.append((gj - left, bottom - top, 2))
                options.append((right - 1 - gj, bottom - top, 3))
            if not options:
                break
            side = max(options)[2]
            if side == 0:
                plan.append([top * n + j for j in range(left, right)])
                top += 1
            elif side == 1:
                bottom -= 1
                plan.append([bottom * n + j for j in range(left, right)])
            elif side == 2:
                plan.append([i * n + left for i in range(top, bottom)])
                left += 1
            else:
                right -= 1
                plan.append([i * n + right for i in range(top, bottom)])
        stages = len(frees)
        free = np.ascontiguousarray(np.array(frees, dtype=np.int64))
        lines = np.zeros((stages, n2), dtype=np.int64)
        linelen = np.zeros(stages, dtype=np.int64)
        label = np.zeros((stages, n2), dtype=np.int64)
        factor = 1.0 + 0.5 * self.manhattan[goal, goal[blank]] / (2.0 * n)
        plain = 32.0 * factor[:, None] * self.away[goal]
        costs = np.zeros((stages, n2, n2), dtype=np.int32)
        for s in range(stages):
            scale = np.ones(n2, dtype=np.float64)
            if exact:
                lines[s, : len(plan[0])] = plan[0]
                linelen[s] = len(plan[0])
                label[s] = kind + 1
            elif s < stages - 1:
                lines[s, : len(plan[s])] = plan[s]
                linelen[s] = len(plan[s])
                for later in range(s, min(s + look, stages - 1)):
                    tiles = target[np.array(plan[later], dtype=np.int64)]
                    label[s, tiles] = 17 + tiles
                    if later == s:
                        scale[tiles] = weight
                    elif later == s + 1:
                        scale[tiles] = 0.5 + 0.5 * weight
            else:
                label[s] = kind + 1
            label[s, blank] = 1
            table = np.rint(plain * scale[:, None])
            table[blank] = 0.0
            costs[s] = table.astype(np.int32)
        first = fixed
        if fixed <= 0:
            first = int(max(100.0, min(float(self.wmax), float(self.info[1]) * (end - self.now()) / max(est, 1.0))))
        size = 1 << 12
        while size < self.table and size < 6 * first:
            size *= 2
        length = int(
            sweep(n, kind, self.nbr, self.z, costs, label, free, np.ascontiguousarray(target), lines, linelen, self.boards,
                  self.st, self.sh, self.cd, self.ch, self.thash, self.tmeta, self.seen, int(size), self.hist, self.parent,
                  self.way, self.out, self.budget, float(end), int(fixed), int(first), int(self.wmax), float(est),
                  int(limit), self.rng, self.info, int(round(32.0 * float(self.values["conflict"]))), self.words,
                  np.ascontiguousarray(self.manhattan[goal]), 0 if exact else 8, 1 if exact else 0,
                  int(round(32.0 * float(self.values["surface"]))))
        )
        if length >= 0:
            return True, [int(d) for d in self.out[:length]]
        return False, [int(d) for d in self.out[: -1 - length]]

    def offer(self, solved, moves):
        """Take the moves if they are better than the best."""
        if len(moves) > self.most:
            return
        if solved:
            if len(moves) < self.best_k:
                self.best_k, self.answer = len(moves), moves
        elif self.best_k > self.most:
            size = largest_tree(self.n, after_moves(self.n, self.tiles, moves))
            if size > self.best_size:
                self.best_size, self.answer = size, moves

    def solve(self):
        if self.best_size == self.n * self.n - 1:
            return
        self.prepare()
        n2 = self.n * self.n
        most = self.most
        targets = self.tree_targets(self.tiles, self.part(0.3), 6, None)
        plain = min((entry[0] for entry in targets), default=0.0)
        if self.warm:
            self.untangled(self.tiles, np.arange(n2, dtype=np.int64))
        targets = [self.untangled(self.tiles, target) for _, target in targets]
        targets.sort(key=lambda entry: entry[0])
        self.stats["targets"] = len(targets)
        if not targets:
            targets.append((0.0, np.arange(n2, dtype=np.int64)))
        self.stats["target_cost"] = targets[0][0]
        first_share = float(self.values["first_share"])
        race = []
        for number, (value, target) in enumerate(targets[:7]):
            if number > 0 and self.now() > self.part(0.45):
                break
            limit = min(most, 8 * n2)
            if self.best_k <= most:
                limit = min(most, self.best_k + self.best_k // 10)
            solved, moves = self.search(self.tiles, target, 0.9, 500, 100.0, limit, 0)
            self.offer(solved, moves)
            race.append((len(moves) if solved else most + 1, value, number))
        race.sort()
        self.stats["race_solved"] = sum(entry[0] <= most for entry in race) / len(race)
        self.stats["race_k_over_t"] = min(self.best_k, most) / most
        level = 0
        for level, width in ((0, 3000), (1, 2000), (2, 1500), (2, 6000)):
            if self.best_k <= most:
                break
            for entry in race[:2]:
                if self.best_k > most and self.now() < 0.93:
                    self.offer(*self.search(self.tiles, targets[entry[2]][1], 0.97, width, 100.0, most, level))
        self.stats["share_race"] = self.now()
        if 1 < self.best_k <= most and self.now() < self.part(first_share) - 0.03:
            target = targets[race[0][2]][1]
            self.offer(*self.search(self.tiles, target, self.part(first_share), 0, 0.95 * self.best_k, self.best_k - 1, 0))
        self.stats["first_k_over_t"] = min(self.best_k, most) / most
        self.rounds()

    def boards_at(self, first, second):
        """Return the tiles' numbers (cells at the start) on the board after so many moves of the best way, twice."""
        step = (-1, -self.n, 1, self.n)
        ids = list(range(self.n * self.n))
        spot = self.tiles.index(0)
        one = list(ids)
        for number, d in enumerate(self.answer[:second]):
            if number == first:
                one = list(ids)
            other = spot + step[d]
            ids[spot], ids[other] = ids[other], ids[spot]
            spot = other
        if first >= second:
            one = list(ids)
        return one, ids

    def windows(self, until, place):
        """Replace pieces of the best way, from this place on, by shorter ways between the same two boards."""
        n2 = self.n * self.n
        place = max(0, place - 30)
        while self.now() < until and 8 < self.best_k <= self.most and place < self.best_k - 8:
            size = 36 + int(26 * float(random_unit(self.rng)))
            size = min(size, self.best_k)
            first = min(place, self.best_k - size)
            place = first + 18 if first + size < self.best_k else self.best_k
            one, two = self.boards_at(first, first + size)
            where = [0] * n2
            for c in range(n2):
                where[one[c]] = c
            kinds = [self.tiles[t] for t in one]
            self.stats["windows"] = self.stats.get("windows", 0) + 1
            if kinds == [self.tiles[t] for t in two]:
                moves = []
            else:
                target = np.array([where[t] for t in two], dtype=np.int64)
                stop = min(0.985, self.now() + 0.02)
                solved, moves = self.search(kinds, target, stop, 700, float(size), size, -1)
                if not solved or len(moves) > size:
                    continue
                self.stats["windows_solved"] = self.stats.get("windows_solved", 0) + 1
            if len(moves) < size:
                self.stats["windows_better"] = self.stats.get("windows_better", 0) + 1
                self.stats["windows_saved"] = self.stats.get("windows_saved", 0) + size - len(moves)
                place = max(0, first - 10)
            self.answer = self.answer[:first] + moves + self.answer[first + size :]
            self.best_k = len(self.answer)

    def rounds(self):
        """Cut the best way, aim anew, and solve the rest again; in between shorten pieces."""
        n2 = self.n * self.n
        step = (-1, -self.n, 1, self.n)
        tried = better = solved_ones = 0
        gained = 0.0
        changed = 0  # from where the way is new; -1: nowhere
        while 1 < self.best_k <= self.most and self.now() < 0.95:
            if changed >= 0:
                self.windows(min(0.975, self.now() + 0.08), changed)
                changed = -1
                if self.now() > 0.95:
                    break
            length = self.best_k
            cut = int(0.85 * length * float(random_unit(self.rng)))
            ids = list(range(n2))
            spot = self.tiles.index(0)
            at_cut = list(ids)
            for number, d in enumerate(self.answer):
                if number == cut:
                    at_cut = list(ids)
                other = spot + step[d]
                ids[spot], ids[other] = ids[other], ids[spot]
                spot = other
            where = [0] * n2
            for c in range(n2):
                where[at_cut[c]] = c
            kinds = [self.tiles[t] for t in at_cut]
            at = np.array([where[t] for t in ids], dtype=np.int64)
            start = self.now()
            stop = min(0.985, start + 0.03 + 0.06 * (1.0 - cut / length))
            options = [self.untangled(kinds, at)]
            tree = self.rooted([self.tiles[t] for t in ids])
            if tree is not None:
                fresh = self.tree_targets(kinds, start + 0.3 * (stop - start), 1, tree)
                options += [self.untangled(kinds, other) for _, other in fresh]
            target = min(options, key=lambda entry: entry[0])[1]
            gained += options[0][0] - min(entry[0] for entry in options)
            tried += 1
            rest = length - cut
            solved, moves = self.search(kinds, target, stop, 0, 0.97 * rest, rest, 0)
            solved_ones += solved
            if solved and len(moves) <= rest:
                better += len(moves) < rest
                self.best_k = cut + len(moves)
                if len(moves) < rest:
                    changed = cut
                self.answer = self.answer[:cut] + moves
        if changed >= 0:
            self.windows(0.98, changed)
        for turn in range(20):
            self.windows(0.98, 0)
        self.stats["rounds"] = tried
        self.stats["rounds_solved"] = solved_ones
        self.stats["rounds_better"] = better
        self.stats["beam_states"] = self.info[0]
        self.stats["final_k_over_t"] = min(self.best_k, self.most) / self.most


def answer_text(text, values, budget, seed):
    """The only way to the kernels, so that warm_up() and main() call them with the same types."""
    solver = Solver(text, values, budget, seed)
    try:
        solver.solve()
    except Exception as error:  # an answer is better than none
        print("STAT crashed 1", file=sys.stderr)
        print(f"{type(error).__name__}: {str(error)[-300:]}", file=sys.stderr)
        if solver.warm:
            raise
    for name, value in solver.stats.items():
        print(f"STAT {name} {float(value):.4f}", file=sys.stderr)
    return "".join(LETTERS[d] for d in solver.answer) + "\n"


def warm_up():
    """Compile: the whole way on a tiny case, with a budget of 300 moves (see ale_agent.kit.budget) instead of time."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    answer_text(TINY_CASE, values, np.array([time.CLOCK_MONOTONIC, 0.0, 1.0, 300.0, 0.0]), 1)


def main():
    limit = float(os.environ.get("ALE_TIME_LIMIT", "3"))
    alone = __name__ == "__main__"  # a process of its own, as at the judge
    if os.environ.get("ALE_CLOCK", "wall") == "cpu":
        clock = time.CLOCK_PROCESS_CPUTIME_ID
        started = 0.0 if alone else time.clock_gettime(clock)
        seconds = limit - max(0.03, 0.015 * limit)
    else:
        clock = time.CLOCK_MONOTONIC
        started = START if alone else time.clock_gettime(clock)
        seconds = limit - max(0.1, 0.05 * limit)
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    values |= json.loads(os.environ.get("ALE_PARAMETERS") or "{}")
    seed = int(os.environ.get("ALE_SEED", "1"))
    budget = np.array([clock, started, seconds, 0.0, 0.0])
    sys.stdout.write(answer_text(sys.stdin.read(), values, budget, seed))
    sys.stdout.flush()
    print(f"STAT moves {budget[4]:.0f}", file=sys.stderr)  # comes back to you, see below
    if alone:
        os._exit(0)  # taking the interpreter down would cost a tenth of a second


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
