# value: [true, false, true]
from contextlib import closing
class Connection:
    def __init__(self):
        self.open = True
    def close(self):
        self.open = False
c = Connection()
with closing(c) as same:
    was = same.open
[was, c.open, same is c]
