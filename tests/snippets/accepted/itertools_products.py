# value: [4, 6, [["a", "b"], ["a", "c"], ["b", "c"]], [1, 3, 6], [1, 2], [["a", "b"], ["b", "c"]], [["a", "x"], ["b", "-"]]]
from itertools import product, permutations, combinations, accumulate, chain, pairwise, zip_longest
[len(list(product('ab', [1, 2]))), len(list(permutations('abc'))), list(combinations('abc', 2)), list(accumulate([1, 2, 3])), list(chain.from_iterable([[1], [2]])), list(pairwise('abc')), list(zip_longest('ab', 'x', fillvalue='-'))]
