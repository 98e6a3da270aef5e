# rejected: line 3: 'return' outside function
class C:
    return 1
