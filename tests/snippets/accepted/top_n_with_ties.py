# value: [[1, "b"], [1, "c"], [3, "a"], [4, "d"]]
scores = {"a": 3, "b": 9, "c": 9, "d": 1}
ranked = sorted(scores.items(), key=lambda kv: (-kv[1], kv[0]))
rank, last, out = 0, None, []
for position, (name, score) in enumerate(ranked, 1):
    if score != last:
        rank, last = position, score
    out.append((rank, name))
out
