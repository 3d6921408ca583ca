import { afterEach, expect, test, vi } from 'vitest';
import { sendFile } from '../../../src/renderer/client/send-file.ts';

const staged = {
  stagedId: '019b0000-0000-7000-8000-000000000001',
  name: 'prices.csv',
  sizeBytes: 5,
  mediaType: 'text/csv',
  sha256: '0'.repeat(64),
};
const answer =
  (body: unknown, status = 200) =>
  async () =>
    new Response(JSON.stringify(body), { status });
const breakLine = () => Promise.reject(new TypeError('Failed to fetch'));

/** A host that answers each sending by the next of these, and notes what is asked of it meanwhile. */
function createHost(...answers: readonly (() => Promise<Response>)[]) {
  const said: string[] = [];
  let sent = 0;
  vi.stubGlobal('fetch', async () => {
    said.push('PUT');
    const next = answers[sent];
    sent += 1;
    if (next === undefined) throw new Error('sent more often than expected');
    return next();
  });
  const carrier = {
    headers: {},
    request: async (name: string) => {
      said.push(name);
      return true;
    },
    subscribe: () => () => {},
  };
  return { carrier, said };
}

const file = new File(['a,b,c'], 'prices.csv');

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a file on a line that breaks is sent again, after what was left of it has ended', async () => {
  vi.useFakeTimers();
  const isStillEnding = answer({ code: 'conflict', message: 'still being taken in' }, 409);
  const { carrier, said } = createHost(breakLine, breakLine, isStillEnding, answer(staged));
  const sending = sendFile(file, carrier, {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await sending).toEqual(staged);
  const ended = ['PUT', 'files.cancelImport'];
  expect(said).toEqual([...ended, ...ended, ...ended, 'PUT']);
});

test('what the host says of a file is the answer, and is not asked again', async () => {
  for (const code of ['conflict', 'cancelled', 'invalid_input']) {
    const { carrier, said } = createHost(answer({ code, message: 'no' }, 400));
    const error: unknown = await sendFile(file, carrier, {}).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(said).toEqual(['PUT']);
  }
});

test('a file that cannot be read any more is not sent again', async () => {
  const { carrier, said } = createHost(breakLine);
  const gone = new File(['a,b,c'], 'prices.csv');
  gone.slice = () => {
    const none = new Blob();
    none.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    return none;
  };
  await expect(sendFile(gone, carrier, {})).rejects.toMatchObject({ code: 'file_changed' });
  expect(said).toEqual(['PUT']);
});

test('while no host answers, ending it ends the waiting', async () => {
  vi.useFakeTimers();
  const { carrier, said } = createHost(breakLine);
  const abort = new AbortController();
  const sending = sendFile(file, carrier, { signal: abort.signal });
  const ended = expect(sending).rejects.toMatchObject({ code: 'cancelled' });
  await vi.advanceTimersByTimeAsync(500);
  abort.abort();
  await ended;
  expect(said.filter((each) => each === 'PUT')).toEqual(['PUT']);
});
