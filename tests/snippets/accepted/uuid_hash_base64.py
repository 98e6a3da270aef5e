# value: ["cfbff0d1-9375-5685-968c-48ce8b15ae17", 5, 36, "2d711642", "aGk="]
import uuid, hashlib, base64

u = uuid.uuid5(uuid.NAMESPACE_DNS, "example.com")
[str(u), u.version, len(str(uuid.uuid4())), hashlib.sha256(b"x").hexdigest()[:8], base64.b64encode(b"hi").decode()]
