# value: ["2d711642", "aGk=", "hi"]
import hashlib, base64
[hashlib.sha256(b'x').hexdigest()[:8], base64.b64encode(b'hi').decode(), base64.b64decode('aGk=').decode()]
