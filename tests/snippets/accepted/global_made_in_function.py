# value: {"ready": true}
def start():
    global _state
    _state = {"ready": True}

start()
_state
