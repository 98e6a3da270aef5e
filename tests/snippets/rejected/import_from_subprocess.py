# rejected: line 2: `subprocess` is not available
from subprocess import run
