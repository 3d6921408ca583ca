import { hash, randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { HttpStack } from 'tus-js-client';
import type { Clock, Randomness, Sha256Hex, Timers } from '../../../shared/ports.ts';
import { fetchLarge } from './fetch-large.ts';
import type { LocalTimeZone } from './local-time-zone.ts';

/** The way to servers: everything that leaves this machine goes through here. */
export interface WorkspaceNetwork {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** The same for files: whoever reads the pieces of an answer has them to itself. */
  readonly fetchLarge: typeof globalThis.fetch;
  /** What uploads are sent with, which stream their body; undefined for the one over HTTP. */
  readonly uploadStack?: HttpStack | undefined;
  readonly timers: Timers;
}

/** The machine's own clock, randomness, timers, network and hash: the ports as a running program has them. */
export interface WorkspacePorts extends LocalTimeZone, WorkspaceNetwork {
  readonly randomness: Randomness;
  readonly sha256Hex: Sha256Hex;
}

export const sha256Hex: Sha256Hex = (content) => hash('sha256', content);

/** UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits. */
function computeUuidV7(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function createSystemPorts(): WorkspacePorts {
  // A monotonic reading can be compared within one run of the process; the next run has another id.
  const bootId = randomUUID();
  return {
    clock: {
      nowMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      bootId,
    },
    randomness: {
      uuid: () => computeUuidV7(Date.now()),
      bytes: (count) => new Uint8Array(randomBytes(count)),
      fraction: () => Math.random(),
    },
    timers: {
      after: (delayMs, action) => {
        const timer = setTimeout(action, delayMs);
        return () => clearTimeout(timer);
      },
    },
    fetch: (input, init) => fetch(input, init),
    fetchLarge,
    sha256Hex,
  };
}

/** What this device calls itself to the people who see a list of devices. */
export function computeDefaultDeviceName(): string {
  return hostname().slice(0, 200) || 'This computer';
}
