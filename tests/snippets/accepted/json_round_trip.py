# value: ["{\n \"a\": \"é\",\n \"b\": [\n  1,\n  null,\n  true\n ]\n}", [1, null, true], "[1]"]
import json
text = json.dumps({'b': [1, None, True], 'a': 'é'}, sort_keys=True, indent=1, ensure_ascii=False)
[text, json.loads(text)['b'], json.dumps([1], separators=(',', ':'))]
