import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import { contract } from '../../../src/shared/contract/contract.ts';
import { StintError } from '../../../src/shared/errors.ts';
import type { HostCapabilities } from '../../../src/main/workspace/engine/host-capabilities.ts';
import {
  type Engine,
  type EngineOptions,
  openEngine,
} from '../../../src/main/workspace/engine/open-engine.ts';
import { openRecoverableEngine } from '../../../src/main/workspace/engine/recoverable-engine.ts';

const host: HostCapabilities = {
  kind: 'command_line',
  openExternal: async () => {},
  startSample: async () => {
    throw new StintError('unavailable', 'there is no sample in this test');
  },
  getUpdateState: () => ({ state: 'off', version: null, message: null }),
  installUpdate: async () => {},
};

export interface TestEngine extends Engine {
  ask<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
  ): Promise<RequestOutput<Name>>;
}

const addAsk = (engine: Engine): TestEngine => ({
  dispatch: (name, input, audience) => engine.dispatch(name, input, audience),
  subscribe: (listener) => engine.subscribe(listener),
  importStream: (name, source, known) => engine.importStream(name, source, known),
  openAttachment: (seatId, attachmentId) => engine.openAttachment(seatId, attachmentId),
  openExport: (fileName) => engine.openExport(fileName),
  listRunningWork: () => engine.listRunningWork(),
  settle: (timeoutMs) => engine.settle(timeoutMs),
  close: () => engine.close(),
  ask: async (name, input) =>
    contract[name].output.parse(await engine.dispatch(name, input, 'local')) as never,
});

/** The engine as a host opens it, on a real folder. */
export async function openTestEngine(
  folder: string,
  options: Partial<EngineOptions> = {},
): Promise<TestEngine> {
  return addAsk(await openEngine({ folder, version: '0.0.0', host, ...options }));
}

/** The same, staying where a database is damaged. */
export async function openTestRecoverableEngine(
  folder: string,
  options: Partial<EngineOptions> = {},
): Promise<TestEngine> {
  return addAsk(await openRecoverableEngine({ folder, version: '0.0.0', host, ...options }));
}
