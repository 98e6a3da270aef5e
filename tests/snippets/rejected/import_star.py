# rejected: line 2: `import *` is not available
from math import *
