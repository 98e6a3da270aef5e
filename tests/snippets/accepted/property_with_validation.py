# value: [497, 0, "negative", 1, 0]
class Account:
    _count = 0
    def __init__(self, owner, balance=0):
        self.owner, self.__balance = owner, balance
        type(self)._count += 1
    @property
    def balance(self):
        return self.__balance
    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError("negative")
        self.__balance = value
    @balance.deleter
    def balance(self):
        self.__balance = 0
    @staticmethod
    def fee(amount):
        return max(1, amount // 100)
    @classmethod
    def count(cls):
        return cls._count
a = Account("x", 500)
a.balance -= a.fee(300)
try:
    a.balance = -1
except ValueError as e:
    error = str(e)
before = a.balance
del a.balance
[before, a.balance, error, Account.count(), a._Account__balance]
