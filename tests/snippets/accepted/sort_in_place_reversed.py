# value: [3, 2, 1]
xs = [3, 1, 2]
xs.sort(reverse=True)
xs
