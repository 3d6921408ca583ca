/** What is handed on when a request fails: the code and words of the contract's errors. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: string;
  readonly field: string | undefined;

  constructor(code: string, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** The host process is gone or does not answer. Not an error of the request: it may be asked again. */
export const hostSilentCode = 'host_silent';

export interface CarrierListener {
  readonly onEvent: (event: unknown) => void;
  /** Whether the stream of events is standing. Events may have been missed before each `true`. */
  readonly onConnection: (isConnected: boolean) => void;
}

/** One way to the workspace process. Both ways carry the same names, inputs and answers. */
export interface Carrier {
  /** Rejects with `RequestError` alone. */
  readonly request: (name: string, input: unknown) => Promise<unknown>;
  /** Returns a function that ends it. */
  readonly subscribe: (listener: CarrierListener) => () => void;
  /** Headers that a plain fetch to the host needs. */
  readonly headers: Readonly<Record<string, string>>;
}

export function toRequestError(body: unknown, fallback: string): RequestError {
  if (typeof body === 'object' && body !== null) {
    const { code, message, field } = body as Record<string, unknown>;
    if (typeof code === 'string' && typeof message === 'string') {
      return new RequestError(code, message, typeof field === 'string' ? field : undefined);
    }
  }
  return new RequestError('internal', fallback);
}
