# rejected: line 2: the name `__builtins__` is not available
import json as __builtins__
