# value: [["a", "b", "d", "e"], null]
from collections import deque
graph = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"], "e": []}
def path(start, end):
    queue, seen = deque([(start, [start])]), {start}
    while queue:
        node, way = queue.popleft()
        if node == end:
            return way
        for after in graph[node]:
            if after not in seen:
                seen.add(after)
                queue.append((after, way + [after]))
    return None
[path("a", "e"), path("e", "a")]
