# value: "a-b-a"
'{0}-{1}-{0}'.format('a', 'b')
