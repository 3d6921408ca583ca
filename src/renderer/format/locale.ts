/** The person's own locale, as the browser or the desktop reports it. */
export const locale: string = navigator.languages[0] ?? navigator.language;

/** The zone of this computer. */
export const localZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;
