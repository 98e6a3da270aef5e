# value: ["one [...]", "a\nb", [6, 28], "March", true]
import textwrap
import calendar

[textwrap.shorten("one two three", 9), textwrap.dedent("  a\n  b"), calendar.monthrange(2026, 2), calendar.month_name[3], calendar.isleap(2028)]
