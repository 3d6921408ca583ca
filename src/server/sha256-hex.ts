import { hash } from 'node:crypto';
import type { Sha256Hex } from '../shared/ports.ts';

export const sha256Hex: Sha256Hex = (content) => hash('sha256', content);
