import { StintError } from '../../shared/errors.ts';

const allowedProtocols = new Set(['https:', 'mailto:']);

/**
 * What may be opened outside the program, as the parser understood it and not as it was written.
 *
 * @throws StintError `invalid_input` for anything but https and mailto
 */
export function parseExternalUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !allowedProtocols.has(url.protocol))
    throw new StintError(
      'invalid_input',
      `expected an https or mailto address, found ${url === null ? 'no address' : url.protocol}`,
      { field: 'url' },
    );
  // A name and password before the host make an address look like another.
  if (url.username !== '' || url.password !== '')
    throw new StintError('invalid_input', 'expected an address without a user name', {
      field: 'url',
    });
  return url.href;
}
