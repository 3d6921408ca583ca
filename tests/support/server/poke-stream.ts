import { createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { type Poke, pokeSchema } from '../../../src/shared/protocol/poke.ts';
import type { TestDevice } from './test-device.ts';

export interface PokeStream {
  readonly pokes: Poke[];
  readonly comments: string[];
  /** Settles when the server has ended the stream. */
  readonly ended: Promise<void>;
}

/** An open stream of pokes; broken off when the test ends. */
export async function openPokeStream(device: TestDevice): Promise<PokeStream> {
  const breaker = new AbortController();
  onTestFinished(() => breaker.abort());
  const response = await device.fetch(endpoints.pokes, { signal: breaker.signal });
  if (!response.ok || response.body === null)
    throw new Error(`the stream of pokes was answered ${response.status}`);
  const pokes: Poke[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent(event) {
      if (event.event === 'poke') pokes.push(pokeSchema.parse(JSON.parse(event.data)));
    },
    onComment: (comment) => comments.push(comment),
  });
  const body = response.body.pipeThrough(new TextDecoderStream());
  const ended = (async () => {
    for await (const text of body) parser.feed(text);
  })();
  ended.catch(() => undefined);
  return { pokes, comments, ended };
}
