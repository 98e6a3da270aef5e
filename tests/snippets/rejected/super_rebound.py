# rejected: line 2: `super` is only available as super()
super = lambda: 1
