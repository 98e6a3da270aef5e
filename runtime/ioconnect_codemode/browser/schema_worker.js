/** The page's own worker for JSON Schemas: one check at a time; the page ends it where one takes too long. */

import { Validator, format } from "./vendor/json-schema/index.js";
import { serve } from "./schema_service.js";

serve(self, { Validator, format });
