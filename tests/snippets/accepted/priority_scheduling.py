# value: ["a", "z", "b", "a"]
import heapq
from itertools import count
order = count()
heap = []
for priority, name in [(2, "b"), (1, "a"), (2, "a"), (1, "z")]:
    heapq.heappush(heap, (priority, next(order), name))
[heapq.heappop(heap)[2] for _ in range(len(heap))]
