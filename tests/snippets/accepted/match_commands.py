# value: ["going north", "taking a, b", "bye", "say something", "unknown dance", "unknown take"]
def act(command):
    match command.split():
        case ["go", ("north" | "south") as way]:
            return f"going {way}"
        case ["take", *things] if things:
            return f"taking {', '.join(things)}"
        case ["quit" | "exit"]:
            return "bye"
        case []:
            return "say something"
        case [other, *_]:
            return f"unknown {other}"
[act(c) for c in ("go north", "take a b", "exit", "", "dance now", "take")]
