# rejected: line 4: `json.codecs` is not available
# rejected: line 5: `collections.abc.sys` is not available
import collections.abc, json
json.codecs
collections.abc.sys
