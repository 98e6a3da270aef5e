# value: ["going north", "? 'go up'", "got lamp", "bye", "empty", 42]

def process(cmd):
    match cmd.split():
        case ["go", ("north" | "south") as d]: return f"going {d}"
        case ["get", obj, *_]: return f"got {obj}"
        case ["quit" | "exit"]: return "bye"
        case []: return "empty"
        case [x] if x.isdigit(): return int(x)
        case _: return f"? {cmd!r}"
[process(c) for c in ["go north", "go up", "get lamp now", "exit", "", "42"]]
