# rejected: line 3: `os` is not available
# rejected: line 4: `open` is not available
import os
open("f").read()
