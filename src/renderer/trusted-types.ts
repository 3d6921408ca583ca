/**
 * The content security policy refuses HTML made of text (`require-trusted-types-for 'script'`). React Aria
 * empties its live region by setting `innerHTML` to the empty text, in every date and time field; nothing
 * can hide in that, so it alone is let through.
 */
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createHTML: (html: string) => string | null }): unknown;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypesFactory };

// `null` refuses.
trustedTypes?.createPolicy('default', { createHTML: (html) => (html === '' ? html : null) });
