import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';

/** What the upload library sends requests with, over a `fetch`. */
export function createUploadStack(fetch: typeof globalThis.fetch): HttpStack {
  return {
    createRequest: (method, url) => new FetchRequest(fetch, method, url),
    getName: () => 'SimulatedUploadStack',
  };
}

class FetchRequest implements HttpRequest {
  readonly #fetch: typeof globalThis.fetch;
  readonly #method: string;
  readonly #url: string;
  readonly #headers: Record<string, string> = {};
  readonly #abort = new AbortController();

  constructor(fetch: typeof globalThis.fetch, method: string, url: string) {
    this.#fetch = fetch;
    this.#method = method;
    this.#url = url;
  }

  getMethod(): string {
    return this.#method;
  }

  getURL(): string {
    return this.#url;
  }

  setHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name];
  }

  setProgressHandler(): void {}

  async send(body: unknown = null): Promise<HttpResponse> {
    const bytes =
      body === null
        ? undefined
        : body instanceof Uint8Array
          ? body
          : new Uint8Array(await buffer(body as Readable));
    const response = await this.#fetch(this.#url, {
      method: this.#method,
      headers: this.#headers,
      signal: this.#abort.signal,
      ...(bytes === undefined ? {} : { body: bytes as Uint8Array<ArrayBuffer> }),
    });
    const text = await response.text();
    return {
      getStatus: () => response.status,
      getHeader: (name) => response.headers.get(name) ?? undefined,
      getBody: () => text,
      getUnderlyingObject: () => response,
    };
  }

  async abort(): Promise<void> {
    this.#abort.abort();
  }

  getUnderlyingObject(): unknown {
    return undefined;
  }
}
