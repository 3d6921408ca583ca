import type { Clock } from '../../../src/shared/ports.ts';
import { readContent, type RecordedExchange, type RecordedVersion } from './recorded-traffic.ts';

export interface ReplayedAnswer {
  readonly exchange: RecordedExchange;
  readonly status: number;
  readonly json: unknown;
}

/** A clock that stands at the moment of the recorded request, so that a recording never grows old. */
export class RecordedClock implements Clock {
  readonly bootId = 'recorded';
  #nowMs = 0;

  set(at: string): void {
    this.#nowMs = Date.parse(at);
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }
}

/** Sends recorded requests, one after the other, as they were but for what a server makes up: tokens and addresses of uploads. */
export class TrafficReplay {
  readonly #version: RecordedVersion;
  readonly #baseUrl: string;
  readonly #clock: RecordedClock;
  readonly #tokens = new Map<string, string>();
  readonly #uploadPaths = new Map<string, string>();

  constructor(version: RecordedVersion, baseUrl: string, clock: RecordedClock) {
    this.#version = version;
    this.#baseUrl = baseUrl;
    this.#clock = clock;
  }

  getToken(person: string): string {
    const token = this.#tokens.get(person);
    if (token === undefined) throw new Error(`${person} has not signed in yet`);
    return token;
  }

  async send(exchange: RecordedExchange): Promise<ReplayedAnswer> {
    this.#clock.set(exchange.at);
    const headers = new Headers(exchange.headers);
    if (headers.has('authorization'))
      headers.set('authorization', `Bearer ${this.getToken(exchange.person)}`);
    const response = await fetch(
      `${this.#baseUrl}${this.#uploadPaths.get(exchange.path) ?? exchange.path}`,
      {
        method: exchange.method,
        headers,
        ...(exchange.json === undefined ? {} : { body: JSON.stringify(exchange.json) }),
        ...(exchange.content === undefined
          ? {}
          : { body: new Uint8Array(readContent(this.#version, exchange.content)) }),
      },
    );
    const location = response.headers.get('location');
    if (exchange.answer.location !== undefined && location !== null)
      this.#uploadPaths.set(exchange.answer.location, location);
    const content = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const json = isJson ? (JSON.parse(content.toString()) as unknown) : content;
    const token = (json as { token?: string }).token;
    if (token !== undefined) this.#tokens.set(exchange.person, token);
    return { exchange, status: response.status, json };
  }
}
