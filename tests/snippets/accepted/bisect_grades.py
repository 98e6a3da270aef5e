# value: ["F", "C", "A"]
import bisect
[['F', 'C', 'A'][bisect.bisect([50, 80], s)] for s in (40, 50, 90)]
