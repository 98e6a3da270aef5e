# value: [[4, 3, 1], 1, 1, 0, [4, 3, 1]]
xs = [1, 2]
xs.extend([3, 4])
xs.insert(0, 0)
xs.remove(2)
xs.reverse()
[xs, xs.index(3), xs.count(1), xs.pop(), xs.copy()]
