import type { z } from 'zod';
import { isErrorCode, StintError } from '../../../shared/errors.ts';
import { wireErrorSchema } from '../../../shared/protocol/error-body.ts';
import { protocolHeader, protocolVersion } from '../../../shared/protocol/version.ts';
import type { WorkspaceNetwork } from '../ports/system-ports.ts';
import { parseAnswer } from './parse-answer.ts';
import { Turns } from './turns.ts';

const requestTimeoutMs = 60_000;
/** On a slow line a page of rows, or work of thousands of files, takes minutes; slower than this, it is given up. */
const slowestBytesPerSecond = 4 * 1024;
/** 4 MiB at 7 KiB a second. */
const bytesTimeoutMs = 600_000;
/** Nobody should wait for long to sign out. */
const deleteTimeoutMs = 10_000;
/** More than any page of rows has; what does not end would fill the memory until the time is up. */
const longestAnswerBytes = 512 * 1024 * 1024;
/** An error is a few words, of a proxy in between a page of them. */
const longestRefusalBytes = 1024 * 1024;

const leastBytes = (slowestBytesPerSecond * requestTimeoutMs) / 1000;

/** Of an answer, how much has come. */
interface Reading {
  bytes: number;
}

function computeTimeoutMs(sent: string | undefined): number {
  const sendingMs = Math.ceil((Buffer.byteLength(sent ?? '') * 1000) / slowestBytesPerSecond);
  return Math.min(requestTimeoutMs + sendingMs, bytesTimeoutMs);
}

/**
 * Speaks to one server on behalf of one account (or of nobody, before sign-in). Every answer is
 * validated; whatever goes wrong becomes a `StintError` that says what was expected and found.
 */
export class ServerClient {
  readonly serverUrl: string;
  readonly #network: WorkspaceNetwork;
  readonly #token: string | undefined;
  readonly #ending: AbortSignal;

  /** @param ending breaks off what is under way, and whatever is asked afterwards; all of it can be asked again. */
  constructor(
    network: WorkspaceNetwork,
    serverUrl: string,
    token?: string,
    ending: AbortSignal = new AbortController().signal,
  ) {
    this.#ending = ending;
    this.#network = network;
    this.serverUrl = serverUrl.replace(/\/+$/, '');
    this.#token = token;
  }

  computeHeaders(): Record<string, string> {
    return {
      [protocolHeader]: String(protocolVersion),
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
    };
  }

  /** `ending` breaks it off, as in all the others. */
  async get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    ending?: AbortSignal,
  ): Promise<z.output<Schema>> {
    return this.#exchange('GET', path, undefined, schema, ending);
  }

  async post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
    ending?: AbortSignal,
  ): Promise<z.output<Schema>> {
    return this.#exchange('POST', path, body, schema, ending);
  }

  /** The same with bytes for a body; it may take as long as a slow line needs for them. */
  async postBytes<Schema extends z.ZodType>(
    path: string,
    body: Uint8Array<ArrayBuffer>,
    schema: Schema,
    ending: AbortSignal,
  ): Promise<z.output<Schema>> {
    const content = await this.#within(bytesTimeoutMs, async (limit) =>
      this.#readJson(
        await this.open('POST', path, {
          body,
          headers: { 'content-type': 'application/octet-stream' },
          signal: AbortSignal.any([limit, ending]),
        }),
      ),
    );
    return this.#parse(content, schema);
  }

  /**
   * Asks for bytes, of at most so many.
   * @throws StintError `not_a_stint_server` where more come; else as `post`.
   */
  async postForBytes(
    path: string,
    body: unknown,
    mostBytes: number,
    ending: AbortSignal,
  ): Promise<Uint8Array> {
    return await this.#within(bytesTimeoutMs, async (limit) => {
      const response = await this.open('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', accept: 'application/octet-stream' },
        signal: AbortSignal.any([limit, ending]),
      });
      try {
        return new Uint8Array(await this.#readAtMost(response, mostBytes));
      } catch (error) {
        throw describeNetworkFailure(error, this.serverUrl);
      }
    });
  }

  async delete(path: string): Promise<void> {
    await this.#within(deleteTimeoutMs, (signal) => this.open('DELETE', path, { signal }));
  }

  /** Has an upload that was begun forgotten. */
  async deleteUpload(path: string, ending: AbortSignal): Promise<void> {
    await this.#within(requestTimeoutMs, (limit) =>
      this.open('DELETE', path, {
        headers: { 'tus-resumable': '1.0.0' },
        signal: AbortSignal.any([limit, ending]),
      }),
    );
  }

  /**
   * The raw answer, once it is known to be a success; for streams.
   * @throws StintError `server_unreachable`, or what the server said.
   */
  async open(
    method: string,
    path: string,
    options: {
      body?: string | Uint8Array<ArrayBuffer>;
      headers?: Record<string, string>;
      signal?: AbortSignal;
      /** Whether the answer is a file's bytes: its pieces are the reader's own then. */
      isLarge?: boolean;
    } = {},
  ): Promise<Response> {
    const response = await this.#fetch(method, path, options);
    if (!response.ok) throw await this.#describeRefusal(response);
    return response;
  }

  async #exchange<Schema extends z.ZodType>(
    method: string,
    path: string,
    body: unknown,
    schema: Schema,
    ending?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const reading = { bytes: 0 };
    const content = await this.#within(
      computeTimeoutMs(sent),
      async (limit) =>
        this.#readJson(
          await this.open(method, path, {
            ...(sent === undefined
              ? {}
              : { body: sent, headers: { 'content-type': 'application/json' } }),
            signal: ending === undefined ? limit : AbortSignal.any([limit, ending]),
          }),
          longestAnswerBytes,
          reading,
        ),
      reading,
    );
    return this.#parse(content, schema);
  }

  #parse<Schema extends z.ZodType>(content: unknown, schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(content);
    if (parsed.success) return parsed.data;
    throw new StintError(
      'not_a_stint_server',
      `${this.serverUrl} answered something that this version of Stint cannot read (${parsed.error.issues[0]?.path.join('.') ?? ''})`,
    );
  }

  /**
   * Breaks off what takes longer than this, from the request to the end of the answer.
   *
   * @param reading how much of the answer has come, where it may take longer: as long as enough comes in each minute more.
   */
  async #within<Result>(
    timeoutMs: number,
    action: (signal: AbortSignal) => Promise<Result>,
    reading: Reading = { bytes: 0 },
  ): Promise<Result> {
    const limit = new AbortController();
    let cancel = (): void => undefined;
    const wait = (waitMs: number): void => {
      const { bytes } = reading;
      cancel = this.#network.timers.after(waitMs, () => {
        if (reading.bytes - bytes >= leastBytes) wait(requestTimeoutMs);
        else limit.abort(new DOMException('it took too long', 'TimeoutError'));
      });
    };
    wait(timeoutMs);
    try {
      return await action(limit.signal);
    } finally {
      cancel();
    }
  }

  async #fetch(
    method: string,
    path: string,
    options: {
      body?: string | Uint8Array<ArrayBuffer>;
      headers?: Record<string, string>;
      signal?: AbortSignal;
      isLarge?: boolean;
    },
  ): Promise<Response> {
    const fetch = options.isLarge === true ? this.#network.fetchLarge : this.#network.fetch;
    try {
      return await fetch(`${this.serverUrl}${path}`, {
        method,
        redirect: 'error',
        headers: { accept: 'application/json', ...this.computeHeaders(), ...options.headers },
        ...(options.body === undefined ? {} : { body: options.body }),
        signal:
          options.signal === undefined
            ? this.#ending
            : AbortSignal.any([options.signal, this.#ending]),
      });
    } catch (error) {
      throw describeNetworkFailure(error, this.serverUrl);
    }
  }

  /** @throws StintError `not_a_stint_server` where more come, or are announced; the rest is not waited for. */
  async #readAtMost(
    response: Response,
    mostBytes: number,
    reading: Reading = { bytes: 0 },
  ): Promise<ArrayBuffer> {
    const tooLong = new StintError(
      'not_a_stint_server',
      `${this.serverUrl} answered more than the ${mostBytes} bytes that were asked for`,
    );
    if (Number(response.headers.get('content-length') ?? 0) > mostBytes) {
      await response.body?.cancel();
      throw tooLong;
    }
    const pieces: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const piece of response.body ?? []) {
      pieces.push(piece as Uint8Array);
      sizeBytes += (piece as Uint8Array).byteLength;
      reading.bytes = sizeBytes;
      if (sizeBytes > mostBytes) throw tooLong;
    }
    const whole = new Uint8Array(sizeBytes);
    let position = 0;
    for (const piece of pieces) {
      whole.set(piece, position);
      position += piece.byteLength;
    }
    return whole.buffer;
  }

  async #readJson(
    response: Response,
    mostBytes = longestAnswerBytes,
    reading?: Reading,
  ): Promise<unknown> {
    const type = response.headers.get('content-type') ?? 'no content type';
    try {
      const bytes = await this.#readAtMost(response, mostBytes, reading);
      if (!type.includes('json')) throw new SyntaxError('not JSON');
      return await parseAnswer(bytes, new Turns(() => this.#network.clock.monotonicMs()));
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new StintError(
          'not_a_stint_server',
          `${this.serverUrl} is not a Stint server: expected JSON, it answered ${type} (status ${response.status})`,
        );
      throw describeNetworkFailure(error, this.serverUrl);
    }
  }

  async #describeRefusal(response: Response): Promise<StintError> {
    let body: unknown;
    try {
      body = await this.#readJson(response, longestRefusalBytes);
    } catch (error) {
      // A proxy in between may say in HTML that the server is down: that is no reason to doubt the address.
      if (response.status >= 500)
        return new StintError(
          'server_error',
          `${this.serverUrl} could not answer just now (status ${response.status})`,
        );
      return error as StintError;
    }
    const parsed = wireErrorSchema.safeParse(body);
    if (!parsed.success)
      return new StintError(
        'not_a_stint_server',
        `${this.serverUrl} is not a Stint server: it answered with status ${response.status} and something else than Stint's errors`,
      );
    const { code, message, field } = parsed.data.error;
    return new StintError(
      isErrorCode(code) ? code : 'server_error',
      message,
      field === undefined ? {} : { field },
    );
  }
}

/** What `fetch` throws, in words: the server can't be reached; work goes on offline. */
export function describeNetworkFailure(error: unknown, serverUrl: string): StintError {
  if (error instanceof StintError) return error;
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const reason = cause?.code ?? cause?.message ?? (error as Error).name;
  return new StintError('server_unreachable', `${serverUrl} cannot be reached (${reason})`, {
    cause: error,
  });
}

/**
 * A server's address as a person may type it: a missing scheme becomes https, or http on this machine.
 * @throws StintError `invalid_input` for what is not an http or https address.
 */
export function computeServerUrl(typed: string): string {
  const trimmed = typed.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/i.test(trimmed);
  const candidate = hasScheme ? trimmed : `${isLocal ? 'http' : 'https'}://${trimmed}`;
  let url: URL;
  try {
    url = new URL(candidate);
  } catch {
    throw new StintError(
      'invalid_input',
      `expected a server's address such as https://stint.example.org, found "${trimmed.slice(0, 100)}"`,
      { field: 'serverUrl' },
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new StintError(
      'invalid_input',
      `expected an address that begins with https:// or http://, found ${url.protocol}//`,
      { field: 'serverUrl' },
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
