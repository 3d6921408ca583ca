import { createHash, randomBytes } from 'node:crypto';
import { createSystemRandomness } from '../../../src/server/ports/system-randomness.ts';
import type { Sha256Hex } from '../../../src/shared/ports.ts';

const randomness = createSystemRandomness();

export const createId = (): string => randomness.uuid();

/** An invitation's code as a workspace draws it: 32 bytes, base64url. */
export const createInvitationCode = (): string => randomBytes(32).toString('base64url');

export const computeSha256: Sha256Hex = (content) =>
  createHash('sha256').update(content).digest('hex');

/** `offsetMs` from now, as rows and messages carry it. */
export const computeInstant = (offsetMs = 0): string =>
  new Date(Date.now() + offsetMs).toISOString();
