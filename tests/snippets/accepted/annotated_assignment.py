# value: [3, ["n"], {"a": 1}]
x: int = 3
names: list[str] = []
later: "Undefined"

def f(a: "Nothing", b: int = 2) -> "Missing":
    inner: dict[str, int] = {"a": a}
    return inner

names.append("n")
[x, names, f(1)]
