/** The interface's own origin on the desktop, in place of file://. */
export const appScheme = 'app';
const appHost = 'stint';
export const appOrigin = `${appScheme}://${appHost}`;

export function isAppUrl(text: string): boolean {
  const url = URL.parse(text);
  // Node gives schemes that it does not know the origin "null": the parts are compared instead.
  return url !== null && url.protocol === `${appScheme}:` && url.host === appHost;
}
