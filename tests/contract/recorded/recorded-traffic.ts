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

/** The versions of the protocol that were recorded; the version of today is not, since it may still change. */
export const recordedVersions = [1, 2] as const;
export type RecordedVersion = (typeof recordedVersions)[number];

export function computeRecordedFolder(version: RecordedVersion): string {
  return path.join(import.meta.dirname, `v${version}`);
}

function readRecorded<Content>(version: RecordedVersion, name: string): Content {
  const file = path.join(computeRecordedFolder(version), name);
  return JSON.parse(readFileSync(file, 'utf8')) as Content;
}

export function loadExchanges(version: RecordedVersion): readonly RecordedExchange[] {
  return readRecorded(version, 'exchanges.json');
}

/** The rows that each person's workspace had mirrored at the end. */
export function loadRecordedRows(
  version: RecordedVersion,
): Readonly<Record<'employer' | 'intern', RowsByTable>> {
  return readRecorded(version, 'rows.json');
}

export function readContent(version: RecordedVersion, sha256: string): Buffer {
  return readFileSync(path.join(computeRecordedFolder(version), 'contents', sha256));
}

export function isPush(exchange: RecordedExchange): exchange is RecordedExchange & {
  readonly json: PushRequest;
  readonly answer: { readonly json: PushResponse };
} {
  return exchange.path.endsWith('/push');
}
