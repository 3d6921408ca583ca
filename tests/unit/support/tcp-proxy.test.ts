import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startTcpProxy } from '../../support/sync/tcp-proxy.ts';

/** What `fetch` says of a connection that ended, before the answer or within it, and of a time limit. */
const lostLine = /fetch failed|terminated|aborted/;

/** A server that answers with the length of what it got, behind a proxy. */
async function startLine(answer = (body: string): string => `got ${body.length}`) {
  const received: string[] = [];
  const broken: string[] = [];
  const server = createServer((message: IncomingMessage, response: ServerResponse) => {
    text(message).then(
      (body) => {
        received.push(`${message.method} ${message.url} ${body}`);
        response.end(answer(body));
      },
      () => broken.push(message.url ?? ''),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startTcpProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await proxy.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const post = async (path: string, body: string, signal?: AbortSignal): Promise<string> => {
    const response = await fetch(`${proxy.url}${path}`, {
      method: 'POST',
      body,
      ...(signal === undefined ? {} : { signal }),
    });
    return await response.text();
  };
  return { proxy, received, broken, post };
}

test('a sound line passes everything on, in order, over one connection or many', async () => {
  const { proxy, received, post } = await startLine();
  const large = 'x'.repeat(1_000_000);
  expect(await post('/a', large)).toBe('got 1000000');
  expect(await Promise.all(['1', '22', '333'].map((body) => post('/b', body)))).toEqual([
    'got 1',
    'got 2',
    'got 3',
  ]);
  expect(received).toHaveLength(4);
  expect(proxy.requests[0]).toBe('POST /a HTTP/1.1');
});

test('a line that is down refuses, and works again once it is healed', async () => {
  const { proxy, post } = await startLine();
  await post('/a', 'before');
  proxy.change({ isDown: true });
  await expect(post('/a', 'now')).rejects.toThrow(lostLine);
  proxy.heal();
  expect(await post('/a', 'after')).toBe('got 5');
});

test('a request is cut after so many of its bytes', async () => {
  const { proxy, received, broken, post } = await startLine();
  proxy.arrange({ kind: 'cut', direction: 'request', afterBytes: 50_000, at: '/cut' });
  await post('/other', 'not this one');
  await expect(post('/cut', 'x'.repeat(200_000))).rejects.toThrow(lostLine);
  await expect.poll(() => broken).toEqual(['/cut']);
  expect(received).toEqual(['POST /other not this one']);
  expect(await post('/cut', 'only once')).toBe('got 9');
});

test('an answer is cut after so many of its bytes, when the server has done its work', async () => {
  const { proxy, received, post } = await startLine(() => 'y'.repeat(200_000));
  proxy.arrange({ kind: 'cut', direction: 'response', afterBytes: 1000 });
  await expect(post('/a', 'work')).rejects.toThrow(lostLine);
  expect(received).toEqual(['POST /a work']);
  expect(await post('/a', 'again')).toHaveLength(200_000);
});

test('an answer is swallowed whole', async () => {
  const { proxy, received, post } = await startLine();
  proxy.arrange({ kind: 'swallow' });
  await expect(post('/a', 'work')).rejects.toThrow(lostLine);
  expect(received).toEqual(['POST /a work']);
});

test('a request reaches the server twice, and is answered once', async () => {
  const { proxy, received, post } = await startLine();
  proxy.arrange({ kind: 'duplicate' });
  const body = 'twice '.repeat(30_000);
  expect(await post('/a', body)).toBe(`got ${body.length}`);
  await expect.poll(() => received.length).toBe(2);
  expect(received[0]).toBe(received[1]);
});

test.for(['request', 'response'] as const)(
  'a black hole holds every %s until it ends',
  async (direction) => {
    const { proxy, received, post } = await startLine();
    proxy.change({ blackHole: direction });
    let answer: string | undefined;
    const asked = post('/a', 'patience').then((text) => (answer = text));
    if (direction === 'response') await expect.poll(() => received.length).toBe(1);
    else expect(received).toEqual([]);
    expect(answer).toBeUndefined();
    proxy.heal();
    expect(await asked).toBe('got 8');
    expect(received).toHaveLength(1);
  },
);

test('what a black hole held arrives late, though who sent it has given up', async () => {
  const { proxy, received, post } = await startLine();
  proxy.change({ blackHole: 'request' });
  await expect(post('/a', 'late', AbortSignal.timeout(100))).rejects.toThrow(lostLine);
  expect(received).toEqual([]);
  proxy.heal();
  await expect.poll(() => received).toEqual(['POST /a late']);
});

test('a captive portal answers in HTML, and the server hears of nothing', async () => {
  const { proxy, received, post } = await startLine();
  proxy.change({ hasCaptivePortal: true });
  expect(await post('/a', 'work')).toContain('<!doctype html>');
  proxy.heal();
  await post('/a', 'work');
  expect(received).toHaveLength(1);
});

test('a slow line delays every piece and lets only so many bytes through in a second', async () => {
  const { proxy, post } = await startLine();
  proxy.change({ delayMs: 20, bytesPerSecond: 1_000_000 });
  const startedMs = performance.now();
  expect(await post('/a', 'x'.repeat(300_000))).toBe('got 300000');
  // Never less than the line needs; how much more is the machine's affair.
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(300);
});

test('a moment calls at its byte, and nothing goes any further', async () => {
  const { proxy, post } = await startLine(() => 'y'.repeat(100_000));
  let calls = 0;
  proxy.arrange({
    kind: 'moment',
    direction: 'response',
    afterBytes: 10,
    action: () => (calls += 1),
  });
  await expect(post('/a', 'work')).rejects.toThrow(lostLine);
  expect(calls).toBe(1);
  expect(proxy.accidents).toEqual([]);
});
