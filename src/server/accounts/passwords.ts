import { argon2, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '../../shared/ports.ts';

/** What a hash costs whoever guesses, and the server. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
export const recommendedCost: PasswordCost = { memoryKiB: 19_456, passes: 2 };
const parallelism = 1;
const saltBytes = 16;
const tagBytes = 32;

/** A hash of no password, so that an unknown e-mail costs as long as a wrong password. */
const nobodysHash = computePhc(
  recommendedCost,
  new Uint8Array(saltBytes),
  new Uint8Array(tagBytes),
);

/** Hashes in the thread pool; answers a PHC string, which names its own parameters. */
export async function computePasswordHash(
  password: string,
  {
    randomness,
    passwordCost,
  }: { readonly randomness: Randomness; readonly passwordCost: PasswordCost },
): Promise<string> {
  const salt = randomness.bytes(saltBytes);
  const tag = await deriveTag(password, { ...passwordCost, salt, parallelism, tagBytes });
  return computePhc(passwordCost, salt, tag);
}

/** @param hash undefined when there is no such account; the answer then is false, after the same work. */
export async function isPasswordRight(
  password: string,
  hash: string | undefined,
): Promise<boolean> {
  const parts = parsePhc(hash ?? nobodysHash);
  const tag = await deriveTag(password, { ...parts, tagBytes: parts.tag.byteLength });
  return timingSafeEqual(tag, parts.tag) && hash !== undefined;
}

function deriveTag(
  password: string,
  parameters: PasswordCost & {
    readonly salt: Uint8Array;
    readonly parallelism: number;
    readonly tagBytes: number;
  },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      {
        // The same password typed on another keyboard may come in another Unicode form.
        message: Buffer.from(password.normalize('NFKC'), 'utf8'),
        nonce: parameters.salt,
        memory: parameters.memoryKiB,
        passes: parameters.passes,
        parallelism: parameters.parallelism,
        tagLength: parameters.tagBytes,
      },
      (error, tag) => {
        if (error === null) resolve(tag);
        else reject(error);
      },
    );
  });
}

/** The PHC string format: base64 without padding, version 0x13 of Argon2 (RFC 9106). */
function computePhc(
  { memoryKiB, passes }: PasswordCost,
  salt: Uint8Array,
  tag: Uint8Array,
): string {
  const encode = (bytes: Uint8Array): string =>
    Buffer.from(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${encode(salt)}$${encode(tag)}`;
}

function parsePhc(phc: string) {
  const match =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (match === null) throw new Error('a stored password hash is not an argon2id PHC string');
  const [, memory, time, lanes, salt, tag] = match;
  return {
    memoryKiB: Number(memory),
    passes: Number(time),
    parallelism: Number(lanes),
    salt: Buffer.from(salt ?? '', 'base64'),
    tag: Buffer.from(tag ?? '', 'base64'),
  };
}
