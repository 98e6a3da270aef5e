# value: ["JSONDecodeError", 1, 1]
import json
try:
    json.loads('{bad')
except json.JSONDecodeError as e:
    r = [type(e).__name__, e.pos, e.lineno]
r
