# value: "Reid has 004   'REID'"
name = 'reid'
f'{name.title()} has {len(name):03d} {name.upper()!r:>8}'
