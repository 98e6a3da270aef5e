# value: [0, [5, 4], 1, [1, 3, 4, 5]]
import heapq, bisect

h = [5, 1, 4]
heapq.heapify(h)
heapq.heappush(h, 0)
xs = [1, 3, 5]
bisect.insort(xs, 4)
[heapq.heappop(h), heapq.nlargest(2, h), bisect.bisect_left(xs, 3), xs]
