# value: "xc"
'abc'.translate(str.maketrans({'a': 'x', 'b': None}))
