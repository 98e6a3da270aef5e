# value: [[2], 1, 7, [2], false]
class Account:
    _count = 0

    def __init__(self):
        self._items = []
        self.__secret = 7
        Account._count += 1

    def _add(self, x):
        self._items.append(x)

    def secret(self):
        return self.__secret

a = Account()
a._add(2)
[a._items, Account._count, a.secret(), getattr(a, "_items"), hasattr(a, "_nope")]
