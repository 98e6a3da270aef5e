# value: ["symbol,note,qty\r\nA,\"say \"\"hi\"\"\",1\r\n\"B,C\",,2.5\r\n", [{"symbol": "A", "note": "say \"hi\"", "qty": "1"}, {"symbol": "B,C", "note": "", "qty": "2.5"}], ["symbol", "note", "qty"], [["A", "say \"hi\"", "1"], ["B,C", "", "2.5"]], 3, "\"x\";\"1\";\"\";\"True\"\n\"1\";\"2\"\n\"3\";\"a\nb\"\n", 18, [{"a": "1", "b": "-"}, {"a": "2", "b": "3", "more": ["4"]}], [["a", "b"]], "dict contains fields not in fieldnames: 'b'", ["a", "b"], [{"a": "1", "b": "2"}], "unexpected end of data"]
import csv
import io
from io import StringIO
buffer = io.StringIO()
writer = csv.DictWriter(buffer, fieldnames=["symbol", "note", "qty"], extrasaction="ignore")
writer.writeheader()
writer.writerows([{"symbol": "A", "note": 'say "hi"', "qty": 1, "x": 0}, {"symbol": "B,C", "note": None, "qty": 2.5}])
text = buffer.getvalue()
rows = list(csv.DictReader(io.StringIO(text)))
plain = csv.reader(text.splitlines())
header = next(plain)
out = StringIO(newline="")
w = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
n = w.writerow(["x", 1, None, True])
w.writerows(([1, 2], (3, "a\nb")))
uneven = list(csv.DictReader(["a,b", "1", "2,3,4", ""], restkey="more", restval="-"))
tabs = list(csv.reader(["a\tb"], dialect="excel-tab"))
try:
    csv.DictWriter(io.StringIO(), ["a"]).writerow({"b": 1})
except ValueError as e:
    error = str(e)
reader = csv.DictReader(["a,b", "1,2"])
try:
    list(csv.reader(['"a'], strict=True))
except csv.Error as e:
    wrong = str(e)
[text, rows, header, list(plain), plain.line_num, out.getvalue(), n, uneven, tabs, error, reader.fieldnames, list(reader), wrong]
