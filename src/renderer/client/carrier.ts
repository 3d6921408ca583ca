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

/** The host process is gone or does not answer. Not a failure of the request: it may be asked again. */
export const hostSilentCode = 'host_silent';

/** `expired`: the host was started anew and does not take this window's token. */
export type ConnectionState = 'starting' | 'connected' | 'silent' | 'expired';

export interface CarrierListener {
  readonly onEvent: (event: unknown) => void;
  /** How the stream of events stands. Events may have been missed before each `connected`. */
  readonly onConnection: (state: ConnectionState) => void;
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
    const holder = 'error' in body && typeof body.error === 'object' ? body.error : body;
    const { code, message, field } = (holder ?? {}) as Record<string, unknown>;
    if (typeof code === 'string' && typeof message === 'string') {
      return new RequestError(code, message, typeof field === 'string' ? field : undefined);
    }
  }
  return new RequestError('internal', fallback);
}

/** The value of a `CarrierAnswer`, or its error thrown. */
export function readAnswer(body: unknown, name: string): unknown {
  if (typeof body === 'object' && body !== null && 'ok' in body && body.ok === true) {
    return 'value' in body ? body.value : undefined;
  }
  throw toRequestError(body, `Expected an answer to ${name}, found something else.`);
}
