# rejected: line 3: only literal keys are available
match {}:
    case {a.b: 1}: pass
