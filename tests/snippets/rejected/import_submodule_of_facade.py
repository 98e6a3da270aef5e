# rejected: line 2: `json.decoder` is not available
import json.decoder
