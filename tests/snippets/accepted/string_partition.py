# value: [["a", "=", "b=c"], ["a=b", "=", "c"], "b"]
['a=b=c'.partition('='), 'a=b=c'.rpartition('='), 'abc'.removeprefix('a').removesuffix('c')]
