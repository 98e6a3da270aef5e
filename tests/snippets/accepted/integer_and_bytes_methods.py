# value: ["00ff", 256, 3, "ab", "c3a9", 255, true, [1, 2]]
[(255).to_bytes(2, "big").hex(), int.from_bytes(b"\x01\x00", "big"), (5).bit_length(), b"ab".decode(), "é".encode().hex(), int("ff", 16), float("1e3").is_integer(), (0.5).as_integer_ratio()]
