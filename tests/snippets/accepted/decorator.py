# value: "<b>HI BO"
def shout(f):
    def inner(*args):
        return f(*args).upper()
    return inner

def tagged(tag):
    def wrap(f):
        return lambda *a: f"<{tag}>{f(*a)}"
    return wrap

@tagged("b")
@shout
def greet(name):
    return "hi " + name

greet("bo")
