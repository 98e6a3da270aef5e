# value: {"rows": [{"name": "Ana", "amount": "10"}, {"name": "Bo", "amount": "20.5"}], "total": 30.5}
# printed: "name,amount\n"
text = "name,amount\nAna,10\nBo,20.5\n"
header, *lines = [line.split(",") for line in text.strip().splitlines()]
rows = [dict(zip(header, line)) for line in lines]
total = sum(float(r["amount"]) for r in rows)
print(",".join(header))
{"rows": rows, "total": total}
