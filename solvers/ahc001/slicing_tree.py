import time

START = time.perf_counter() - time.process_time()  # before the other imports: about when the process began
import json
import os
import sys

import numpy as np
from numba import njit


# --- ale_agent.kit, inlined: begin ---

import math
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


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


# --- ale_agent.kit, inlined: end ---

PARAMETERS = {
    "hot": {"default": 0.003, "low": 0.0002, "high": 0.1, "log": True},
    "cold": {"default": 1.5e-5, "low": 1e-6, "high": 3e-4, "log": True},
    "tree_share": {"default": 0.5, "low": 0.1, "high": 0.9},
    "tree_hot": {"default": 0.05, "low": 0.005, "high": 0.5, "log": True},
    "tree_cold": {"default": 6e-4, "low": 3e-5, "high": 5e-3, "log": True},
    "recut": {"default": 0.35, "low": 0.02, "high": 0.9, "log": True},
    "keep": {"default": 0.8, "low": 0.0, "high": 1.0},
    "step_hot": {"default": 500.0, "low": 100.0, "high": 4000.0, "log": True},
}
TINY_CASE = "4\n2000 3000 20000000\n7000 2500 30000000\n3000 8000 15000000\n8000 7000 35000000\n"
SIDE = 10000
BAD = -1e9
ASPECT = 0.003


# ---------------------------------------------------------------- stage 1: the slicing tree
# Cuts are numbered in preorder. nodes[c]: 0 first place, 1 end, 2..5 box x0 y0 x1 y1, 6 axis, 7 how many before the cut,
# 8 least and 9 most place of the cut by the points; ratio[c]: 0 share of the area wanted before the cut, 1 offset from it.
# perm: company at each place. Everything new goes to the second set of arrays and is copied if it is accepted.


@njit(cache=True, error_model="numpy")
def lay(c0, nodes, boxes, ratio, perm, want, leaf2, bound):
    """Lay the subtree of cut c0 anew into boxes (its own box given) and leaf2; return its loss, or 1e18 if over bound."""
    end = c0 + nodes[c0, 1] - nodes[c0, 0] - 1
    result = 0.0
    for c in range(c0, end):
        x0 = boxes[c, 0]
        y0 = boxes[c, 1]
        x1 = boxes[c, 2]
        y1 = boxes[c, 3]
        k = nodes[c, 7]
        f = nodes[c, 0]
        rest = nodes[c, 1] - f - k
        share = ratio[c, 0] + ratio[c, 1]
        if nodes[c, 6] == 0:
            place = x0 + int((x1 - x0) * share + 0.5)
        else:
            place = y0 + int((y1 - y0) * share + 0.5)
        if place < nodes[c, 8]:
            place = nodes[c, 8]
        if place > nodes[c, 9]:
            place = nodes[c, 9]
        ax1 = x1
        ay1 = y1
        bx0 = x0
        by0 = y0
        if nodes[c, 6] == 0:
            ax1 = place
            bx0 = place
        else:
            ay1 = place
            by0 = place
        if k == 1:
            lack = 1.0 - float((ax1 - x0) * (ay1 - y0)) / want[perm[f]]
            lack = lack * lack if lack > 0.0 else 0.0
            leaf2[f] = lack
            result += lack
        else:
            boxes[c + 1, 0] = x0
            boxes[c + 1, 1] = y0
            boxes[c + 1, 2] = ax1
            boxes[c + 1, 3] = ay1
        if rest == 1:
            lack = 1.0 - float((x1 - bx0) * (y1 - by0)) / want[perm[f + k]]
            lack = lack * lack if lack > 0.0 else 0.0
            leaf2[f + k] = lack
            result += lack
        else:
            boxes[c + k, 0] = bx0
            boxes[c + k, 1] = by0
            boxes[c + k, 2] = x1
            boxes[c + k, 3] = y1
        if result > bound:
            return 1e18
    return result


@njit(cache=True, error_model="numpy")
def build(c0, digit0, wild, nodes, boxes, nodes2, boxes2, ratio2, perm, perm2, leaf2, order, rank, glob, xy, want, stack, losses, places, marked, spare, bound, rng):
    """Cut the part of cut c0 anew, c0 by the cut of rank digit0, those below by the best or (wild) at times by others."""
    n = want.size
    first = nodes[c0, 0]
    end = nodes[c0, 1]
    size = end - first
    if size <= 20:
        for a in range(2):
            for t in range(size):
                v = perm[first + t]
                key = rank[a, v]
                q = first + t
                while q > first and rank[a, order[a, q - 1]] > key:
                    order[a, q] = order[a, q - 1]
                    q -= 1
                order[a, q] = v
    else:
        for t in range(first, end):
            marked[perm[t]] = 1
        for a in range(2):
            q = first
            for t in range(n):
                v = glob[a, t]
                if marked[v] == 1:
                    order[a, q] = v
                    q += 1
        for t in range(first, end):
            marked[perm[t]] = 0
    result = 0.0
    nodes2[c0, 0] = first
    nodes2[c0, 1] = end
    for q in range(4):
        boxes2[c0, q] = boxes[c0, q]
    stack[0] = c0
    top = 1
    while top > 0:
        top -= 1
        c = stack[top]
        f = nodes2[c, 0]
        e = nodes2[c, 1]
        m = e - f
        total = 0.0
        for t in range(f, e):
            total += want[order[0, t]]
        for a in range(2):
            lo = boxes2[c, a]
            hi = boxes2[c, 2 + a]
            depth = float(boxes2[c, 3 - a] - boxes2[c, 1 - a])
            before = 0.0
            for k in range(1, m):
                u = order[a, f + k - 1]
                before += want[u]
                least = xy[a, u] + 1
                most = xy[a, order[a, f + k]]
                if least > most:
                    losses[a, k] = 1e9
                    places[a, k] = -1
                    continue
                place = lo + int((hi - lo) * (before / total) + 0.5)
                if place < least:
                    place = least
                if place > most:
                    place = most
                w1 = float(place - lo)
                w2 = float(hi - place)
                l1 = 1.0 - w1 * depth / before
                if l1 < 0.0:
                    l1 = 0.0
                l2 = 1.0 - w2 * depth / (total - before)
                if l2 < 0.0:
                    l2 = 0.0
                thin1 = w1 / depth if w1 > depth else depth / w1
                thin2 = w2 / depth if w2 > depth else depth / w2
                losses[a, k] = k * l1 * l1 + (m - k) * l2 * l2 + ASPECT * np.log(thin1 * thin2)
                places[a, k] = place
        digit = 0
        if c == c0:
            digit = digit0
        elif wild == 1 and random_unit(rng) < 0.3:
            digit = int(random_scale(rng, 6)) - 1
        axis = 0
        cut = 1
        for r in range(digit + 1):
            least_loss = 1e8
            ba = -1
            bk = -1
            for a in range(2):
                for k in range(1, m):
                    if losses[a, k] < least_loss:
                        least_loss = losses[a, k]
                        ba = a
                        bk = k
            if ba < 0:
                break
            axis = ba
            cut = bk
            losses[ba, bk] = 1e9
        place = places[axis, cut]
        other = 1 - axis
        before = 0.0
        for t in range(f, f + cut):
            before += want[order[axis, t]]
            marked[order[axis, t]] = 1
        nodes2[c, 6] = axis
        nodes2[c, 7] = cut
        nodes2[c, 8] = xy[axis, order[axis, f + cut - 1]] + 1
        nodes2[c, 9] = xy[axis, order[axis, f + cut]]
        ratio2[c, 0] = before / total
        ratio2[c, 1] = 0.0
        front = f
        behind = 0
        for t in range(f, e):
            v = order[other, t]
            if marked[v] == 1:
                order[other, front] = v
                front += 1
            else:
                spare[behind] = v
                behind += 1
        for t in range(behind):
            order[other, front + t] = spare[t]
        for t in range(f, f + cut):
            marked[order[axis, t]] = 0
        for side in range(2):
            x0 = boxes2[c, 0]
            y0 = boxes2[c, 1]
            x1 = boxes2[c, 2]
            y1 = boxes2[c, 3]
            if side == 0:
                cf = f
                ce = f + cut
                cc = c + 1
                if axis == 0:
                    x1 = place
                else:
                    y1 = place
            else:
                cf = f + cut
                ce = e
                cc = c + cut
                if axis == 0:
                    x0 = place
                else:
                    y0 = place
            if ce - cf == 1:
                v = order[0, cf]
                perm2[cf] = v
                lack = 1.0 - float((x1 - x0) * (y1 - y0)) / want[v]
                lack = lack * lack if lack > 0.0 else 0.0
                leaf2[cf] = lack
                result += lack
            else:
                nodes2[cc, 0] = cf
                nodes2[cc, 1] = ce
                boxes2[cc, 0] = x0
                boxes2[cc, 1] = y0
                boxes2[cc, 2] = x1
                boxes2[cc, 3] = y1
                stack[top] = cc
                top += 1
        if result > bound:
            return 1e18
    return result


@njit(cache=True, error_model="numpy")
def place_of(c, nodes, boxes, ratio):
    """Return where cut c lies now."""
    a = nodes[c, 6]
    lo = boxes[c, a]
    place = lo + int((boxes[c, 2 + a] - lo) * (ratio[c, 0] + ratio[c, 1]) + 0.5)
    if place < nodes[c, 8]:
        place = nodes[c, 8]
    if place > nodes[c, 9]:
        place = nodes[c, 9]
    return place


@njit(cache=True, error_model="numpy")
def graft(c0, digit0, near, promoted, fixed, nodes, boxes, nodes2, boxes2, ratio, ratio2, perm, perm2, leaf2, order, rank, glob, xy, want, stack4, lst, losses, places, marked, spare, bound):
    """Cut the part of cut c0 anew (near != 0: that many points more before the old cut; else by the cut of rank digit0);
    below, the old subtree, restricted to the members of each side, keeps its axes, splits and offsets."""
    n = want.size
    first = nodes[c0, 0]
    end = nodes[c0, 1]
    size = end - first
    old_axis = nodes[c0, 6]
    for a in range(2):
        if promoted >= 0 or (near != 0 and a != old_axis):
            continue
        if size <= 20:
            for t in range(size):
                v = perm[first + t]
                key = rank[a, v]
                q = first + t
                while q > first and rank[a, order[a, q - 1]] > key:
                    order[a, q] = order[a, q - 1]
                    q -= 1
                order[a, q] = v
        else:
            for t in range(first, end):
                marked[perm[t]] = 1
            q = first
            for t in range(n):
                v = glob[a, t]
                if marked[v] == 1:
                    order[a, q] = v
                    q += 1
            for t in range(first, end):
                marked[perm[t]] = 0
    axis = old_axis
    cut = nodes[c0, 7] + near
    line = np.int64(-1)
    if promoted >= 0:
        axis = nodes[promoted, 6]
        line = place_of(promoted, nodes, boxes, ratio)
        cut = np.int64(0)
        for t in range(first, end):
            if xy[axis, perm[t]] < line:
                cut += 1
        if cut < 1 or cut > size - 1 or (axis == old_axis and cut == nodes[c0, 7]):
            return 1e18
        for t in range(first, end):
            if xy[axis, perm[t]] < line:
                marked[perm[t]] = 1
    elif near != 0:
        if cut < 1 or cut > size - 1:
            return 1e18
        if xy[axis, order[axis, first + cut - 1]] + 1 > xy[axis, order[axis, first + cut]]:
            return 1e18
    else:
        total = 0.0
        for t in range(first, end):
            total += want[perm[t]]
        for a in range(2):
            lo = boxes[c0, a]
            hi = boxes[c0, 2 + a]
            depth = float(boxes[c0, 3 - a] - boxes[c0, 1 - a])
            before = 0.0
            for k in range(1, size):
                u = order[a, first + k - 1]
                before += want[u]
                least = xy[a, u] + 1
                most = xy[a, order[a, first + k]]
                if least > most:
                    losses[a, k] = 1e9
                    continue
                place = lo + int((hi - lo) * (before / total) + 0.5)
                if place < least:
                    place = least
                if place > most:
                    place = most
                w1 = float(place - lo)
                w2 = float(hi - place)
                l1 = 1.0 - w1 * depth / before
                if l1 < 0.0:
                    l1 = 0.0
                l2 = 1.0 - w2 * depth / (total - before)
                if l2 < 0.0:
                    l2 = 0.0
                thin1 = w1 / depth if w1 > depth else depth / w1
                thin2 = w2 / depth if w2 > depth else depth / w2
                losses[a, k] = k * l1 * l1 + (size - k) * l2 * l2 + ASPECT * np.log(thin1 * thin2)
        losses[old_axis, nodes[c0, 7]] = 1e9
        axis = -1
        for r in range(digit0 + 1):
            least_loss = 1e8
            ba = -1
            bk = -1
            for a in range(2):
                for k in range(1, size):
                    if losses[a, k] < least_loss:
                        least_loss = losses[a, k]
                        ba = a
                        bk = k
            if ba < 0:
                break
            axis = ba
            cut = bk
            losses[ba, bk] = 1e9
        if axis < 0:
            return 1e18
    if promoted < 0:
        for t in range(first, first + cut):
            marked[order[axis, t]] = 1
    front = first
    behind = 0
    for t in range(first, end):
        if marked[perm[t]] == 1:
            lst[front] = t
            front += 1
        else:
            spare[behind] = t
            behind += 1
    for t in range(behind):
        lst[front + t] = spare[t]
    for t in range(first, end):
        marked[perm[t]] = 0
    nodes2[c0, 0] = first
    nodes2[c0, 1] = end
    for q in range(4):
        boxes2[c0, q] = boxes[c0, q]
    stack4[0, 0] = c0
    stack4[0, 1] = c0
    top = 1
    result = 0.0
    while top > 0:
        top -= 1
        c = stack4[top, 0]
        source = stack4[top, 1]
        f = nodes2[c, 0]
        e = nodes2[c, 1]
        offset = 0.0
        wanted_place = np.int64(-1)
        if c == c0:
            middle = f + cut
            if promoted >= 0:
                if fixed == 1:
                    wanted_place = line
            elif near != 0:
                offset = ratio[c0, 1]
                if fixed == 1:
                    wanted_place = place_of(c0, nodes, boxes, ratio)
            next_front = c0
            next_behind = c0
        else:
            # down the old subtree to the first cut that divides these members
            while True:
                split = nodes[source, 0] + nodes[source, 7]
                if lst[f] >= split:
                    source = source + nodes[source, 7]
                elif lst[e - 1] < split:
                    source = source + 1
                else:
                    break
            middle = f + 1
            while lst[middle] < split:
                middle += 1
            axis = nodes[source, 6]
            offset = ratio[source, 1]
            if fixed == 1:
                wanted_place = place_of(source, nodes, boxes, ratio)
            next_front = source + 1
            next_behind = source + nodes[source, 7]
        before = 0.0
        least = np.int64(0)
        most = np.int64(10000)
        for t in range(f, middle):
            v = perm[lst[t]]
            before += want[v]
            if xy[axis, v] + 1 > least:
                least = xy[axis, v] + 1
        total = before
        for t in range(middle, e):
            v = perm[lst[t]]
            total += want[v]
            if xy[axis, v] < most:
                most = xy[axis, v]
        nodes2[c, 6] = axis
        nodes2[c, 7] = middle - f
        nodes2[c, 8] = least
        nodes2[c, 9] = most
        lo = boxes2[c, axis]
        if wanted_place > lo and wanted_place < boxes2[c, 2 + axis]:
            if wanted_place < least:
                wanted_place = least
            if wanted_place > most:
                wanted_place = most
            offset = float(wanted_place - lo) / float(boxes2[c, 2 + axis] - lo) - before / total
        ratio2[c, 0] = before / total
        ratio2[c, 1] = offset
        share = before / total + offset
        place = lo + int((boxes2[c, 2 + axis] - lo) * share + 0.5)
        if place < least:
            place = least
        if place > most:
            place = most
        for side in range(2):
            x0 = boxes2[c, 0]
            y0 = boxes2[c, 1]
            x1 = boxes2[c, 2]
            y1 = boxes2[c, 3]
            if side == 0:
                cf = f
                ce = middle
                cc = c + 1
                below = next_front
                if axis == 0:
                    x1 = place
                else:
                    y1 = place
            else:
                cf = middle
                ce = e
                cc = c + middle - f
                below = next_behind
                if axis == 0:
                    x0 = place
                else:
                    y0 = place
            if ce - cf == 1:
                v = perm[lst[cf]]
                perm2[cf] = v
                lack = 1.0 - float((x1 - x0) * (y1 - y0)) / want[v]
                lack = lack * lack if lack > 0.0 else 0.0
                leaf2[cf] = lack
                result += lack
            else:
                nodes2[cc, 0] = cf
                nodes2[cc, 1] = ce
                boxes2[cc, 0] = x0
                boxes2[cc, 1] = y0
                boxes2[cc, 2] = x1
                boxes2[cc, 3] = y1
                stack4[top, 0] = cc
                stack4[top, 1] = below
                top += 1
        if result > bound:
            return 1e18
    return result


@njit(cache=True, error_model="numpy")
def leaves(n, nodes, boxes, ratio, perm, rects):
    """Write the parts of all companies."""
    for c in range(n - 1):
        x0 = boxes[c, 0]
        y0 = boxes[c, 1]
        x1 = boxes[c, 2]
        y1 = boxes[c, 3]
        k = nodes[c, 7]
        f = nodes[c, 0]
        rest = nodes[c, 1] - f - k
        share = ratio[c, 0] + ratio[c, 1]
        if nodes[c, 6] == 0:
            place = x0 + int((x1 - x0) * share + 0.5)
        else:
            place = y0 + int((y1 - y0) * share + 0.5)
        if place < nodes[c, 8]:
            place = nodes[c, 8]
        if place > nodes[c, 9]:
            place = nodes[c, 9]
        if k == 1:
            v = perm[f]
            rects[v, 0] = x0
            rects[v, 1] = y0
            rects[v, 2] = place if nodes[c, 6] == 0 else x1
            rects[v, 3] = place if nodes[c, 6] == 1 else y1
        if rest == 1:
            v = perm[f + k]
            rects[v, 0] = place if nodes[c, 6] == 0 else x0
            rects[v, 1] = place if nodes[c, 6] == 1 else y0
            rects[v, 2] = x1
            rects[v, 3] = y1


@njit(cache=True, error_model="numpy")
def tree_search(xy, want, glob, rank, best, budget, rng, until, hot, cold, recut, keep, stats):
    n = want.size
    nodes = np.zeros((n + 2, 10), np.int64)
    nodes2 = np.zeros((n + 2, 10), np.int64)
    boxes = np.zeros((n + 2, 4), np.int64)
    boxes2 = np.zeros((n + 2, 4), np.int64)
    ratio = np.zeros((n + 2, 2), np.float64)
    ratio2 = np.zeros((n + 2, 2), np.float64)
    perm = np.zeros(n + 1, np.int64)
    perm2 = np.zeros(n + 1, np.int64)
    leaf = np.zeros(n + 1, np.float64)
    leaf2 = np.zeros(n + 1, np.float64)
    order = np.zeros((2, n + 1), np.int64)
    stack = np.zeros(2 * n + 4, np.int64)
    stack4 = np.zeros((2 * n + 4, 2), np.int64)
    lst = np.zeros(n + 1, np.int64)
    grafts = 0
    grafts_kept = 0
    promotions = 0
    promotions_kept = 0
    losses = np.zeros((2, n + 1), np.float64)
    places = np.zeros((2, n + 1), np.int64)
    marked = np.zeros(n + 1, np.int64)
    spare = np.zeros(n + 1, np.int64)
    for i in range(n):
        perm[i] = i
    nodes[0, 1] = n
    boxes[0, 2] = 10000
    boxes[0, 3] = 10000
    total = 0.0
    best_total = 1e18
    moves = 0
    cuts = 0
    cuts_kept = 0
    shifts_kept = 0
    temperature = hot
    limit = 800
    while True:
        if moves & 63 == 0:
            share = spent_share(budget) / until
            if share >= 1.0 and moves > 0:
                break
            if share > 1.0:
                share = 1.0
            temperature = hot * (cold / hot) ** share
            limit = int(800.0 * 0.1**share)
        moves += 1
        budget[4] += 1.0
        slack = -temperature * np.log(random_unit(rng))
        if moves == 1 or random_unit(rng) < recut:
            c = 0
            digit = 0
            wild = 0
            if moves > 1:
                c = int(random_below(rng, n - 1))
                digit = int(random_scale(rng, 10)) - 1
                if random_unit(rng) < 0.5:
                    wild = 1
            f = nodes[c, 0]
            e = nodes[c, 1]
            m = e - f
            if m == 2:
                digit = digit & 1
            before = 0.0
            for t in range(f, e):
                before += leaf[t]
            if moves == 1:
                slack = 1e17
            grafted = moves > 1 and random_unit(rng) < keep
            if grafted:
                near = np.int64(0)
                promoted = np.int64(-1)
                fixed = np.int64(0)
                if m > 2:
                    u = random_unit(rng)
                    if u < 0.3:
                        near = np.int64(random_scale(rng, 3))
                        if random_unit(rng) < 0.5:
                            near = -near
                        if random_unit(rng) < 0.3:
                            fixed = np.int64(1)
                    elif u < 0.6:
                        promoted = np.int64(c + 1 + random_below(rng, m - 2))
                        if random_unit(rng) < 0.8:
                            fixed = np.int64(1)
                    elif random_unit(rng) < 0.15:
                        fixed = np.int64(1)
                after = graft(c, digit, near, promoted, fixed, nodes, boxes, nodes2, boxes2, ratio, ratio2, perm, perm2, leaf2, order, rank, glob, xy, want, stack4, lst, losses, places, marked, spare, before + slack)
                if promoted >= 0:
                    promotions += 1
                    if after <= before + slack:
                        promotions_kept += 1
                grafts += 1
            else:
                after = build(c, digit, wild, nodes, boxes, nodes2, boxes2, ratio2, perm, perm2, leaf2, order, rank, glob, xy, want, stack, losses, places, marked, spare, before + slack, rng)
                cuts += 1
            if after <= before + slack:
                if grafted:
                    grafts_kept += 1
                else:
                    cuts_kept += 1
                for q in range(c, c + m - 1):
                    for k in range(10):
                        nodes[q, k] = nodes2[q, k]
                    for k in range(4):
                        boxes[q, k] = boxes2[q, k]
                    ratio[q, 0] = ratio2[q, 0]
                    ratio[q, 1] = ratio2[q, 1]
                for t in range(f, e):
                    perm[t] = perm2[t]
                    leaf[t] = leaf2[t]
                total += after - before
                if moves == 1:
                    stats[0] = after
        else:
            c = int(random_below(rng, n - 1))
            a = nodes[c, 6]
            least = nodes[c, 8]
            most = nodes[c, 9]
            lo = boxes[c, a]
            extent = boxes[c, 2 + a] - lo
            old = ratio[c, 1]
            place = lo + int(extent * (ratio[c, 0] + old) + 0.5)
            if place < least:
                place = least
            if place > most:
                place = most
            if random_unit(rng) < 0.07:
                if old == 0.0:
                    continue
                new = 0.0
            else:
                step = int(random_scale(rng, limit))
                if random_unit(rng) < 0.5:
                    step = -step
                if place + step < least or place + step > most:
                    continue
                new = float(place + step - lo) / float(extent) - ratio[c, 0]
            f = nodes[c, 0]
            e = nodes[c, 1]
            before = 0.0
            for t in range(f, e):
                before += leaf[t]
            ratio[c, 1] = new
            for k in range(4):
                boxes2[c, k] = boxes[c, k]
            after = lay(c, nodes, boxes2, ratio, perm, want, leaf2, before + slack)
            if after <= before + slack:
                shifts_kept += 1
                for q in range(c, c + e - f - 1):
                    for k in range(4):
                        boxes[q, k] = boxes2[q, k]
                for t in range(f, e):
                    leaf[t] = leaf2[t]
                total += after - before
            else:
                ratio[c, 1] = old
        if total < best_total - 1e-4:
            best_total = total
            leaves(n, nodes, boxes, ratio, perm, best)
    stats[1] = best_total
    stats[2] = float(moves)
    stats[10] = float(cuts)
    stats[11] = float(cuts_kept) / max(1, cuts)
    stats[12] = float(shifts_kept) / max(1, moves - cuts - grafts)
    stats[13] = float(grafts)
    stats[14] = float(grafts_kept) / max(1, grafts)
    stats[15] = float(promotions_kept) / max(1, promotions)


# ---------------------------------------------------------------- stage 2: pushing walls
# E[s, i]: how far company i reaches in direction s: 0 right (x1), 1 left (-x0), 2 top (y1), 3 bottom (-y0)


@njit(cache=True, error_model="numpy")
def satisfaction(E, want, i):
    area = float((E[0, i] + E[1, i]) * (E[2, i] + E[3, i]))
    w = want[i]
    lack = 1.0 - (area / w if area < w else w / area)
    return 1.0 - lack * lack


@njit(cache=True, error_model="numpy")
def set_edge(E, want, p, s, i, value, log_key, log_value, log_p, cnt):
    """Move one edge, with an entry in the log; return the gain."""
    n = want.size
    t = cnt[0]
    log_key[t] = s * n + i
    log_value[t] = E[s, i]
    log_p[t] = p[i]
    cnt[0] = t + 1
    E[s, i] = value
    q = satisfaction(E, want, i)
    gain = q - p[i]
    p[i] = q
    return gain


@njit(cache=True, error_model="numpy")
def undo(E, n, p, log_key, log_value, log_p, cnt):
    t = cnt[0]
    while t > 0:
        t -= 1
        s = log_key[t] // n
        i = log_key[t] - s * n
        E[s, i] = log_value[t]
        p[i] = log_p[t]
    cnt[0] = 0


@njit(cache=True, error_model="numpy")
def expand(E, low, high, want, p, i, s, d, mode, A, P, mark, log_key, log_value, log_p, cnt):
    """Company i grows by d in direction s; who is in the way shrinks. mode 0: only that; 1: those on the same wall that fit
    into the vacated place grow too; 2: the whole aligned wall. Return the gain or BAD (then nothing changed)."""
    n = want.size
    cnt[2] = 0
    s1 = s ^ 1
    ph = 2 - (s & 2)
    pl = ph + 1
    c = E[s, i]
    c2 = c + d
    if c2 > high[s]:
        c2 = high[s]
    if c2 <= c:
        return BAD
    lo = -E[pl, i]
    hi = E[ph, i]
    pushed = 0
    plo = lo
    phi = hi
    for j in range(n):
        if E[s, j] > c and E[s1, j] > -c2 and E[ph, j] > lo and -E[pl, j] < hi:
            if -c2 < low[s1, j]:
                return BAD
            P[pushed] = j
            pushed += 1
            if -E[pl, j] < plo:
                plo = -E[pl, j]
            if E[ph, j] > phi:
                phi = E[ph, j]
    A[0] = i
    growing = 1
    if mode > 0 and (plo < lo or phi > hi):
        cnt[1] += 1
        stamp = cnt[1]
        mark[i] = stamp
        for t in range(pushed):
            mark[P[t]] = stamp
        while True:
            begin = growing
            for k in range(n):
                if E[s, k] == c and mark[k] != stamp:
                    klo = -E[pl, k]
                    khi = E[ph, k]
                    if mode == 1:
                        fits = klo >= plo and khi <= phi
                    else:
                        fits = klo < phi and khi > plo
                    if fits:
                        mark[k] = stamp
                        A[growing] = k
                        growing += 1
            if growing == begin:
                break
            for t in range(begin, growing):
                k = A[t]
                klo = -E[pl, k]
                khi = E[ph, k]
                for j in range(n):
                    if E[s, j] > c and E[s1, j] > -c2 and E[ph, j] > klo and -E[pl, j] < khi:
                        if mark[j] != stamp:
                            if -c2 < low[s1, j]:
                                return BAD
                            mark[j] = stamp
                            P[pushed] = j
                            pushed += 1
                            if -E[pl, j] < plo:
                                plo = -E[pl, j]
                            if E[ph, j] > phi:
                                phi = E[ph, j]
            if mode == 1:
                break
    gain = 0.0
    for t in range(growing):
        gain += set_edge(E, want, p, s, A[t], c2, log_key, log_value, log_p, cnt)
    for t in range(pushed):
        gain += set_edge(E, want, p, s1, P[t], -c2, log_key, log_value, log_p, cnt)
    cnt[2] = pushed
    return gain


@njit(cache=True, error_model="numpy")
def push_search(E, best, low, high, want, budget, rng, begin, hot, cold, step_hot, step_cold, chain, stats):
    n = want.size
    p = np.zeros(n, np.float64)
    A = np.zeros(n + 1, np.int64)
    P = np.zeros(n + 1, np.int64)
    mark = np.zeros(n, np.int64)
    log_key = np.zeros(12 * n + 16, np.int64)
    log_value = np.zeros(12 * n + 16, np.int64)
    log_p = np.zeros(12 * n + 16, np.float64)
    cnt = np.zeros(4, np.int64)
    total = 0.0
    for i in range(n):
        p[i] = satisfaction(E, want, i)
        total += p[i]
        for k in range(4):
            best[k, i] = E[k, i]
    best_total = total
    stats[3] = total / n
    moves = 0
    accepted = 0
    chained = 0
    chain_kept = 0
    invalid = 0
    temperature = hot
    limit = 2
    while True:
        if moves & 127 == 0:
            share = (spent_share(budget) - begin) / (1.0 - begin)
            if share >= 1.0:
                break
            if share < 0.0:
                share = 0.0
            temperature = hot * (cold / hot) ** share
            limit = max(2, int(step_hot * (step_cold / step_hot) ** share))
        moves += 1
        budget[4] += 1.0
        i = np.int64(random_below(rng, n))
        s = np.int64(random_below(rng, 4))
        kind = random_unit(rng)
        cnt[0] = 0
        ph = 2 - (s & 2)
        width = E[ph, i] + E[ph + 1, i]
        area = float((E[0, i] + E[1, i]) * (E[2, i] + E[3, i]))
        was_chained = False
        if kind < 0.08:  # only shrink
            d = np.int64(random_scale(rng, limit))
            if area > want[i] and random_unit(rng) < 0.5:
                d = np.int64((area - want[i]) / width + random_unit(rng))
            if d < 1 or E[s, i] - d < low[s, i]:
                continue
            gain = set_edge(E, want, p, s, i, E[s, i] - d, log_key, log_value, log_p, cnt)
            if random_unit(rng) < 0.3:  # and grow elsewhere
                s2 = np.int64(random_below(rng, 4))
                if s2 != s:
                    w2 = E[2 - (s2 & 2), i] + E[3 - (s2 & 2), i]
                    a2 = float((E[0, i] + E[1, i]) * (E[2, i] + E[3, i]))
                    d2 = np.int64((min(area, want[i]) - a2) / w2 + random_unit(rng))
                    if d2 > 0:
                        more = expand(E, low, high, want, p, i, s2, d2, 1, A, P, mark, log_key, log_value, log_p, cnt)
                        if more > BAD:
                            gain += more
        else:
            if E[s, i] >= high[s]:
                continue
            d = np.int64(0)
            if kind < 0.33 and area < want[i]:
                d = np.int64((want[i] - area) / width + random_unit(rng))
                if d > 2 * limit:
                    d = np.int64(0)
            elif kind < 0.43:
                c = E[s, i]
                for t in range(6):
                    j = np.int64(random_below(rng, n))
                    if E[s, j] > c and E[s, j] <= c + limit:
                        d = E[s, j] - c
                        break
            if d < 1:
                d = np.int64(random_scale(rng, limit))
            u = random_unit(rng)
            mode = 0
            if u > 0.7:
                mode = 2
            elif u > 0.3:
                mode = 1
            gain = expand(E, low, high, want, p, i, s, d, mode, A, P, mark, log_key, log_value, log_p, cnt)
            if gain <= BAD:
                invalid += 1
                continue
            if random_unit(rng) < chain:
                was_chained = True
                chained += 1
                u = random_unit(rng)
                if u < 0.5:
                    # who lost takes from others
                    came = s
                    for depth in range(3):
                        if cnt[2] == 0:
                            break
                        j = P[random_below(rng, cnt[2])]
                        s2 = np.int64(random_below(rng, 4))
                        if s2 == (came ^ 1):
                            s2 = came
                        w2 = E[2 - (s2 & 2), j] + E[3 - (s2 & 2), j]
                        a2 = float((E[0, j] + E[1, j]) * (E[2, j] + E[3, j]))
                        d2 = np.int64((want[j] - a2) / w2 + random_unit(rng))
                        if d2 < 1:
                            break
                        mode2 = np.int64(random_below(rng, 3))
                        more = expand(E, low, high, want, p, j, s2, d2, mode2, A, P, mark, log_key, log_value, log_p, cnt)
                        if more <= BAD:
                            break
                        gain += more
                        came = s2
                        if random_unit(rng) < 0.4:
                            break
                else:
                    # company i gives elsewhere what it got here
                    s2 = np.int64(random_below(rng, 3))
                    if s2 >= s:
                        s2 += 1
                    qh = 2 - (s2 & 2)
                    lo = -E[qh + 1, i]
                    hi = E[qh, i]
                    a2 = float((E[0, i] + E[1, i]) * (E[2, i] + E[3, i]))
                    target = want[i]
                    if area > target or u < 0.75:
                        target = area
                    d2 = np.int64((a2 - target) / (hi - lo) + random_unit(rng))
                    if d2 > 0 and E[s2, i] - d2 >= low[s2, i]:
                        edge = -E[s2, i]
                        o2 = s2 ^ 1
                        seen = 0
                        chosen = np.int64(-1)
                        for j in range(n):
                            if E[o2, j] == edge and E[qh, j] > lo and -E[qh + 1, j] < hi:
                                seen += 1
                                if seen == 1 or random_unit(rng) * seen < 1.0:
                                    chosen = j
                        if chosen < 0:
                            gain += set_edge(E, want, p, s2, i, E[s2, i] - d2, log_key, log_value, log_p, cnt)
                        else:
                            mode2 = np.int64(1 + random_below(rng, 2))
                            more = expand(E, low, high, want, p, chosen, o2, d2, mode2, A, P, mark, log_key, log_value, log_p, cnt)
                            if more > BAD:
                                gain += more
        if gain >= temperature * np.log(random_unit(rng)):
            accepted += 1
            if was_chained:
                chain_kept += 1
            total += gain
            if total > best_total + 3e-6:
                best_total = total
                for k in range(4):
                    for j in range(n):
                        best[k, j] = E[k, j]
        else:
            undo(E, n, p, log_key, log_value, log_p, cnt)
    # trim what is too large
    for i in range(n):
        for s in range(4):
            ph = 2 - (s & 2)
            width = best[ph, i] + best[ph + 1, i]
            area = float((best[0, i] + best[1, i]) * (best[2, i] + best[3, i]))
            if area > want[i]:
                d = np.int64((area - want[i]) / width + 0.5)
                if best[s, i] - d < low[s, i]:
                    d = best[s, i] - low[s, i]
                if d > 0:
                    q = satisfaction(best, want, i)
                    best[s, i] -= d
                    if satisfaction(best, want, i) < q:
                        best[s, i] += d
    total = 0.0
    for i in range(n):
        total += satisfaction(best, want, i)
    stats[4] = total / n
    stats[5] = float(moves)
    stats[6] = float(accepted) / max(1, moves)
    stats[7] = float(invalid) / max(1, moves)
    stats[8] = float(chained) / max(1, moves)
    stats[9] = float(chain_kept) / max(1, chained)


def answer_text(text, values, budget, seed):
    """The only way to the kernels, so that warm_up() and main() call them with the same types."""
    numbers = np.array(text.split(), dtype=np.int64)
    n = int(numbers[0])
    table = numbers[1 : 1 + 3 * n].reshape(n, 3)
    xy = np.ascontiguousarray(table[:, :2].T)
    want = np.ascontiguousarray(table[:, 2]).astype(np.float64)
    stats = np.zeros(16, dtype=np.float64)
    if n == 1:
        return "0 0 10000 10000\n", stats
    glob = np.ascontiguousarray(np.argsort(xy, axis=1, kind="stable")).astype(np.int64)
    rank = np.zeros((2, n), dtype=np.int64)
    for a in range(2):
        rank[a, glob[a]] = np.arange(n)
    rng = random_state(seed)
    parts = np.zeros((n, 4), dtype=np.int64)
    until = float(values["tree_share"])
    tree_search(xy, want, glob, rank, parts, budget, rng, until, float(values["tree_hot"]), float(values["tree_cold"]), float(values["recut"]), float(values["keep"]), stats)
    E = np.zeros((4, n), dtype=np.int64)
    E[0] = parts[:, 2]
    E[1] = -parts[:, 0]
    E[2] = parts[:, 3]
    E[3] = -parts[:, 1]
    low = np.zeros((4, n), dtype=np.int64)
    low[0] = xy[0] + 1
    low[1] = -xy[0]
    low[2] = xy[1] + 1
    low[3] = -xy[1]
    high = np.array([SIDE, 0, SIDE, 0], dtype=np.int64)
    best = E.copy()
    push_search(
        E, best, low, high, want, budget, rng, until, float(values["hot"]), float(values["cold"]),
        float(values["step_hot"]), 50.0, 0.35, stats,
    )
    rows = zip((-best[1]).tolist(), (-best[3]).tolist(), best[0].tolist(), best[2].tolist())
    return "".join(f"{a} {b} {c} {d}\n" for a, b, c, d in rows), stats


def warm_up():
    """Compile: the whole way on a tiny case, with a budget of 300 moves (see ale_agent.kit.budget) instead of time."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    answer_text(TINY_CASE, values, np.array([time.CLOCK_MONOTONIC, 0.0, 1.0, 300.0, 0.0]), 1)


def main():
    limit = float(os.environ.get("ALE_TIME_LIMIT", "5"))
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
    names = ("greedy_loss", "tree_loss", "tree_moves", "push_start", "push_end", "moves", "accepted", "invalid",
             "chained", "chain_kept", "cuts", "cuts_kept", "shifts_kept", "grafts", "grafts_kept", "promotions_kept")
    for k, name in enumerate(names):
        print(f"STAT {name} {stats[k]:.6g}", file=sys.stderr)  # comes back, see above
    if alone:
        os._exit(0)  # taking the interpreter down would cost a tenth of a second


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
