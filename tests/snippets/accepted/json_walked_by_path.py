# value: [[["$.orders[1].id", 2], ["$.x", null], ["$.y", 1000.0], ["$.z", "é"]], "{\"b\":[1,{\"a\":null}]}", "\"a\\\"b\\n\""]
# printed: "[\n {\n  \"order\": 1,\n  \"sku\": \"a\",\n  \"n\": 2\n },\n {\n  \"order\": 1,\n  \"sku\": \"b\",\n  \"n\": 1\n }\n]\n"

import json
data = json.loads('{"orders":[{"id":1,"lines":[{"sku":"a","n":2},{"sku":"b","n":1}]},{"id":2,"lines":[]}],"x":null,"y":1e3,"z":"\\u00e9"}')
flat = [{"order": o["id"], **l} for o in data["orders"] for l in o["lines"]]
def walk(x, path="$"):
    if isinstance(x, dict):
        for k, v in x.items(): yield from walk(v, f"{path}.{k}")
    elif isinstance(x, list):
        for i, v in enumerate(x): yield from walk(v, f"{path}[{i}]")
    else: yield path, x
print(json.dumps(flat, indent=1)); [list(walk(data))[-4:], json.dumps({"b": [1, {"a": None}]}, separators=(",", ":"), sort_keys=True), json.dumps("a\"b\n")]
