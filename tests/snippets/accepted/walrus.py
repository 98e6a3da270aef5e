# value: [2, [8, 12]]
values = [3, 8, 12]
if (big := [v for v in values if v > 5]) and (n := len(big)) > 1:
    result = [n, big]
result
