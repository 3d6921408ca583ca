import { safeStorage } from 'electron';
import type { HostLog } from '../hosting/host-log.ts';
import type { SecretStore } from '../workspace/ports/secret-store.ts';

export interface SafeStorageOptions {
  /** Holds what the system's keychain has encrypted, as base64. */
  readonly encrypted: SecretStore;
  /** Where the browser host keeps secrets readable; what is found there is moved over. */
  readonly readable: SecretStore;
  /** Called once when secrets can be kept in memory alone, for the person to be told. */
  readonly onMemoryOnly: () => void;
  readonly log: HostLog;
}

/**
 * Session tokens under the system's keychain. Where there is none (Electron's `basic_text` encrypts with
 * a password that everyone knows), they stay in memory, and a new start asks to sign in again.
 * Must not be used before the app is ready.
 */
export class SafeStorageSecretStore implements SecretStore {
  readonly #options: SafeStorageOptions;
  readonly #memory = new Map<string, string>();
  #isProtected: Promise<boolean> | undefined;
  #hasTold = false;

  constructor(options: SafeStorageOptions) {
    this.#options = options;
  }

  #findsKeychain(): Promise<boolean> {
    this.#isProtected ??= (async () => {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
      // Other systems have one kind of keychain, and no such call.
      return (
        process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
      );
    })();
    return this.#isProtected;
  }

  async find(name: string): Promise<string | undefined> {
    const remembered = this.#memory.get(name);
    if (remembered !== undefined) return remembered;
    if (!(await this.#findsKeychain())) return this.#options.readable.find(name);
    const encrypted = await this.#options.encrypted.find(name);
    if (encrypted !== undefined) return this.#decrypt(name, encrypted);
    const readable = await this.#options.readable.find(name);
    if (readable !== undefined) await this.put(name, readable);
    return readable;
  }

  async #decrypt(name: string, encrypted: string): Promise<string | undefined> {
    try {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(
        Buffer.from(encrypted, 'base64'),
      );
      if (shouldReEncrypt) await this.put(name, result);
      return result;
    } catch (error) {
      // The keychain was reset or belongs to another user: signing in again makes a new one.
      this.#options.log.error('a stored session could not be decrypted', error);
      return undefined;
    }
  }

  async put(name: string, secret: string): Promise<void> {
    if (await this.#findsKeychain()) {
      const encrypted = await safeStorage.encryptStringAsync(secret);
      await this.#options.encrypted.put(name, encrypted.toString('base64'));
      await this.#options.readable.remove(name);
      return;
    }
    this.#memory.set(name, secret);
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.#options.onMemoryOnly();
  }

  async remove(name: string): Promise<void> {
    this.#memory.delete(name);
    await this.#options.encrypted.remove(name);
    await this.#options.readable.remove(name);
  }
}
