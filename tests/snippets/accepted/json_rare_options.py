# value: ["{\"a\": 1}", ["NaN"], "dumps", "{\"a\": [1, 2]}"]
import json


class Encoder(json.JSONEncoder):
    def default(self, o):
        return sorted(o)


[
    json.dumps({"a": 1}, check_circular=True),
    json.loads("[NaN]", parse_constant=lambda text: text),
    json.dumps.__name__,
    "".join(Encoder().iterencode({"a": {2, 1}})),
]
