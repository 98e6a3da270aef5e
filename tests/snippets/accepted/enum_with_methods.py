# value: ["Low", "HIGH", true, ["LOW", "HIGH"], "low", true]
from enum import Enum
class Risk(str, Enum):
    LOW = 'low'
    HIGH = 'high'
    @property
    def label(self):
        return self.value.title()
    @classmethod
    def parse(cls, text):
        return cls(text.lower())
[Risk.LOW.label, Risk.parse('HIGH').name, Risk('low') is Risk.LOW, [r.name for r in Risk], Risk['LOW'].value, Risk.HIGH == 'high']
