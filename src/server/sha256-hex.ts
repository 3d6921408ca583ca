import { createHash } from 'node:crypto';
import type { Sha256Hex } from '../shared/ports.ts';

export const sha256Hex: Sha256Hex = (content) => createHash('sha256').update(content).digest('hex');
