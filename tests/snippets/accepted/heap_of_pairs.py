# value: ["a", [[2, "b"]], [5, 4]]
import heapq
h = []
for p in [(3, 'c'), (1, 'a'), (2, 'b')]:
    heapq.heappush(h, p)
[heapq.heappop(h)[1], heapq.nsmallest(1, h), heapq.nlargest(2, [5, 1, 4])]
