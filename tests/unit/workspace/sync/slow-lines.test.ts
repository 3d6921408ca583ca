import { expect, test } from 'vitest';
import { z } from 'zod';
import { ServerClient } from '../../../../src/main/workspace/sync/server-client.ts';
import type { Timers } from '../../../../src/shared/ports.ts';
import { catchStintError, ports } from '../../../support/sync/test-installation.ts';

const anything = z.array(z.string());
const url = 'http://stint.test';

/** Time that stands still until it is told to pass. */
class HeldTimers implements Timers {
  #nowMs = 0;
  #waiting: { readonly atMs: number; readonly action: () => void }[] = [];

  after(delayMs: number, action: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, action };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== entry);
    };
  }

  async pass(seconds: number): Promise<void> {
    this.#nowMs += seconds * 1000;
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { action } of due) action();
    // What was sent is read.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

function openSlowLine() {
  const timers = new HeldTimers();
  let answer: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isBroken = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (answer = controller),
  });
  const taken = Promise.withResolvers<void>();
  const client = new ServerClient(
    {
      ...ports,
      timers,
      fetch: async (_url, init) => {
        const { signal } = init ?? {};
        const ended = new Promise<never>((_resolve, reject) =>
          signal?.addEventListener('abort', () => {
            isBroken = true;
            answer?.error(signal.reason);
            reject(signal.reason as Error);
          }),
        );
        await Promise.race([taken.promise, ended]);
        ended.catch(() => undefined);
        return new Response(body, { headers: { 'content-type': 'application/json' } });
      },
    },
    url,
    'token',
  );
  return {
    timers,
    client,
    take: () => taken.resolve(),
    send: (text: string) => answer?.enqueue(Buffer.from(text)),
    end: () => answer?.close(),
    isBroken: () => isBroken,
  };
}

test('SY-11 a page that takes minutes on a slow line is read to its end', async () => {
  const line = openSlowLine();
  const asked = line.client.post('/pull', {}, anything);
  line.take();
  line.send('[');
  for (let piece = 0; piece < 12; piece += 1) {
    line.send(`"${'x'.repeat(150_000)}",`);
    await line.timers.pass(30);
  }
  line.send('""]');
  line.end();
  expect(await asked).toHaveLength(13);
});

test.each([
  ['nothing any more', ''],
  ['a letter now and then', ' '],
])('SY-11 an answer of which comes %s is broken off', async (_what, rest) => {
  const line = openSlowLine();
  const asked = catchStintError(() => line.client.post('/pull', {}, anything));
  line.take();
  line.send(`["${'x'.repeat(300_000)}",`);
  for (let piece = 0; piece < 8; piece += 1) {
    if (rest !== '' && !line.isBroken()) line.send(rest);
    await line.timers.pass(30);
  }
  expect(await asked).toMatchObject({ code: 'server_unreachable' });
});

test('SY-8 work that is large has the time that a slow line needs for it, and a small question has a minute', async () => {
  const large = openSlowLine();
  const pushed = large.client.post('/push', { note: 'x'.repeat(600_000) }, anything);
  const small = openSlowLine();
  const asked = catchStintError(() => small.client.post('/pull', {}, anything));
  for (const { timers } of [large, small])
    for (let part = 0; part < 4; part += 1) await timers.pass(30);
  large.take();
  large.send('[]');
  large.end();
  expect(await pushed).toEqual([]);
  expect(await asked).toMatchObject({ code: 'server_unreachable' });
});
