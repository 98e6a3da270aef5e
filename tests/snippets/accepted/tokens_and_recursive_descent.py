# value: [7.0, -2.25]

from typing import Callable, Iterator
import re
TOKEN = re.compile(r"\s*(?:(?P<num>\d+(?:\.\d+)?)|(?P<op>[-+*/()]))")
def tokens(s: str) -> Iterator[tuple[str, str]]:
    pos = 0
    while pos < len(s):
        m = TOKEN.match(s, pos)
        if not m: raise SyntaxError(f"bad at {pos}")
        pos = m.end()
        yield m.lastgroup, m.group(m.lastgroup)
def parse(s):
    toks = list(tokens(s)); i = 0
    def peek(): return toks[i][1] if i < len(toks) else None
    def nxt():
        nonlocal i
        i += 1
        return toks[i-1]
    def atom():
        k, v = nxt()
        if v == "(":
            r = expr(); nxt(); return r
        if v == "-": return -atom()
        return float(v)
    def term():
        r = atom()
        while peek() in ("*", "/"):
            r = r * atom() if nxt()[1] == "*" else r / atom()
        return r
    def expr():
        r = term()
        while peek() in ("+", "-"):
            r = r + term() if nxt()[1] == "+" else r - term()
        return r
    return expr()
[parse("1 + 2*3"), parse("(1+2)*-3/4")]
