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
    "hot": {"default": 0.8, "low": 0.3, "high": 2.5, "log": True},
    "cold": {"default": 0.4, "low": 0.1, "high": 0.8, "log": True},
    "create": {"default": 0.4, "low": 0.0, "high": 1.0},
    "slack": {"default": 0.5, "low": 0.0, "high": 1.0},
    "through": {"default": 0.4, "low": 0.0, "high": 1.0},
    "dropped": {"default": 0.3, "low": 0.0, "high": 1.0},
    "group": {"default": 0.45, "low": 0.0, "high": 0.85},
    "cycles": {"default": 3, "low": 1, "high": 12},
}
LAYERS = 40
LONGEST = 60

@njit(cache=True, error_model="numpy")
def has(rows, c):
    return (rows[c // 20] >> (c % 20)) & 1

@njit(cache=True, error_model="numpy")
def beside(c, d):
    i = c // 20
    j = c % 20
    if d == 0:
        i -= 1
    elif d == 1:
        i += 1
    elif d == 2:
        j -= 1
    else:
        j += 1
    if i < 0 or i > 19 or j < 0 or j > 19:
        return -1
    return i * 20 + j

@njit(cache=True, error_model="numpy")
def cell_cost(z, o, ja, jb):
    """Least toggles so that the cell is free in the legs z and blocked in the legs o; 99 if impossible.

    ja: legs with a pause beside it after the leg's last demand, jb: before its first one (both if it has none).
    """
    if o == 0:
        return 0
    e = z | o
    cur = 0
    cost = 0
    last = 0
    while e != 0:
        b = e & (-e)
        e ^= b
        r = 1 if (o & b) != 0 else 0
        if r != cur:
            span = b - 1
            if last > 0:
                span &= ~(last - 1)
            if (ja & span) != 0 or (jb & b) != 0:
                cost += 1
                cur = r
            else:
                return 99
        last = b
    return cost

@njit(cache=True, error_model="numpy")
def describe(path, length, stamp, st, first, last, kind, amin, amax, out_c, out_f):
    """List the cells that the leg touches with flags 1 free, 2 blocked, 4 pause after, 8 pause before; -1: conflict."""
    n = 0
    for i in range(length + 1):
        p = path[i]
        for d in range(4):
            c = beside(p, d)
            if c >= 0:
                if st[c] != stamp:
                    st[c] = stamp
                    first[c] = 999
                    last[c] = -1
                    kind[c] = 0
                    amin[c] = i
                    amax[c] = i
                    out_c[n] = c
                    n += 1
                else:
                    amax[c] = i
                    if amin[c] > i:
                        amin[c] = i
    for i in range(-1, length):
        if i < 0:
            a = path[0]
            b = path[0]
            d = 0
            idx = 0
        else:
            a = path[i]
            b = path[i + 1]
            idx = i
            if a // 20 == b // 20:
                d = 3 if b > a else 2
            else:
                d = 1 if b > a else 0
        steps = 0
        c = a
        while True:
            if i >= 0:
                c = beside(c, d)
                steps += 1
            if c < 0 or c >= 400:
                return -1
            if st[c] != stamp:
                st[c] = stamp
                first[c] = 999
                last[c] = -1
                kind[c] = 0
                amin[c] = 999
                amax[c] = -1
                out_c[n] = c
                n += 1
            kind[c] |= 1
            if first[c] > idx:
                first[c] = idx
            if last[c] < idx:
                last[c] = idx
            if c == b:
                break
        if steps >= 2:
            c = beside(b, d)
            if c >= 0:
                if st[c] != stamp:
                    st[c] = stamp
                    first[c] = 999
                    last[c] = -1
                    kind[c] = 0
                    amin[c] = 999
                    amax[c] = -1
                    out_c[n] = c
                    n += 1
                kind[c] |= 2
                if first[c] > idx:
                    first[c] = idx
                if last[c] < idx:
                    last[c] = idx
    for k in range(n):
        c = out_c[k]
        f = kind[c]
        if f == 3:
            return -1
        if f == 0:
            f = 12
        else:
            if amax[c] >= last[c] + 1:
                f |= 4
            if amin[c] <= first[c]:
                f |= 8
        out_f[k] = f
    return n

@njit(cache=True, error_model="numpy")
def set_bits(cells, flags, n, bit, z, o, ja, jb):
    for k in range(n):
        c = cells[k]
        f = flags[k]
        if f & 1 != 0:
            z[c] |= bit
        if f & 2 != 0:
            o[c] |= bit
        if f & 4 != 0:
            ja[c] |= bit
        if f & 8 != 0:
            jb[c] |= bit

@njit(cache=True, error_model="numpy")
def clear_bits(cells, n, bit, z, o, ja, jb):
    for k in range(n):
        c = cells[k]
        z[c] &= ~bit
        o[c] &= ~bit
        ja[c] &= ~bit
        jb[c] &= ~bit

@njit(cache=True, error_model="numpy")
def flood(s, t, nf, req, feat, free, k0, k1q, k2, lay, front, seen):
    """Fill front with the (cell, duties) by price until t is reached; return 4 price + duties, -1 if it cannot be.

    free: cells that may be passed; k0, k1q[q], k2: cells that may stop a slide at the price 0, 1 and 2.
    q: the set of the nf cells feat beside which the way has paused; all of req must be in it at the end.
    """
    nq = 1 << nf
    full = (1 << 20) - 1
    for q in range(nq):
        for i in range(20):
            seen[q, i] = 0
            lay[0, q, i] = 0
            lay[1, q, i] = 0
            lay[2, q, i] = 0
    lay[0, 0, s // 20] = 1 << (s % 20)
    ti = t // 20
    tj = t % 20
    depth = -1
    goal = 0
    for d in range(LAYERS):
        alive = 0
        for q in range(nq):
            for i in range(20):
                lay[d + 3, q, i] = 0
        for q in range(nq):
            some = 0
            for i in range(20):
                v = lay[d, q, i] & ~seen[q, i]
                front[d, q, i] = v
                seen[q, i] |= v
                some |= v
            if some == 0:
                continue
            alive = 1
            if depth < 0 and (q & req) == req and (front[d, q, ti] >> tj) & 1 == 1:
                depth = d
                goal = q
            if depth >= 0:
                continue
            for e in range(nf):
                if (q >> e) & 1 == 0:
                    for a in range(4):
                        n = beside(feat[e], a)
                        if n >= 0 and has(front[d, q], n) == 1:
                            lay[d, q | (1 << e), n // 20] |= 1 << (n % 20)
            for i in range(20):
                o = free[i]
                f = front[d, q, i]
                g = f
                h = f
                w = o
                v = o
                g |= w & (g >> 1)
                w &= w >> 1
                g |= w & (g >> 2)
                w &= w >> 2
                g |= w & (g >> 4)
                w &= w >> 4
                g |= w & (g >> 8)
                w &= w >> 8
                g |= w & (g >> 16)
                h |= v & (h << 1)
                v &= v << 1
                h |= v & (h << 2)
                v &= v << 2
                h |= v & (h << 4)
                v &= v << 4
                h |= v & (h << 8)
                v &= v << 8
                h |= v & (h << 16)
                g &= full
                h &= full
                x = k0[i]
                lay[d + 1, q, i] |= (((f << 1) | (f >> 1)) & o) | (h & ((x >> 1) | (1 << 19))) | (g & ((x << 1) | 1))
                x = k1q[q, i]
                lay[d + 2, q, i] |= (h & (x >> 1)) | (g & (x << 1))
                x = k2[i]
                lay[d + 3, q, i] |= (h & (x >> 1)) | (g & (x << 1))
            acc = front[d, q, 0]
            for i in range(19):
                lay[d + 1, q, i] |= acc & k0[i + 1]
                lay[d + 2, q, i] |= acc & k1q[q, i + 1]
                lay[d + 3, q, i] |= acc & k2[i + 1]
                lay[d + 1, q, i + 1] |= front[d, q, i] & free[i + 1]
                acc = (acc & free[i + 1]) | front[d, q, i + 1]
            lay[d + 1, q, 19] |= acc
            acc = front[d, q, 19]
            for k in range(19):
                i = 19 - k
                lay[d + 1, q, i] |= acc & k0[i - 1]
                lay[d + 2, q, i] |= acc & k1q[q, i - 1]
                lay[d + 3, q, i] |= acc & k2[i - 1]
                lay[d + 1, q, i - 1] |= front[d, q, i] & free[i - 1]
                acc = (acc & free[i - 1]) | front[d, q, i - 1]
            lay[d + 1, q, 0] |= acc
        if depth >= 0:
            break
        if alive == 0:
            more = 0
            for q in range(nq):
                for i in range(20):
                    more |= lay[d + 1, q, i] | lay[d + 2, q, i]
            if more == 0:
                return -1
    if depth < 0:
        return -1
    return depth * 4 + goal

@njit(cache=True, error_model="numpy")
def trace(s, t, code, slack, nf, feat, free, k0, k1q, k2, front, fill, path, rng):
    """Put a random way that costs at most slack more than the cheapest into path; return its length, -1 if none."""
    n = 0
    x = t
    d = code // 4
    q = code % 4
    top = d
    left = slack
    while d > 0 or q > 0:
        count = 0
        chosen = -1
        chosen_d = 0
        chosen_q = q
        chosen_left = left
        for e in range(nf):
            if (q >> e) & 1 == 1 and has(front[d, q ^ (1 << e)], x) == 1:
                f = feat[e]
                if abs(f // 20 - x // 20) + abs(f % 20 - x % 20) == 1:
                    count += 1
                    if random_below(rng, count) == 0:
                        chosen = x
                        chosen_d = d
                        chosen_q = q ^ (1 << e)
                        chosen_left = left
        for e in range(4):
            if d == 0:
                break
            b = beside(x, e ^ 1)
            ahead = beside(x, e)
            for price in range(3):
                if price > 0 and ahead < 0:
                    break
                stop = True
                if price == 0:
                    if ahead >= 0:
                        stop = has(k0, ahead) == 1
                elif price == 1:
                    stop = has(k1q[q], ahead) == 1
                else:
                    stop = has(k2, ahead) == 1
                if price > 0 and not stop:
                    continue
                for extra in range(left + 1):
                    dd = d - 1 - price + extra
                    if dd < 0 or dd > top:
                        continue
                    if price == 0 and b >= 0 and has(front[dd, q], b) == 1:
                        count += 1
                        if random_below(rng, count) == 0:
                            chosen = b
                            chosen_d = dd
                            chosen_q = q
                            chosen_left = left - extra
                    if not stop:
                        continue
                    y = b
                    while y >= 0:
                        if y != b and has(front[dd, q], y) == 1:
                            count += 1
                            if random_below(rng, count) == 0:
                                chosen = y
                                chosen_d = dd
                                chosen_q = q
                                chosen_left = left - extra
                        if has(free, y) == 0:
                            break
                        y = beside(y, e ^ 1)
        if chosen < 0:
            return -1
        if chosen != x:
            if n >= LONGEST:
                return -1
            fill[n] = x
            n += 1
        x = chosen
        d = chosen_d
        q = chosen_q
        left = chosen_left
    if x != s:
        return -1
    for k in range(n):
        path[n - k] = fill[k]
    path[0] = s
    return n

@njit(cache=True, error_model="numpy")
def build(
    m, ban, single, targets, rng, p_way, p_repair, p_through, p_drop, p_slack,
    z, o, ja, jb, cost, st, first, last, kind, amin, amax,
    paths, plen, tc, tf, tn, upath, ulen, utc, utf, utn,
    new_path, new_c, new_f, free, k0, k1, k2, k1q, feat, lay, front, seen, fill, broken, counters, stats,
):
    """Give the cleared leg m a (if single: another) way without block ban and set its bits; return its length, -1 if none."""
    bit = 1 << m
    s = targets[m]
    t = targets[m + 1]
    for i in range(20):
        free[i] = 0
        k0[i] = 0
        k1[i] = 0
        k2[i] = 0
    below = bit - 1
    nbroken = 0
    si = s // 20
    sj = s % 20
    ti = t // 20
    tj = t % 20
    c = -1
    for i in range(20):
        for j in range(20):
            c += 1
            b = 1 << j
            if o[c] == 0:
                free[i] |= b
                dist_s = abs(i - si) + abs(j - sj)
                if dist_s != 1:
                    jab = ja[c] & below
                    if jab == 0:
                        continue
                    zb = z[c] & below
                    if jab < zb and jab < (jab ^ zb):
                        continue
                dist_t = abs(i - ti) + abs(j - tj)
                if dist_s == 0 or dist_t == 0:
                    continue
                za = z[c] >> (m + 1)
                if za == 0:
                    k1[i] |= b
                else:
                    low = za & (-za)
                    if dist_t == 1 or ((ja[c] >> (m + 1)) & (low - 1)) != 0 or ((jb[c] >> (m + 1)) & low) != 0:
                        k2[i] |= b
            else:
                dist_s = abs(i - si) + abs(j - sj)
                dist_t = abs(i - ti) + abs(j - tj)
                base = cell_cost(z[c], o[c], ja[c], jb[c])
                mja = ja[c] | (bit if dist_t == 1 else 0)
                mjb = jb[c] | (bit if dist_s == 1 else 0)
                if base >= 99:
                    broken[nbroken] = c
                    nbroken += 1
                    if cost[c] < 99:
                        base = cost[c]
                passing = cell_cost(z[c] | bit, o[c], mja, mjb)
                stopping = cell_cost(z[c], o[c] | bit, mja, mjb)
                if passing <= base or dist_s == 0 or dist_t == 0:
                    free[i] |= b
                elif passing < 99 and random_unit(rng) < p_through:
                    free[i] |= b
                elif passing >= 99 and random_unit(rng) < 0.3 * p_through:
                    free[i] |= b
                if dist_s == 0 or dist_t == 0:
                    continue
                if stopping <= base:
                    k0[i] |= b
                elif stopping == base + 1:
                    k1[i] |= b
                elif stopping < 99:
                    k2[i] |= b
                elif random_below(rng, 8) == 0:
                    k1[i] |= b
    if ban >= 0:
        b = ~(1 << (ban % 20))
        k0[ban // 20] &= b
        k1[ban // 20] &= b
        k2[ban // 20] &= b
    if random_unit(rng) < p_drop:
        mode = random_below(rng, 3)
        for i in range(20):
            r1 = np.int64(random_bits(rng) >> np.uint64(2))
            r2 = r1 >> 20
            r3 = r1 >> 40
            if mode == 0:
                k1[i] &= r1 | r2
                k2[i] &= r2 | r3
            elif mode == 1:
                k1[i] &= r1
                k2[i] &= r2 & r3
            else:
                k1[i] &= r1 & r2
                k2[i] = 0
    nf = 0
    req = 0
    if nbroken > 0 and random_unit(rng) < p_repair:
        a = random_below(rng, nbroken)
        feat[0] = broken[a]
        nf = 1
        req = 1
        if nbroken > 1:
            a2 = random_below(rng, nbroken - 1)
            if a2 >= a:
                a2 += 1
            feat[1] = broken[a2]
            nf = 2
            req = 3
    option = -1
    if nf < 2 and random_unit(rng) < p_way:
        r = random_below(rng, 4)
        c = -1
        if r == 0:
            c = beside(t, random_below(rng, 4))
        elif r == 1:
            c = beside(paths[m, random_below(rng, plen[m] + 1)], random_below(rng, 4))
        elif r == 2:
            if random_below(rng, 2) == 0:
                p = ti * 20 + random_below(rng, 20)
            else:
                p = random_below(rng, 20) * 20 + tj
            c = beside(p, random_below(rng, 4))
        else:
            if random_below(rng, 2) == 0:
                p = si * 20 + random_below(rng, 20)
            else:
                p = random_below(rng, 20) * 20 + sj
            if random_below(rng, 2) == 0:
                c = p
            else:
                c = beside(p, random_below(rng, 4))
        if c >= 0 and c != s and c != t and c != ban:
            if o[c] == 0 and has(k0, c) == 0 and has(k1, c) == 0:
                option = c
                feat[nf] = c
                nf += 1
    for q in range(1 << nf):
        for i in range(20):
            k1q[q, i] = k1[i]
        if option >= 0 and (q >> (nf - 1)) & 1 == 1:
            k1q[q, option // 20] |= 1 << (option % 20)
    if option >= 0:
        stats[3] += 1.0
    code = flood(s, t, nf, req, feat, free, k0, k1q, k2, lay, front, seen)
    if code < 0:
        return -1
    slack = 1 if random_unit(rng) < 0.3 * p_slack else 0
    length = trace(s, t, code, slack, nf, feat, free, k0, k1q, k2, front, fill, new_path, rng)
    if single == 1:
        for tries in range(2):
            same = length == plen[m]
            if same:
                for k in range(length + 1):
                    if new_path[k] != paths[m, k]:
                        same = False
                        break
            if not same:
                break
            stats[4] += 1.0
            if tries == 1 or random_unit(rng) > p_slack:
                return -2
            length = trace(s, t, code, 1, nf, feat, free, k0, k1q, k2, front, fill, new_path, rng)
    if length <= 0:
        return -1
    counters[0] += 1
    n = describe(new_path, length, counters[0], st, first, last, kind, amin, amax, new_c, new_f)
    if n < 0:
        return -1
    set_bits(new_c, new_f, n, bit, z, o, ja, jb)
    tn[m] = n
    for k in range(n):
        tc[m, k] = new_c[k]
        tf[m, k] = new_f[k]
    plen[m] = length
    for k in range(length + 1):
        paths[m, k] = new_path[k]
    return length

@njit(cache=True, error_model="numpy")
def random_bit(mask, rng):
    """The number of a random set bit below 39, -1 if there is none."""
    count = 0
    chosen = -1
    for k in range(39):
        if (mask >> k) & 1 == 1:
            count += 1
            if random_below(rng, count) == 0:
                chosen = k
    return chosen

@njit(cache=True, error_model="numpy")
def search(
    targets, budget, rng, hot, cold, p_way, p_through, p_drop, p_slack, p_group, cycles, best_path, best_len, stats
):
    legs = 39
    full = (1 << 20) - 1
    z = np.zeros(400, dtype=np.int64)
    o = np.zeros(400, dtype=np.int64)
    ja = np.zeros(400, dtype=np.int64)
    jb = np.zeros(400, dtype=np.int64)
    cost = np.zeros(400, dtype=np.int64)
    st = np.zeros(400, dtype=np.int64)
    first = np.zeros(400, dtype=np.int64)
    last = np.zeros(400, dtype=np.int64)
    kind = np.zeros(400, dtype=np.int64)
    amin = np.zeros(400, dtype=np.int64)
    amax = np.zeros(400, dtype=np.int64)
    paths = np.zeros((40, LONGEST + 4), dtype=np.int64)
    plen = np.zeros(40, dtype=np.int64)
    tc = np.zeros((40, 400), dtype=np.int64)
    tf = np.zeros((40, 400), dtype=np.int64)
    tn = np.zeros(40, dtype=np.int64)
    upath = np.zeros((8, LONGEST + 4), dtype=np.int64)
    ulen = np.zeros(8, dtype=np.int64)
    utc = np.zeros((8, 400), dtype=np.int64)
    utf = np.zeros((8, 400), dtype=np.int64)
    utn = np.zeros(8, dtype=np.int64)
    chain = np.zeros(8, dtype=np.int64)
    new_path = np.zeros(LONGEST + 4, dtype=np.int64)
    new_c = np.zeros(400, dtype=np.int64)
    new_f = np.zeros(400, dtype=np.int64)
    free = np.zeros(20, dtype=np.int64)
    k0 = np.zeros(20, dtype=np.int64)
    k1 = np.zeros(20, dtype=np.int64)
    k2 = np.zeros(20, dtype=np.int64)
    k1q = np.zeros((4, 20), dtype=np.int64)
    feat = np.zeros(4, dtype=np.int64)
    lay = np.zeros((LAYERS + 4, 4, 20), dtype=np.int64)
    front = np.zeros((LAYERS + 4, 4, 20), dtype=np.int64)
    seen = np.zeros((4, 20), dtype=np.int64)
    fill = np.zeros(LONGEST + 4, dtype=np.int64)
    broken = np.zeros(400, dtype=np.int64)
    counters = np.zeros(4, dtype=np.int64)
    total = 0
    for i in range(20):
        free[i] = full
    for m in range(legs):
        code = flood(targets[m], targets[m + 1], 0, 0, feat, free, k0, k1q, k2, lay, front, seen)
        n = trace(targets[m], targets[m + 1], code, 0, 0, feat, free, k0, k1q, k2, front, fill, paths[m], rng)
        plen[m] = n
        counters[0] += 1
        tn[m] = describe(paths[m], n, counters[0], st, first, last, kind, amin, amax, tc[m], tf[m])
        if tn[m] < 0:
            tn[m] = 0
        set_bits(tc[m], tf[m], tn[m], 1 << m, z, o, ja, jb)
        total += n
    stats[0] = total
    best = total
    for m in range(legs):
        best_len[m] = plen[m]
        for k in range(plen[m] + 1):
            best_path[m, k] = paths[m, k]
    mk = np.zeros(400, dtype=np.int64)
    changed_c = np.zeros(400, dtype=np.int64)
    changed_v = np.zeros(400, dtype=np.int64)
    group = np.zeros(48, dtype=np.int64)
    temperature = hot
    share = 0.0
    moves = 0
    while True:
        if moves & 7 == 0:
            share = spent_share(budget) / 0.985
            if share >= 1.0:
                break
            phase = share * cycles
            phase -= np.floor(phase)
            temperature = hot * (cold / hot) ** phase
        moves += 1
        budget[4] += 1.0
        allowed = -temperature * np.log(random_unit(rng))
        # ---- which legs
        m = random_below(rng, legs)
        group[0] = m
        gk = 1
        ban = -1
        way = 0
        u = random_unit(rng)
        if u < p_group:
            block = -1
            count = 0
            for k in range(tn[m]):
                if tf[m, k] & 2 != 0:
                    count += 1
                    if random_below(rng, count) == 0:
                        block = tc[m, k]
            if u < 0.25 * p_group:
                way = 1  # all users of a block, which is banned
                if block < 0:
                    continue
                gk = 0
                for k in range(legs):
                    if (o[block] >> k) & 1 == 1:
                        group[gk] = k
                        gk += 1
                if gk < 2 or gk > 6:
                    continue
                ban = block
            else:
                r = random_below(rng, 5)
                m2 = -1
                m3 = -1
                if r == 0:
                    way = 2
                    m2 = m + 1
                    if random_below(rng, 3) == 0:
                        m3 = m + 2
                elif r == 1:
                    way = 3  # legs whose targets share a row or a column
                    d = random_below(rng, 2)
                    count = 0
                    for k in range(legs):
                        a = targets[m + d]
                        b = targets[k + d]
                        if k != m and (abs(a // 20 - b // 20) <= 1 or abs(a % 20 - b % 20) <= 1):
                            count += 1
                            if random_below(rng, count) == 0:
                                m2 = k
                elif r == 2:
                    way = 4  # users of a block
                    if block >= 0:
                        m2 = random_bit(o[block] & ~(1 << m), rng)
                        if random_below(rng, 2) == 0:
                            m3 = random_bit(o[block] & ~(1 << m), rng)
                elif r == 3:
                    way = 5  # a user and a possible host of its block
                    if block >= 0:
                        m2 = random_bit((ja[block] | jb[block]) & ~(1 << m), rng)
                        if random_below(rng, 2) == 0:
                            m3 = random_bit(o[block] & ~(1 << m), rng)
                else:
                    way = 6  # a host and a user of any block beside its way
                    count = 0
                    for k in range(tn[m]):
                        c = tc[m, k]
                        if tf[m, k] & 12 != 0 and o[c] != 0:
                            count += 1
                            if random_below(rng, count) == 0:
                                block = c
                    if count > 0:
                        m2 = random_bit(o[block] & ~(1 << m), rng)
                if m2 >= 0 and m2 < legs and m2 != m:
                    group[gk] = m2
                    gk += 1
                if m3 >= 0 and m3 < legs and m3 != m and m3 != m2:
                    group[gk] = m3
                    gk += 1
                if gk < 2:
                    continue
            for k in range(gk - 1):
                e = k + random_below(rng, gk - k)
                a = group[k]
                group[k] = group[e]
                group[e] = a
        # ---- ruin
        for e in range(gk):
            q = group[e]
            utn[e] = tn[q]
            for k in range(tn[q]):
                utc[e, k] = tc[q, k]
                utf[e, k] = tf[q, k]
            ulen[e] = plen[q]
            for k in range(plen[q] + 1):
                upath[e, k] = paths[q, k]
            clear_bits(tc[q], tn[q], 1 << q, z, o, ja, jb)
        # ---- recreate
        built = 0
        delta = 0
        ok = True
        for e in range(gk):
            repair = 0.9 if e == gk - 1 else 0.45
            single = 1 if gk == 1 else 0
            n = build(
                group[e], ban, single, targets, rng, p_way, repair, p_through, p_drop, p_slack,
                z, o, ja, jb, cost, st, first, last, kind, amin, amax,
                paths, plen, tc, tf, tn, upath, ulen, utc, utf, utn,
                new_path, new_c, new_f, free, k0, k1, k2, k1q, feat, lay, front, seen, fill, broken, counters, stats,
            )
            if n < 0:
                ok = False
                stats[5] += 1.0
                break
            built = e + 1
            delta += n - ulen[e]
            if delta > allowed + 10:
                ok = False
                break
        if ok:
            same = True
            for e in range(gk):
                q = group[e]
                if plen[q] != ulen[e]:
                    same = False
                    break
                for k in range(plen[q] + 1):
                    if paths[q, k] != upath[e, k]:
                        same = False
                        break
                if not same:
                    break
            if same:
                ok = False
                stats[4] += 1.0
        nchanged = 0
        if ok:
            counters[1] += 1
            stamp = counters[1]
            for ee in range(2 * gk):
                e = ee // 2
                q = group[e]
                n = utn[e] if ee % 2 == 0 else tn[q]
                for k in range(n):
                    c = utc[e, k] if ee % 2 == 0 else tc[q, k]
                    if mk[c] != stamp:
                        mk[c] = stamp
                        if o[c] != 0 or cost[c] != 0:
                            new = cell_cost(z[c], o[c], ja[c], jb[c])
                            if new >= 99:
                                ok = False
                                break
                            if new != cost[c]:
                                changed_c[nchanged] = c
                                changed_v[nchanged] = new
                                nchanged += 1
                                delta += new - cost[c]
                if not ok:
                    stats[6] += 1.0
                    break
            if delta > allowed:
                ok = False
        if not ok:
            for e in range(built):
                q = group[e]
                clear_bits(tc[q], tn[q], 1 << q, z, o, ja, jb)
            for e in range(gk):
                q = group[e]
                if e < built:
                    tn[q] = utn[e]
                    for k in range(utn[e]):
                        tc[q, k] = utc[e, k]
                        tf[q, k] = utf[e, k]
                    plen[q] = ulen[e]
                    for k in range(ulen[e] + 1):
                        paths[q, k] = upath[e, k]
                set_bits(tc[q], tf[q], tn[q], 1 << q, z, o, ja, jb)
            continue
        for k in range(nchanged):
            cost[changed_c[k]] = changed_v[k]
        stats[2] += 1.0
        if way == 1:
            stats[8] += 1.0
        elif way >= 2:
            stats[9] += 1.0
        total += delta
        if total < best:
            best = total
            stats[7] = share
            if way == 1:
                stats[10] += 1.0
            elif way >= 2:
                stats[11] += 1.0
            for q in range(legs):
                best_len[q] = plen[q]
                for k in range(plen[q] + 1):
                    best_path[q, k] = paths[q, k]
    stats[1] = best

def demands(path, c):
    """Return (first action, last action, blocked) of the leg's demands on the cell, None if there are none."""
    first, last, blocked = None, None, 0
    for k in range(len(path) - 1):
        a, b = path[k], path[k + 1]
        step = (1 if b > a else -1) * (1 if a // 20 == b // 20 else 20)
        x, hit = a, k == 0 and a == c
        steps = 0
        while x != b:
            x += step
            steps += 1
            hit = hit or x == c
        if steps >= 2:
            i, j = b // 20, b % 20
            if abs(step) == 1:
                j += step
            else:
                i += step // 20
            if 0 <= i < 20 and 0 <= j < 20 and i * 20 + j == c:
                hit, blocked = True, 1
        if hit:
            first = k if first is None else first
            last = k
    return None if first is None else (first, last, blocked)

def direction(a, b):
    if a // 20 == b // 20:
        return 3 if b > a else 2
    return 1 if b > a else 0

def near(a, b):
    return abs(a // 20 - b // 20) + abs(a % 20 - b % 20) == 1

def stoppers(path):
    cells = set()
    for a, b in zip(path, path[1:]):
        if not near(a, b):
            i, j = b // 20, b % 20
            d = direction(a, b)
            i += (-1, 1, 0, 0)[d]
            j += (0, 0, -1, 1)[d]
            if 0 <= i < 20 and 0 <= j < 20:
                cells.add(i * 20 + j)
    return cells

def plan_text(paths):
    """Return the actions as text, and how many they are; None if a block cannot be put or taken."""
    cells = set()
    for path in paths:
        cells |= stoppers(path)
    toggles = {}
    for c in cells:
        state, leg0, after = 0, 0, 0  # the next toggle may come from pause `after` of leg0 on
        for leg, path in enumerate(paths):
            found = demands(path, c)
            if found is None:
                continue
            first, last, blocked = found
            if blocked != state:
                place = None
                for k in range(leg0, leg + 1):
                    lo = after if k == leg0 else 0
                    hi = first if k == leg else len(paths[k]) - 1
                    for p in range(lo, hi + 1):
                        if near(paths[k][p], c):
                            place = (k, p)
                            break
                    if place:
                        break
                if place is None:
                    return None, 0
                toggles.setdefault(place, []).append(c)
                state = blocked
            leg0, after = leg, last + 1
    lines = []
    for k, path in enumerate(paths):
        for p, a in enumerate(path):
            for c in toggles.get((k, p), ()):
                lines.append("A " + "UDLR"[direction(a, c)])
            if p + 1 < len(path):
                lines.append(("M " if near(a, path[p + 1]) else "S ") + "UDLR"[direction(a, path[p + 1])])
    return "\n".join(lines) + "\n", len(lines)

def check(text, targets):
    """Return whether the actions are valid and visit all targets."""
    cell, blocks, k = targets[0], set(), 1
    for line in text.splitlines():
        d = "UDLR".index(line[2])
        di, dj = (-1, 1, 0, 0)[d], (0, 0, -1, 1)[d]
        i, j = cell // 20 + di, cell % 20 + dj
        inside = 0 <= i < 20 and 0 <= j < 20
        if line[0] == "A":
            if not inside:
                return False
            blocks ^= {i * 20 + j}
        elif line[0] == "M":
            if not inside or i * 20 + j in blocks:
                return False
            cell = i * 20 + j
        else:
            while 0 <= i < 20 and 0 <= j < 20 and i * 20 + j not in blocks:
                cell = i * 20 + j
                i, j = i + di, j + dj
        if k < len(targets) and cell == targets[k]:
            k += 1
    return k == len(targets)

def walking(targets):
    """Steps only: always valid."""
    lines = []
    for a, b in zip(targets, targets[1:]):
        i, j = b // 20 - a // 20, b % 20 - a % 20
        lines += ["M D" if i > 0 else "M U"] * abs(i) + ["M R" if j > 0 else "M L"] * abs(j)
    return "\n".join(lines) + "\n"

def answer_text(text, values, budget, seed):
    """The only way to the kernels, so that warm_up() and main() call them with the same types."""
    numbers = np.array(text.split()[2:], dtype=np.int64)
    targets = np.ascontiguousarray(numbers[0::2] * 20 + numbers[1::2])
    best_path = np.zeros((40, LONGEST + 4), dtype=np.int64)
    best_len = np.zeros(40, dtype=np.int64)
    stats = np.zeros(16, dtype=np.float64)
    search(
        targets,
        budget,
        random_state(seed),
        float(values["hot"]),
        float(values["cold"]),
        float(values["create"]),
        float(values["through"]),
        float(values["dropped"]),
        float(values["slack"]),
        float(values["group"]),
        float(values["cycles"]),

        best_path,
        best_len,
        stats,
    )
    paths = [[int(c) for c in best_path[m, : best_len[m] + 1]] for m in range(39)]
    out, count = plan_text(paths)
    cells = [int(c) for c in targets]
    stats[12] = count
    if out is None or count > 1600 or not check(out, cells):
        stats[13] = 1.0
        out = walking(cells)
    return out, stats

NAMES = (
    "start best accepted options same conflict infeasible last_best_share eliminated groups best_by_elim best_by_group "
    "decoded failed"
).split()

TINY_CASE = "20 40\n" + "".join(f"{(k * 147 + 13) % 400 // 20} {(k * 147 + 13) % 400 % 20}\n" for k in range(40))

def warm_up():
    """Compile: the whole way on a tiny case, with a budget of 300 moves (see ale_agent.kit.budget) instead of time."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    answer_text(TINY_CASE, values, np.array([time.CLOCK_MONOTONIC, 0.0, 1.0, 300.0, 0.0]), 1)

def main():
    limit = float(os.environ.get("ALE_TIME_LIMIT", "2"))
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
    text, stats = answer_text(sys.stdin.read(), values, budget, seed)
    sys.stdout.write(text)
    sys.stdout.flush()
    print(f"STAT moves {budget[4]:.0f}", file=sys.stderr)
    for k, name in enumerate(NAMES):
        print(f"STAT {name} {stats[k]:.4f}", file=sys.stderr)
    if alone:
        os._exit(0)  # taking the interpreter down would cost a tenth of a second

if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
