# value: ["a", "  b"]
text = '''a
  b
'''
text.splitlines()
