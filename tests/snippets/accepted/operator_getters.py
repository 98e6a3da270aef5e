# value: ["a", [["a", "b"]], "X", 3]
from operator import itemgetter, attrgetter, methodcaller
rows = [{'n': 2, 's': 'b'}, {'n': 1, 's': 'a'}]
[sorted(rows, key=itemgetter('n'))[0]['s'], list(map(itemgetter(0, 1), ['ab'])), methodcaller('upper')('x'), attrgetter('real')(3)]
