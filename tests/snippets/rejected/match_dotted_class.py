# rejected: line 3: only a plain name is available as a class pattern
match 1:
    case a.b(): pass
