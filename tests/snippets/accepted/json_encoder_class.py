# value: ["{\n \"d\": \"2024-01-02\",\n \"v\": 1.5,\n \"s\": [\n  1,\n  2\n ]\n}", "Object of type object is not JSON serializable", "{\"a\": 2, \"b\": 1}", "[1, null]"]
import json
from datetime import date
from decimal import Decimal
class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, date):
            return o.isoformat()
        if isinstance(o, Decimal):
            return float(o)
        if isinstance(o, set):
            return sorted(o)
        return super().default(o)
text = json.dumps({"d": date(2024, 1, 2), "v": Decimal("1.5"), "s": {2, 1}}, cls=Encoder, indent=1)
try:
    json.dumps(object(), cls=Encoder)
except TypeError as e:
    error = str(e)
[text, error, Encoder(sort_keys=True).encode({"b": 1, "a": 2}), json.JSONEncoder().encode([1, None])]
