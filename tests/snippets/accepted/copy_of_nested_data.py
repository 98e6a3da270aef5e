# value: [[1, 2], [1]]
import copy
a = {'x': [1]}
b, c = copy.copy(a), copy.deepcopy(a)
a['x'].append(2)
[b['x'], c['x']]
