# rejected: line 2: the attribute `gi_frame` is not available
(x for x in []).gi_frame
