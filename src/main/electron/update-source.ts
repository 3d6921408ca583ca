import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const configurationSchema = z.object({
  url: z.string().optional(),
  publicKey: z.string().optional(),
});

export interface UpdateSource {
  /** Base address of the feed, https. */
  readonly address: string;
  /** The Ed25519 key that signs the feed: base64 of its DER (SPKI). Without one the address is trusted. */
  readonly publicKey?: string | undefined;
}

/**
 * Where updates come from: the variable STINT_UPDATE_URL, else `url` in the file (resources/updates.json), which also
 * holds the key that must have signed them.
 *
 * @returns undefined where neither says, it is no https address, or the file is not understood: updates are off then
 */
export function findUpdateSource(
  env: Readonly<Record<string, string | undefined>>,
  file: string,
): UpdateSource | undefined {
  const configuration = readConfiguration(file);
  if (configuration === undefined) return undefined;
  const url = URL.parse(env['STINT_UPDATE_URL'] || (configuration.url ?? ''));
  if (url?.protocol !== 'https:') return undefined;
  const { publicKey } = configuration;
  return { address: url.href, ...(publicKey === undefined ? {} : { publicKey }) };
}

function readConfiguration(file: string): z.infer<typeof configurationSchema> | undefined {
  if (!existsSync(file)) return {};
  try {
    return configurationSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
