# value: [[[1, "a"], [2, "b"]], [[1, "x"], [2, "y"]], {"a": 1, "b": 2}]
[list(enumerate('ab', 1)), list(zip([1, 2], 'xy')), dict(zip('ab', [1, 2]))]
