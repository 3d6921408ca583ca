import { randomBytes } from 'node:crypto';

/** What `src/renderer/index.html` holds in the place of the nonce. */
export const noncePlaceholder = '__CSP_NONCE__';

/** A nonce for one answer: 128 bits (CSP level 3, section 2.3.1, asks for at least that). */
export function createNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** The policy of the interface's page. Styles made at run time carry the nonce; no script may. */
export function computeContentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    // Sound and film of a submission, by range.
    "media-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    // A page or a drawing of a submission is shown in place, in an origin of its own (`?frame`).
    "frame-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
