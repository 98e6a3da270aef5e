# value: ["[1]", 4, "2026-01-02"]
# own: facades need no import
[json.dumps([1]), math.floor(4.5), datetime.date(2026, 1, 2).isoformat()]
