# value: "  ab   |3.14"
width = 7
f"{'ab':^{width}}|{3.14159:.{2}f}"
