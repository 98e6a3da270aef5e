# value: "x is 1.50%"
'%(a)s is %(b).2f%%' % {'a': 'x', 'b': 1.5}
