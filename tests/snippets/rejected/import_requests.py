# rejected: line 2: `requests` is not available
import json, requests
