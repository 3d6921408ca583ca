import path from 'node:path';
import { repositoryRoot } from '../../../scripts/run-step.ts';
import { hostPaths, tokenHeader } from '../../../src/shared/contract/carriers.ts';
import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import { type LineProcess, startLineProcess } from './line-process.ts';

export interface LoopbackProcess extends LineProcess {
  /** With the token in its fragment. Resolves when the host listens. */
  readonly url: Promise<URL>;
  /** Asks as the interface does; the time until the answer is read and parsed is part of it. */
  request<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
  ): Promise<RequestOutput<Name>>;
}

/** Starts the built workspace process, which is the browser host, on a folder. */
export function startLoopbackProcess(dataFolder: string): LoopbackProcess {
  const started = startLineProcess(process.execPath, [
    path.join(repositoryRoot, 'out/main/loopback.js'),
    '--json',
    '--data',
    dataFolder,
  ]);
  const url = started.firstJson.then(readHostUrl);
  url.catch(() => undefined);
  return {
    ...started,
    url,
    request: async (name, input) => {
      const host = await url;
      const response = await fetch(new URL(hostPaths.request(name), host), {
        method: 'POST',
        headers: { 'content-type': 'application/json', [tokenHeader]: readToken(host) },
        body: JSON.stringify(input),
      });
      const answer = (await response.json()) as { ok: boolean; value: unknown };
      if (!answer.ok) throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
      return answer.value as never;
    },
  };
}

export function readHostUrl(line: Readonly<Record<string, unknown>>): URL {
  const { url } = line;
  if (typeof url !== 'string') throw new Error('expected the address of the host in its line');
  return new URL(url);
}

function readToken(url: URL): string {
  return new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
}
