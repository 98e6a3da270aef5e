# value: "{\"d\": \"2026-01-02\"}"
import json
from datetime import date

json.dumps({"d": date(2026, 1, 2)}, default=str)
