# value: "Amelia Reid"
' '.join(w.capitalize() for w in 'amelia  reid'.split())
