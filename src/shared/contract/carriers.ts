/** Names that hosts and renderer share. */

/** Electron: the renderer's side is `window.stint = { request, subscribe }`, made by the preload script. */
export const ipcChannels = { request: 'stint:request', event: 'stint:event' } as const;

/** What every carrier answers to a request. */
export type CarrierAnswer =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string; readonly field?: string };
    };

/**
 * Paths on the interface's own origin, the same on both hosts (`app://stint` and the loopback address).
 * On the loopback host every one of them wants the header `x-stint-token`, or, for `files`, `exports` and
 * `events` (which a page opens without headers), the session cookie that the first answer sets.
 */
export const hostPaths = {
  /** POST, JSON in and `CarrierAnswer` out (loopback only) */
  request: (name: string) => `/api/request/${name}`,
  /** GET, server-sent events; each `data` an EngineEvent (loopback only) */
  events: '/api/events',
  /**
   * PUT, the file's bytes; answers a `StagedFile` or an error body. With an id, a UUID of the caller's, it is listed by
   * `files.imports`, ended by `files.cancelImport`, and waits for room on a full disk instead of failing.
   */
  import: (name: string, known: { importId?: string; sizeBytes?: number } = {}) =>
    `/api/import?name=${encodeURIComponent(name)}${known.importId === undefined ? '' : `&id=${known.importId}`}${known.sizeBytes === undefined ? '' : `&size=${known.sizeBytes}`}`,
  /** GET, with Range; `?download=1` to save it, `?frame=1` to show a page or drawing in a sandboxed frame */
  file: (seatId: string, attachmentId: string) => `/files/${seatId}/${attachmentId}`,
  /** GET: a bundle or another export, to save it */
  exported: (fileName: string) => `/exports/${encodeURIComponent(fileName)}`,
} as const;

export const tokenHeader = 'x-stint-token';
