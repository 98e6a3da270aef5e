# value: "code 4"
class E(Exception):
    def __init__(self, code):
        Exception.__init__(self, f"code {code}")

str(E(4))
