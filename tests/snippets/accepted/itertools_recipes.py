# value: null
# printed: "[4, 9, 16] [0, 1] ['b', 'c'] c b 2 True False 3 [1, 2] [8, 8] [('a', 'b'), ('c', 'd'), ('e', '-')] [('a', 'b', 'c'), ('b', 'c', 'd')] [(1, 2, 3), (2, 3, 4)] ['a', 'c', 'b', 'd', 'e'] ([0, 2, 4], [1, 3]) [(), (1,), (2,), (1, 2)] ['A', 'b'] [0, 2] [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]\n"
import itertools, collections, functools, operator, math
def take(n, iterable): return list(itertools.islice(iterable, n))
def prepend(v, it): return itertools.chain([v], it)
def tabulate(f, start=0): return map(f, itertools.count(start))
def tail(n, it): return iter(collections.deque(it, maxlen=n))
def consume(it, n=None):
    if n is None: collections.deque(it, maxlen=0)
    else: next(itertools.islice(it, n, n), None)
def nth(it, n, d=None): return next(itertools.islice(it, n, None), d)
def quantify(it, pred=bool): return sum(map(pred, it))
def all_equal(it):
    g = itertools.groupby(it)
    return next(g, True) and not next(g, False)
def first_true(it, default=False, pred=None): return next(filter(pred, it), default)
def flatten(l): return itertools.chain.from_iterable(l)
def repeatfunc(func, times=None, *args):
    return itertools.starmap(func, itertools.repeat(args, times) if times is not None else itertools.repeat(args))
def grouper(it, n, *, fillvalue=None): return itertools.zip_longest(*[iter(it)] * n, fillvalue=fillvalue)
def triplewise(it):
    for (a, _), (b, c) in itertools.pairwise(itertools.pairwise(it)):
        yield a, b, c
def sliding(it, n):
    it = iter(it)
    w = collections.deque(itertools.islice(it, n), maxlen=n)
    if len(w) == n: yield tuple(w)
    for x in it:
        w.append(x)
        yield tuple(w)
def roundrobin(*its):
    out = []
    qs = [collections.deque(i) for i in its]
    while any(qs):
        for q in qs:
            if q: out.append(q.popleft())
    return out
def partition(p, it):
    a, b = itertools.tee(it)
    return list(itertools.filterfalse(p, a)), list(filter(p, b))
def powerset(s):
    s = list(s)
    return itertools.chain.from_iterable(itertools.combinations(s, r) for r in range(len(s) + 1))
def unique(it, key=None):
    seen = set()
    for x in it:
        k = x if key is None else key(x)
        if k not in seen:
            seen.add(k)
            yield x
def iter_index(seq, v):
    i = -1
    try:
        while True:
            yield (i := seq.index(v, i + 1))
    except ValueError:
        pass
def sieve(n):
    data = bytearray((0, 1)) * (n // 2)
    data[:3] = 0, 0, 0
    limit = math.isqrt(n) + 1
    for p in itertools.compress(range(limit), data):
        data[p * p : n : p + p] = bytes(len(range(p * p, n, p + p)))
    data[2] = 1
    return itertools.compress(range(n), data)
it = iter("abcdef"); consume(it, 2)
print(take(3, tabulate(lambda x: x * x, 2)), list(prepend(0, [1])), list(tail(2, "abc")), next(it), nth("abc", 1), quantify([1, 0, 3]), all_equal("aaa"), all_equal("ab"), first_true([0, 2, 3], pred=lambda x: x > 2), list(flatten([[1], [2]])), list(repeatfunc(pow, 2, 2, 3)), list(grouper("abcde", 2, fillvalue="-")), list(triplewise("abcd")), list(sliding([1, 2, 3, 4], 3)), roundrobin("ab", "cde"), partition(lambda x: x % 2, range(5)), list(powerset([1, 2])), list(unique("AbBa", str.lower)), list(iter_index([1, 2, 1], 1)), list(sieve(30)))
