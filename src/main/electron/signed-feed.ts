import { createPublicKey, verify } from 'node:crypto';
import { GenericProvider } from 'electron-updater/out/providers/GenericProvider.js';

type Given = ConstructorParameters<typeof GenericProvider>;
type SignedProviderClass = new (
  options: unknown,
  updater: Given[1],
  runtimeOptions: Given[2],
) => GenericProvider;

/**
 * A feed whose description of a release (`latest*.yml`) is signed: beside it lies the same name with `.sig`, base64 of
 * the Ed25519 signature of its bytes. The description holds the hash of the file, so the signature vouches for both.
 *
 * @param address the feed's base address
 * @param publicKey base64 of the key's DER (SPKI)
 */
export function createSignedProvider(address: string, publicKey: string): SignedProviderClass {
  return class SignedProvider extends GenericProvider {
    constructor(_options: unknown, updater: Given[1], runtimeOptions: Given[2]) {
      super({ provider: 'generic', url: address }, updater, runtimeOptions);
    }

    protected override async httpRequest(
      ...[url, ...rest]: Parameters<GenericProvider['httpRequest']>
    ): Promise<string | null> {
      const text = await super.httpRequest(url, ...rest);
      if (!url.pathname.endsWith('.yml')) return text;
      const signatureUrl = new URL(url);
      signatureUrl.pathname += '.sig';
      const signature = await super.httpRequest(signatureUrl, ...rest);
      if (!isSigned(text ?? '', signature ?? '', publicKey))
        throw new Error('the description of the update is not signed by the key of this program');
      return text;
    }
  };
}

function isSigned(text: string, signature: string, publicKey: string): boolean {
  const key = createPublicKey({
    key: Buffer.from(publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  return (
    key.asymmetricKeyType === 'ed25519' &&
    verify(null, Buffer.from(text), key, Buffer.from(signature.trim(), 'base64'))
  );
}
