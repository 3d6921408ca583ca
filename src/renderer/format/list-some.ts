const mostListed = 50;

/** The first fifty as they are, and how many there are besides: a person does not read a thousand lines. */
export function listSome(lines: readonly string[]): string[] {
  const more = lines.length - mostListed;
  return more <= 0
    ? [...lines]
    : [...lines.slice(0, mostListed), `and ${more.toLocaleString('en')} more`];
}
