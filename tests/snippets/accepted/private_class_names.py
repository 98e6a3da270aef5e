# value: [10, "n", 5]
class Account:
    __rate = 2
    def __init__(self):
        self.__balance = 5
        self._note = 'n'
    def value(self):
        return self.__balance * self.__rate
a = Account()
[a.value(), a._note, a._Account__balance]
