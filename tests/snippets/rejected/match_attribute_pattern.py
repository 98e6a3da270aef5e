# rejected: line 3: attribute patterns are not available
match (x for x in []):
    case object(gi_frame=f): pass
