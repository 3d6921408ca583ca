import { UsageError } from './command.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

/** `500M`, `20G`, or plain bytes. @throws UsageError for what is no size. */
export function parseSize(text: string, option: string): number {
  const match = /^(\d{1,12})([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const unit = units[match?.[2]?.toUpperCase() ?? ''];
  const sizeBytes = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!Number.isSafeInteger(sizeBytes))
    throw new UsageError(`${option}: expected a size like 500M or 20G, found "${text}"`);
  return sizeBytes;
}
