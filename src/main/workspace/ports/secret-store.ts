/**
 * Where session tokens rest. The desktop host keeps them with the system's keychain; without one they
 * lie in a file that only this user can read.
 */
export interface SecretStore {
  find(name: string): Promise<string | undefined>;
  put(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
}
