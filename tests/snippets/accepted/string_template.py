# value: ["Dear Ana, 5 $ due on Monday.", "Dear Bo, ${amount} $ due on $day.", "amount", "Dear $name, ${amount} $$ due on $day.", ["name", "amount", "day"], true]
from string import Template
t = Template("Dear $name, ${amount} $$ due on $day.")
try:
    t.substitute(name="Ana")
except KeyError as e:
    missing = e.args[0]
[
    t.substitute({"name": "Ana", "amount": 5}, day="Monday"),
    t.safe_substitute(name="Bo"),
    missing,
    t.template,
    t.get_identifiers(),
    t.is_valid(),
]
