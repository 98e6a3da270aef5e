# value: 10
tree = {'v': 1, 'kids': [{'v': 2, 'kids': []}, {'v': 3, 'kids': [{'v': 4, 'kids': []}]}]}
def total(node):
    return node['v'] + sum(total(kid) for kid in node['kids'])
total(tree)
