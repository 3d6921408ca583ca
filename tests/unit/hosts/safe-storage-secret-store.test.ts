import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SafeStorageSecretStore } from '../../../src/main/electron/safe-storage-secret-store.ts';
import { FileSecretStore } from '../../../src/main/workspace/ports/file-secret-store.ts';
import { resetFakeElectron, safeStorage } from '../../support/electron/fake-electron.ts';

vi.mock('electron', () => import('../../support/electron/fake-electron.ts'));

const secret = 'token-of-the-session';
let folder: string;
let readable: FileSecretStore;
let told: number;
const logged: string[] = [];

beforeEach(async () => {
  resetFakeElectron();
  folder = await mkdtemp(path.join(tmpdir(), 'stint-secrets-'));
  readable = new FileSecretStore(path.join(folder, 'readable'));
  told = 0;
  logged.length = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** As after a start of the program. */
function openStore(): SafeStorageSecretStore {
  return new SafeStorageSecretStore({
    encrypted: new FileSecretStore(path.join(folder, 'encrypted')),
    readable,
    onMemoryOnly: () => {
      told += 1;
    },
    log: { info: () => undefined, error: (message) => logged.push(message) },
  });
}

async function readAllFiles(): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8'));
  return (await Promise.all(contents)).join('\n');
}

describe('with a keychain', () => {
  test('a secret is there after a start, and stands in no file', async () => {
    await openStore().put('session', secret);
    expect(await openStore().find('session')).toBe(secret);
    expect(await readAllFiles()).not.toContain(secret);
    expect(told).toBe(0);
  });

  test('a removed secret is gone', async () => {
    await openStore().put('session', secret);
    await openStore().remove('session');
    expect(await openStore().find('session')).toBeUndefined();
  });

  test('what the browser host kept readable is found, and readable no more', async () => {
    await readable.put('session', secret);
    expect(await openStore().find('session')).toBe(secret);
    expect(await readAllFiles()).not.toContain(secret);
    expect(await openStore().find('session')).toBe(secret);
  });

  test('under another key the secret counts as gone, and the log says why', async () => {
    await openStore().put('session', secret);
    safeStorage.key = 'k2';
    expect(await openStore().find('session')).toBeUndefined();
    expect(logged).toHaveLength(1);
  });

  test('a secret is encrypted anew when the system asks for it', async () => {
    await openStore().put('session', secret);
    const before = await readAllFiles();
    safeStorage.shouldReEncrypt = true;
    const encrypted = vi.spyOn(safeStorage, 'encryptStringAsync');
    expect(await openStore().find('session')).toBe(secret);
    expect(encrypted).toHaveBeenCalledExactlyOnceWith(secret);
    expect(await readAllFiles()).toBe(before);
  });
});

describe.each([
  ['basic_text', true],
  ['gnome_libsecret', false],
] as const)('with the backend %s, available: %s', (backend, isAvailable) => {
  // The backend is asked for on Linux only.
  test.runIf(process.platform === 'linux' || !isAvailable)(
    'a secret stays in memory, is in no file, and the person is told once',
    async () => {
      safeStorage.backend = backend;
      safeStorage.isAvailable = isAvailable;
      const store = openStore();
      await store.put('session', secret);
      await store.put('other', secret);
      expect(await store.find('session')).toBe(secret);
      expect(await readAllFiles()).toBe('');
      expect(told).toBe(1);
      expect(await openStore().find('session')).toBeUndefined();
    },
  );
});
