# value: [{"_Account__balance": 5, "_owner": "Ada", "currency": "CHF"}, 7, "Account(_Account__balance=7, _owner='Ada', currency='CHF')", "pdf"]
from dataclasses import asdict, dataclass
@dataclass
class Account:
    __balance: int
    _owner: str
    currency: str = "CHF"
    def pay(self, amount):
        self.__balance += amount
        return self.__balance
@dataclass
class Report:
    format: str
class Named(Report): pass
account = Account(5, "Ada")
before = asdict(account)
match Named("pdf"):
    case Report(kind): pass
[before, account.pay(2), repr(account), kind]
