/**
 * What the rules need from the machine they run on. Nothing in `shared`, the workspace or the server
 * reads a clock, draws a random number or starts a timer but through these, so that a test holds them.
 */

export interface Clock {
  /** Wall clock: milliseconds since the Unix epoch. May jump in either direction. */
  nowMs(): number;
  /** Milliseconds since an arbitrary origin; never goes back while `bootId` stays the same. */
  monotonicMs(): number;
  /** Names the run of the machine (or of the process) within which `monotonicMs` can be compared. */
  readonly bootId: string;
}

export interface Randomness {
  /** A new UUID, version 7 (RFC 9562, section 5.7), in lower case. */
  uuid(): string;
  /** `count` bytes from a cryptographic source. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1), for jitter only. */
  fraction(): number;
}

export interface Timers {
  /** Runs `action` once after `delayMs`. The answer cancels it; cancelling twice is harmless. */
  after(delayMs: number, action: () => void): () => void;
}

/** SHA-256 (FIPS 180-4) in lower-case hexadecimal. Text is hashed as UTF-8. */
export type Sha256Hex = (content: string | Uint8Array) => string;

/** A wall-clock reading as the ISO 8601 instant with milliseconds that all rows and messages carry. */
export function computeIsoInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The inverse of `computeIsoInstant`: exact for that one form, and quick enough for sums over thousands. */
export function computeEpochMs(instant: string): number {
  return Date.parse(instant);
}
