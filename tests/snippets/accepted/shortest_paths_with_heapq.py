# value: [{"a": 0, "b": 1, "c": 3, "d": 4}, {"b": "a", "c": "b", "d": "c"}]

import heapq
def dijkstra(g, s):
    dist = {s: 0}; q = [(0, s)]; prev = {}
    while q:
        d, u = heapq.heappop(q)
        if d > dist.get(u, float("inf")): continue
        for v, w in g.get(u, {}).items():
            if (nd := d + w) < dist.get(v, float("inf")):
                dist[v] = nd; prev[v] = u
                heapq.heappush(q, (nd, v))
    return dist, prev
dijkstra({"a": {"b": 1, "c": 4}, "b": {"c": 2, "d": 5}, "c": {"d": 1}}, "a")
