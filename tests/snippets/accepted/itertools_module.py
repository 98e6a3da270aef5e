# value: [{"a": [1, 2], "b": [3]}, [1, 2], [1, 2], [1, 3, 6], [5, 6], [["a", "b"], ["a", "c"], ["b", "c"]], [[1, 2], [0, 3]], [[1, 2], [2, 3]]]
import itertools
from itertools import groupby

rows = [("a", 1), ("a", 2), ("b", 3)]
[{k: [v for _, v in g] for k, g in groupby(rows, key=lambda r: r[0])}, list(itertools.chain.from_iterable([[1], [2]])), list(itertools.chain([1], [2])), list(itertools.accumulate([1, 2, 3])), list(itertools.islice(itertools.count(5), 2)), list(itertools.combinations("abc", 2)), list(itertools.zip_longest([1], [2, 3], fillvalue=0)), list(itertools.pairwise([1, 2, 3]))]
