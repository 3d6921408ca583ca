import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { WireError } from '../../../src/shared/protocol/error-body.ts';
import type { PushResponse } from '../../../src/shared/protocol/push.ts';
import { mutationDefinitions } from '../../../src/shared/mutations/mutation-registry.ts';
import { protocolHeader } from '../../../src/shared/protocol/version.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { loadFrozenMutations } from '../wire-schemas/frozen-schemas.ts';
import {
  isPush,
  loadExchanges,
  loadRecordedRows,
  type RecordedVersion,
  recordedVersions,
} from './recorded-traffic.ts';
import { RecordedClock, type ReplayedAnswer, TrafficReplay } from './replay-traffic.ts';

/** What is not in the exchanges, and why. */
const unrecordedMutations: Readonly<Record<RecordedVersion, readonly string[]>> = {
  // It stands in the recorded databases.
  1: ['engagement.complete@1'],
  // It answers a verdict made from an anchor that only the recorded server's key can sign.
  2: ['submission.decideLateness@1'],
};

/** Decided or made up by the server alone: ids of accounts, its key, and its own times. */
const madeByServer: ReadonlySet<string> = new Set([
  'accountId',
  'receiptKeyId',
  'receiptPublicKey',
  'keyId',
  'signature',
  'statementJson',
  'verdictInputsJson',
]);

describe.each(recordedVersions)('version %i', (version) => {
  const oldVersion = String(version);
  const exchanges = loadExchanges(version);
  const orgId = exchanges.find(isPush)?.path.split('/')[4] ?? '';

  async function startServerAtRecordedTime() {
    const clock = new RecordedClock();
    clock.set(exchanges[0]?.at ?? '');
    const server = await startTestServer({ ports: { clock } });
    return { server, replay: new TrafficReplay(version, server.url, clock) };
  }

  async function replayAll(replay: TrafficReplay): Promise<ReplayedAnswer[]> {
    const answers: ReplayedAnswer[] = [];
    for (const exchange of exchanges) answers.push(await replay.send(exchange));
    return answers;
  }

  const isPull = ({ exchange }: ReplayedAnswer): boolean => exchange.path.endsWith('/pull');

  /** A device of today that uses the session which the older program had made. */
  function takeOver(baseUrl: string, replay: TrafficReplay, person: string): TestDevice {
    const device = new TestDevice(baseUrl);
    device.token = replay.getToken(person);
    return device;
  }

  test('SY-20 the recording holds every mutation that the older version could make', () => {
    const recorded = new Set(
      exchanges
        .filter(isPush)
        .flatMap(({ json }) => json.mutations.map(({ name, version }) => `${name}@${version}`)),
    );
    const frozen = loadFrozenMutations();
    const published = mutationDefinitions
      .filter(({ by }) => by !== 'server')
      .map(({ name, version }) => `${name}@${version}`)
      .filter((key) => frozen[key]?.since === Number(oldVersion));
    expect(published.filter((key) => !recorded.has(key))).toEqual(unrecordedMutations[version]);
    expect(new Set(exchanges.map(({ headers }) => headers[protocolHeader]))).toEqual(
      new Set([oldVersion]),
    );
  });

  test('SY-20 an older workspace registers, joins, pushes and uploads as ever', async () => {
    const { server, replay } = await startServerAtRecordedTime();
    const answers = await replayAll(replay);

    for (const answer of answers.filter((candidate) => !isPull(candidate))) {
      const { exchange } = answer;
      expect(answer.status, `${exchange.method} ${exchange.path}`).toBe(exchange.answer.status);
      if (!isPush(exchange)) continue;
      // Not only taken: each under the number that the server of its own version gave it.
      const expected = exchange.answer.json.results.map(({ id, status, seq }) => ({
        id,
        status,
        seq,
        repeated: false,
      }));
      expect((answer.json as PushResponse).results).toMatchObject(expected);
    }

    const downloads = answers.filter(
      ({ exchange: { method, path } }) =>
        method === 'GET' && path.startsWith(endpoints.file(orgId, '')),
    );
    expect(downloads.length).toBeGreaterThan(1);
    for (const { exchange, json } of downloads)
      expect(
        createHash('sha256')
          .update(json as Buffer)
          .digest('hex'),
      ).toBe(exchange.path.split('/').at(-1));
    await expectRecordedRows(server.url, replay);
  });

  async function expectRecordedRows(baseUrl: string, replay: TrafficReplay): Promise<void> {
    const recorded = loadRecordedRows(version);
    for (const person of ['employer', 'intern'] as const) {
      const device = takeOver(baseUrl, replay, person);
      for (const [table, rows] of Object.entries(recorded[person])) {
        const found = await device.list(orgId, table);
        const byId = new Map(found.map((row) => [row['id'], row]));
        expect(found.length, `${table} of the ${person}`).toBe(rows.length);
        for (const row of rows) {
          const columns = Object.keys(row).filter((column) => !madeByServer.has(column));
          const pick = (source: Readonly<Record<string, unknown>> = {}) =>
            Object.fromEntries(
              columns.map((column) => [
                column,
                // The server's times differ by the moment between a request's sending and its arrival.
                column.endsWith('At') && source[column] !== null ? 'a time' : source[column],
              ]),
            );
          expect(pick(byId.get(row['id'])), `${table} of the ${person}`).toEqual(pick(row));
        }
      }
    }
  }

  test('SY-20 an older workspace that pulls, or compares, is told to update', async () => {
    const { server, replay } = await startServerAtRecordedTime();
    const pulls = (await replayAll(replay)).filter(isPull);
    expect(pulls.length).toBeGreaterThan(10);
    for (const { status, json } of pulls) {
      expect(status).toBe(426);
      expect((json as WireError).error).toMatchObject({ code: 'protocol_unsupported' });
      expect((json as WireError).error.message).toMatch(
        new RegExp(`version ${oldVersion}\\b.*update the app`),
      );
    }
    const device = takeOver(server.url, replay, 'intern');
    for (const [method, path] of [
      ['POST', endpoints.checksums(orgId)],
      ['GET', endpoints.pokes],
    ] as const) {
      const response = await device.fetch(path, {
        method,
        headers: { [protocolHeader]: oldVersion, 'content-type': 'application/json' },
        ...(method === 'POST' ? { body: JSON.stringify({ scopes: ['org'] }) } : {}),
      });
      expect(response.status, path).toBe(426);
      await response.body?.cancel();
    }
  });

  test('SY-20 what an older workspace sends twice is applied once', async () => {
    const { server, replay } = await startServerAtRecordedTime();
    const first = new Map<string, PushResponse['results'][number]>();
    for (const { exchange, json } of await replayAll(replay))
      if (isPush(exchange))
        for (const result of (json as PushResponse).results) first.set(result.id, result);
    for (const exchange of exchanges.filter(isPush))
      for (const again of ((await replay.send(exchange)).json as PushResponse).results) {
        // What had waited in quarantine has been decided on meanwhile, and a refusal for ended access is not kept.
        if (first.get(again.id)?.status !== 'applied') continue;
        expect(again).toEqual({ ...first.get(again.id), repeated: true });
      }
    await expectRecordedRows(server.url, replay);
  });
});
