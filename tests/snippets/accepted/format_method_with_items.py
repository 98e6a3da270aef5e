# value: "3 2     x"
'{d[k]} {0[1]} {name:>5}'.format([1, 2], d={'k': 3}, name='x')
