# value: [{"k": 3}, ["o", "k"]]
log = []

def at(x):
    log.append(x)
    return x

d = {"k": 1}
(at("o"), d)[1][at("k")] += len(log)
[d, log]
