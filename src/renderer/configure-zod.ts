import { z } from 'zod';

// Zod compiles its parsers with `new Function` unless told otherwise, which the content security
// policy forbids. This module must be imported before any module that defines a schema.
z.config({ jitless: true });
