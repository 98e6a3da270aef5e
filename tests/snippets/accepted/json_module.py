# value: ["{\n \"a\": \"é\",\n \"b\": [\n  1,\n  null,\n  true\n ]\n}", {"a": "é", "b": [1, null, true]}, [1, 1], "{\"1\": [2]}"]
import json

text = json.dumps({"b": [1, None, True], "a": "é"}, sort_keys=True, ensure_ascii=False, indent=1)
try:
    json.loads("{bad")
except json.JSONDecodeError as e:
    where = [e.pos, e.lineno]
[text, json.loads(text), where, json.dumps({1: (2,)}, default=str)]
