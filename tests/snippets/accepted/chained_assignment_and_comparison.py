# value: [[1, 2], true, false]
a = b = [1]
a.append(2)
x = 5
[b, 1 < x <= 5, 1 < x > 9]
