# rejected: line 2: `super` is only available as super()
s = super
