import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PushRequest, PushResponse } from '../../../src/shared/protocol/push.ts';

/** One request that a program of an older version sent, and what a server of that version answered. */
export interface RecordedExchange {
  /** When it was sent. */
  readonly at: string;
  readonly person: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Name of the file in `contents` that was the body. */
  readonly content?: string;
  readonly answer: { readonly status: number; readonly json?: unknown; readonly location?: string };
}

type RowsByTable = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export const recordedFolder = path.join(import.meta.dirname, 'v1');

function readRecorded<Content>(name: string): Content {
  return JSON.parse(readFileSync(path.join(recordedFolder, name), 'utf8')) as Content;
}

export function loadExchanges(): readonly RecordedExchange[] {
  return readRecorded('exchanges.json');
}

/** The rows that each person's workspace had mirrored at the end. */
export function loadRecordedRows(): Readonly<Record<'employer' | 'intern', RowsByTable>> {
  return readRecorded('rows.json');
}

export function readContent(sha256: string): Buffer {
  return readFileSync(path.join(recordedFolder, 'contents', sha256));
}

export function isPush(exchange: RecordedExchange): exchange is RecordedExchange & {
  readonly json: PushRequest;
  readonly answer: { readonly json: PushResponse };
} {
  return exchange.path.endsWith('/push');
}
