# value: [["1", "22"], "ab", "c3a9"]
import re
[re.findall(r'\d+', 'a1b22'), b'ab'.decode(), 'é'.encode('utf-8').hex()]
