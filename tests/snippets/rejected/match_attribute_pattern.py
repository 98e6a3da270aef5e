# rejected: line 3: the attribute `gi_frame` is not available
match (x for x in []):
    case object(gi_frame=f): pass
