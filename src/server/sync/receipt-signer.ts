import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';

/** Signs receipts (SY-8, SY-9) with Ed25519 (RFC 8032). One key per server. */
export interface ReceiptSigner {
  /** The first 16 hexadecimal digits of the SHA-256 of the public key's SPKI. */
  readonly keyId: string;
  /** SPKI, DER, base64. */
  readonly publicKey: string;
  /** The signature over the UTF-8 of `statement`, base64. */
  sign(statement: string): string;
  /** Whether this key made the signature (base64) over the UTF-8 of `statement`. Never throws, whatever it is given. */
  isOwnSignature(statement: string, signature: string): boolean;
}

/** Loads the key from the folder, or makes one there, readable by this user alone. */
export function loadReceiptSigner(keysFolder: string): ReceiptSigner {
  const filePath = path.join(keysFolder, 'receipts-ed25519.pem');
  const privateKey = loadPrivateKey(filePath) ?? createPrivateKeyFile(filePath);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    publicKey: spki.toString('base64'),
    sign: (statement) => sign(null, Buffer.from(statement, 'utf8'), privateKey).toString('base64'),
    isOwnSignature: (statement, signature) =>
      verify(null, Buffer.from(statement, 'utf8'), publicKey, Buffer.from(signature, 'base64')),
  };
}

function loadPrivateKey(filePath: string): KeyObject | undefined {
  let pem: string;
  try {
    pem = readFileSync(filePath, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Falls through to the message below, which must not hold what the file holds.
  }
  throw new StintError(
    'database_damaged',
    `the key file ${filePath} does not hold an Ed25519 private key; restore it from a backup`,
  );
}

function createPrivateKeyFile(filePath: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  const partPath = `${filePath}.part`;
  const file = openSync(partPath, 'w', 0o600);
  try {
    writeSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partPath, filePath);
  return privateKey;
}
