# value: ["{\"day\": {\"$date\": \"2026-01-02\"}, \"sum\": \"1.10\"}", 2026, "3.0"]
import json
from datetime import date
from decimal import Decimal
def encode(value):
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"can't encode {type(value).__name__}")
def decode(found):
    return date.fromisoformat(found["$date"]) if "$date" in found else found
text = json.dumps({"day": date(2026, 1, 2), "sum": Decimal("1.10")}, default=encode, sort_keys=True)
[text, json.loads(text, object_hook=decode)["day"].year, json.loads("[1.5]", parse_float=Decimal)[0] * 2]
