import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { tokenHeader } from '../../shared/contract/carriers.ts';
import type { ErrorBody } from '../../shared/errors.ts';

/** A refusal and its HTTP status: 403 where the page is a stranger's, 401 where a secret is missing. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly error: ErrorBody;
}

function isSameSecret(found: string | undefined, expected: string): boolean {
  if (found === undefined) return false;
  // Both are hashed, since the comparison wants equal lengths and must not tell the true one.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(found), digest(expected));
}

function refuse(status: 401 | 403, message: string): Refusal {
  return { status, error: { code: 'forbidden', message } };
}

/**
 * Decides who may speak to the loopback host. Any page in any browser of this machine can send requests
 * to 127.0.0.1, under any name that resolves to it, and so can programs of other users.
 */
export class Gatekeeper {
  /** Known to whom the launcher gave the address. */
  readonly token = randomBytes(32).toString('base64url');
  /**
   * Not the token: cookies are shared by all ports of a host, so another local service is sent this one.
   * It opens only what can be read, and never changes anything.
   */
  readonly #session = randomBytes(32).toString('base64url');
  readonly #port: number;
  #openingCode: string | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  get #cookieName(): string {
    return `stint-session-${this.#port}`;
  }

  /**
   * An address that shows the interface once. The browser is started with this one: other users of the
   * machine can read its command line, where the token must not stand.
   */
  createOpeningPath(): string {
    this.#openingCode = randomBytes(32).toString('base64url');
    return `/open/${this.#openingCode}`;
  }

  /** Whether this is the opening path; it is not from then on. */
  takeOpeningPath(pathname: string): boolean {
    const code = this.#openingCode;
    if (code === undefined || !isSameSecret(pathname, `/open/${code}`)) return false;
    this.#openingCode = undefined;
    return true;
  }

  /** What an answer to an authorised request sets, unless the browser has it already. */
  findCookieToSet(headers: IncomingHttpHeaders): string | undefined {
    if (this.#hasSession(headers)) return undefined;
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /**
   * Refuses other names for this machine (DNS rebinding) and pages of other origins. Everything goes
   * through this, the interface's own files included.
   */
  findStranger(headers: IncomingHttpHeaders): Refusal | undefined {
    const { host, origin } = headers;
    if (host !== `127.0.0.1:${this.#port}` && host !== `localhost:${this.#port}`)
      return refuse(403, `expected the Host 127.0.0.1:${this.#port}, found another`);
    if (origin !== undefined && origin !== `http://${host}`)
      return refuse(403, `expected the Origin http://${host}, found another`);
    return undefined;
  }

  /** Wants the token in its header: for whatever asks the engine or changes something. */
  findTokenRefusal(headers: IncomingHttpHeaders): Refusal | undefined {
    const found = headers[tokenHeader];
    return isSameSecret(typeof found === 'string' ? found : undefined, this.token)
      ? undefined
      : refuse(401, `expected this start's token in the header ${tokenHeader}`);
  }

  /** Wants the token or the session cookie: for what a page opens without headers of its own. */
  findSessionRefusal(headers: IncomingHttpHeaders): Refusal | undefined {
    if (this.findTokenRefusal(headers) === undefined) return undefined;
    const site = headers['sec-fetch-site'];
    // A page on another port of this machine is "same-site", and the cookie comes along.
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return refuse(403, 'expected a request from the interface itself');
    return this.#hasSession(headers)
      ? undefined
      : refuse(401, `expected this start's session cookie or token`);
  }

  #hasSession(headers: IncomingHttpHeaders): boolean {
    return (headers.cookie ?? '').split(/;\s*/).some((pair) => {
      const [name, value] = pair.split('=', 2);
      return name === this.#cookieName && isSameSecret(value, this.#session);
    });
  }
}
