# value: ["ü", "日", 1]
# A column behind these must not shift anything.
größe = {"naïve": "ü"}
[größe["naïve"], "日本"[0], len("😀")]
