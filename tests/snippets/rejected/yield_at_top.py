# rejected: line 2: yield outside a function
yield 1
