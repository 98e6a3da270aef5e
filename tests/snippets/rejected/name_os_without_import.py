# rejected: line 2: `os` is not available
os.getcwd()
