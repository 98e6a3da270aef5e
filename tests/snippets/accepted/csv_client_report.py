# value: ["client,net", "Amelia Reid,1080.50", "\"Okafor, Ben\",2050.00"]
import csv, io
from collections import defaultdict
raw = """date,client,symbol,qty,price
2024-01-02,Amelia Reid,AAPL,10,190.50
2024-01-02,"Okafor, Ben",MSFT,5,410.00
2024-01-03,Amelia Reid,MSFT,-2,412.25
"""
totals = defaultdict(float)
for row in csv.DictReader(io.StringIO(raw)):
    totals[row["client"]] += int(row["qty"]) * float(row["price"])
with io.StringIO() as out:
    w = csv.writer(out)
    w.writerow(["client", "net"])
    for client, net in sorted(totals.items()):
        w.writerow([client, f"{net:.2f}"])
    report = out.getvalue()
report.splitlines()
