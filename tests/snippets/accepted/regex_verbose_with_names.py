# value: [[{"side": "BUY", "qty": 1000, "sym": "AAPL", "px": "190.5"}, {"side": "sell", "qty": 5, "sym": "BRK.B", "px": null}, null], ["acme at bob", 1], ["a", ",", "b"], [["a", "1"], ["b", "2"]], true, "The End", null]

import re
pat = re.compile(r"""
   ^(?P<side>BUY|SELL)\s+      # side
   (?P<qty>\d{1,3}(?:,\d{3})*) # quantity
   \s+(?P<sym>[A-Z.]+)
   (?:\s+@\s+(?P<px>\d+\.\d+))?$
""", re.VERBOSE | re.IGNORECASE)
out = []
for line in ["BUY 1,000 AAPL @ 190.5", "sell 5 BRK.B", "hold"]:
    if m := pat.match(line):
        g = m.groupdict(); out.append({**g, "qty": int(g["qty"].replace(",", ""))})
    else: out.append(None)
out, re.subn(r"(\w+)@(\w+)", r"\2 at \1", "bob@acme"), re.split(r"(,)", "a,b"), re.findall(r"(\w)(\d)", "a1b2"), bool(re.search(r"(?i)HELLO", "hello")), re.sub(r"\b(\w)", lambda m: m[1].upper(), "the end"), re.match("x", "y")
