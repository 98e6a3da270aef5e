# value: ["small", "minus", "word", "single", "big 500", "str q", "other"]
def kind(x):
    match x:
        case 0 | 1:
            return "small"
        case -1:
            return "minus"
        case "text":
            return "word"
        case None | True:
            return "single"
        case int(n) if n > 100:
            return f"big {n}"
        case str() as s:
            return f"str {s}"
        case _:
            return "other"

[kind(x) for x in (0, -1, "text", None, 500, "q", 50)]
