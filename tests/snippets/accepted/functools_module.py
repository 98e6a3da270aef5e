# value: [6, 32, 8, [2], 1, 3, [1, 3]]
from functools import reduce, partial, lru_cache, cmp_to_key

calls = []

@lru_cache(maxsize=None)
def slow(n):
    calls.append(n)
    return n * 2

class Box:
    @lru_cache
    def size(self):
        return 3

[reduce(lambda a, b: a + b, [1, 2, 3]), partial(pow, 2)(5), slow(2) + slow(2), calls, slow.cache_info().hits, Box().size(), sorted([3, 1], key=cmp_to_key(lambda a, b: a - b))]
