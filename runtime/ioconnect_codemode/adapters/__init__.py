"""The model's tools as agent frameworks want them; each room needs its framework, and nothing imports it but its user."""
