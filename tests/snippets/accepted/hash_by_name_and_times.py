# value: ["2d711642", "01/03/2024", 61, 10]
import hashlib, time
st = time.strptime("2024-03-01 10:00", "%Y-%m-%d %H:%M")
[hashlib.new("sha256", b"x").hexdigest()[:8], time.strftime("%d/%m/%Y", st), st.tm_yday, st[3]]
