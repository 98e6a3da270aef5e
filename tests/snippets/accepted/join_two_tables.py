# value: {"joined": [{"client": 1, "total": 10, "name": "Ana"}, {"client": 1, "total": 5, "name": "Ana"}, {"client": 3, "total": 7, "name": "unknown"}], "missing": [3]}
clients = [{"id": 1, "name": "Ana"}, {"id": 2, "name": "Bo"}]
orders = [{"client": 1, "total": 10}, {"client": 1, "total": 5}, {"client": 3, "total": 7}]
by_id = {c["id"]: c for c in clients}
joined = [{**o, "name": by_id.get(o["client"], {}).get("name", "unknown")} for o in orders]
missing = sorted({o["client"] for o in orders} - by_id.keys())
{"joined": joined, "missing": missing}
