/**
 * What Windows and macOS say of names, from their documentation, for a test that has neither at hand.
 *
 * Windows: "Naming Files, Paths, and Namespaces" (Microsoft Learn, Win32 apps, Local File Systems):
 * the reserved characters `< > : " / \ | ? *`, the values 0 to 31, the reserved device names, also with an
 * extension and with superscript digits, no space and no period at the end, 255 UTF-16 units for a component
 * ("Maximum Path Length Limitation" there), case not told apart.
 *
 * macOS: "Apple File System Reference" (Apple, 2020, `j_drec_hashed_key_t`: names are hashed over canonically
 * decomposed, case-folded UTF-8, so neither form nor case tells two apart) and Technical Note TN1150, "HFS Plus
 * Volume Format" (255 UTF-16 units in decomposed form, `:` and NUL not allowed, "Case-Insensitive String
 * Comparison Algorithm": the characters it ignores); `NAME_MAX` of 255 bytes in `sys/syslimits.h`.
 */
const windowsDevices = new Set([
  'CON',
  'PRN',
  'AUX',
  'NUL',
  ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³'].flatMap((digit) => [
    `COM${digit}`,
    `LPT${digit}`,
  ]),
]);

export function findWindowsFault(name: string): string | undefined {
  if (name.length === 0 || name.length > 255) return `has ${name.length} UTF-16 units`;
  // oxlint-disable-next-line no-control-regex -- the rule is about them
  if (/[<>:"/\\|?*\u0000-\u001F]/.test(name)) return 'has a reserved character';
  if (/[ .]$/.test(name)) return 'ends in a space or a period';
  const base = (name.split('.')[0] ?? '').trimEnd().toUpperCase();
  return windowsDevices.has(base) ? 'is a device' : undefined;
}

/** NTFS compares by a table of simple upper-case mappings, one UTF-16 unit for one. */
export function computeWindowsKey(name: string): string {
  return Array.from(name, (character) => {
    const upper = character.toUpperCase();
    return upper.length === character.length ? upper : character;
  }).join('');
}

export function findMacFault(name: string): string | undefined {
  if (!name.isWellFormed()) return 'is not Unicode';
  const decomposed = name.normalize('NFD');
  if (name.length === 0 || decomposed.length > 255)
    return `has ${decomposed.length} UTF-16 units when decomposed`;
  if (Buffer.byteLength(name) > 255) return `has ${Buffer.byteLength(name)} bytes`;
  if (/[/:\0]/.test(name)) return 'has a reserved character';
  return name === '.' || name === '..' ? 'is a folder of its own' : undefined;
}

/** TN1150 lists U+200C–F, U+202A–E, U+206A–F and U+FEFF as ignored. */
export function computeMacKey(name: string): string {
  return foldFully(
    name.replaceAll(/[\u{200C}-\u{200F}\u{202A}-\u{202E}\u{206A}-\u{206F}\u{FEFF}]/gu, ''),
  );
}

/** Upper case first: full case folding takes "ß" and "SS" for one. */
function foldFully(name: string): string {
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFD');
}
