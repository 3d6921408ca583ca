import { readFileSync } from 'node:fs';
import { z } from 'zod';

const configurationSchema = z.object({ url: z.string() });

/**
 * Where updates come from: the variable STINT_UPDATE_URL, else `url` in the file (resources/updates.json).
 *
 * @returns undefined where neither says, or it is no https address: updates are off then
 */
export function findUpdateAddress(
  env: Readonly<Record<string, string | undefined>>,
  file: string,
): string | undefined {
  const url = URL.parse(env['STINT_UPDATE_URL'] || (readConfiguredAddress(file) ?? ''));
  return url?.protocol === 'https:' ? url.href : undefined;
}

function readConfiguredAddress(file: string): string | undefined {
  try {
    return configurationSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.url;
  } catch {
    return undefined;
  }
}
