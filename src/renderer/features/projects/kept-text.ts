/** Stands for an empty number field, which is NaN, in JSON, which knows none. */
const emptyNumber = '\u0000NaN';

/** What stands in a form, as a text to keep. */
export function computeKeptText(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (Number.isNaN(part) ? emptyNumber : part));
}

/** What was kept; undefined where there is nothing, or nothing that can be read. */
export function parseKeptText(text: string | null): object | undefined {
  try {
    const kept: unknown = JSON.parse(text ?? 'null', (_key, part: unknown) =>
      part === emptyNumber ? Number.NaN : part,
    );
    return typeof kept === 'object' && kept !== null ? kept : undefined;
  } catch {
    return undefined;
  }
}
