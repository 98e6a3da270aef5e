# value: [["Can't instantiate abstract class Pricer", "Can't instantiate abstract class Half", "Can't instantiate abstract class Old"], "half: 100", "half", true, "no metaclass, no check", "Prices things."]
from abc import ABC, ABCMeta, abstractmethod
import abc
class Pricer(ABC):
    """Prices things."""
    @abstractmethod
    def price(self, symbol): ...
    @property
    @abstractmethod
    def name(self): ...
    @classmethod
    @abstractmethod
    def default(cls): ...
    def describe(self):
        return f"{self.name}: {self.price('X')}"
class Half(Pricer):
    def price(self, symbol):
        return 100
    name = "half"
class Flat(Half):
    @classmethod
    def default(cls):
        return cls()
class Old(metaclass=ABCMeta):
    @abc.abstractmethod
    def go(self): pass
class Free:
    @abstractmethod
    def go(self):
        return "no metaclass, no check"
made = []
for cls in (Pricer, Half, Old):
    try:
        cls()
    except TypeError as e:
        made.append(str(e).split(" with")[0].split(" without")[0])
[made, Flat().describe(), Flat.default().name, isinstance(Flat(), Pricer), Free().go(), Pricer.__doc__]
