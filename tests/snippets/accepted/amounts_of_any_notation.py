# value: [1234.5, -99.9, 0.12, null, 5.0]

amounts = ["$1,234.50", "(99.9)", "12%", " - ", "€5"]
import re
def num(s):
    s = s.strip(); neg = s.startswith("(") and s.endswith(")")
    pct = s.endswith("%"); digits = re.sub(r"[^\d.\-]", "", s)
    try: v = float(digits)
    except ValueError: return None
    return (-v if neg else v) / (100 if pct else 1)
[num(a) for a in amounts]
