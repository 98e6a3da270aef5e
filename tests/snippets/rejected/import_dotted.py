# rejected: line 2: `os.path` is not available
import os.path
