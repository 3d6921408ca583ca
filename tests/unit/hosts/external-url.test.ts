import { expect, test } from 'vitest';
import { parseExternalUrl } from '../../../src/main/hosting/external-url.ts';

test.each([
  ['https://example.org/a b', 'https://example.org/a%20b'],
  ['HTTPS://EXAMPLE.org', 'https://example.org/'],
  ['mailto:ada@example.org', 'mailto:ada@example.org'],
])('%s is opened as %s', (text, expected) => {
  expect(parseExternalUrl(text)).toBe(expected);
});

test.each([
  'http://example.org',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  ' data:text/html,x',
  'smb://host/share',
  'ms-settings:',
  'stint://join',
  'https://bank.example@evil.example/',
  'https:',
  'example.org',
  '',
])('%j is not opened', (text) => {
  expect(() => parseExternalUrl(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
