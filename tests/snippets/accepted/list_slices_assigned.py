# value: [0, 3]
xs = list(range(6))
xs[1:3] = ['a']
del xs[-1]
xs[::2]
