# value: "2026-03"
from datetime import date

"{d.year}-{d.month:02d}".format(d=date(2026, 3, 4))
