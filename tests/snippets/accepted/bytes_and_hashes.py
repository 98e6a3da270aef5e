# value: [6, "aMOpbGxv", "hi", "3c48591d8d09", "0cc175b9c0f1b6a831c399e269772661", "68c3a96c6c6f", 256, "hi", "cfbff0d1-9375-5685-968c-48ce8b15ae17", "cba"]
import base64, hashlib, uuid
raw = "héllo".encode("utf-8")
[len(raw), base64.b64encode(raw).decode(), base64.urlsafe_b64decode("aGk=").decode(), hashlib.sha256(raw).hexdigest()[:12], hashlib.md5(b"a").hexdigest(), raw.hex(), int.from_bytes(b"\x01\x00", "big"), bytes.fromhex("6869").decode(), str(uuid.uuid5(uuid.NAMESPACE_DNS, "example.com")), bytearray(b"abc")[::-1].decode()]
