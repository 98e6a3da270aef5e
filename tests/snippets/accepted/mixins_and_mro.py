# value: ["PLEASE, REX!", 3, true, true, ["Dog", "Loud"]]
class Loud:
    def speak(self):
        return super().speak().upper() + "!"
class Polite:
    def speak(self):
        return "please, " + super().speak()
class Animal:
    def __init__(self, name, **rest):
        super().__init__(**rest)
        self.name = name
    def speak(self):
        return self.name
class Dog(Loud, Polite, Animal):
    def __init__(self, name, age, **rest):
        super().__init__(name, **rest)
        self.age = age
d = Dog("rex", 3)
[d.speak(), d.age, isinstance(d, Polite), issubclass(Dog, Animal), [k.__name__ for k in (Dog, Loud)]]
