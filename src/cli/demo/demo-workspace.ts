import type { EngineEvent } from '../../shared/contract/events.ts';
import { type Engine, openEngine } from '../../main/workspace/engine/open-engine.ts';
import type { SettleOutcome } from '../../main/workspace/sync/sync-service.ts';
import { createSystemPorts } from '../../main/workspace/ports/system-ports.ts';
import { StintError } from '../../shared/errors.ts';

const settleTimeoutMs = 120_000;

type ArrivalKind = Extract<EngineEvent, { type: 'arrived' }>['kind'];

/** One person's workspace in the demo, on a computer that stands in that person's time zone. */
export interface DemoWorkspace {
  readonly engine: Engine;
  /** Synchronises until nothing waits; fails when that is not reached, or something was refused. */
  settle(): Promise<SettleOutcome>;
  /** Fulfils once so many things of this kind have come, counted from the opening. */
  waitForArrivals(kind: ArrivalKind, count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openDemoWorkspace(
  folder: string,
  timeZone: string,
  version: string,
): Promise<DemoWorkspace> {
  const refuse = (): Promise<never> =>
    Promise.reject(new StintError('unavailable', 'not in the demo'));
  const engine = await openEngine({
    folder,
    version,
    host: {
      kind: 'command_line',
      openExternal: refuse,
      startSample: refuse,
      getUpdateState: () => ({ state: 'off', version: null, message: null }),
      installUpdate: refuse,
    },
    ports: { ...createSystemPorts(), localTimeZone: () => timeZone },
  });
  const arrived: ArrivalKind[] = [];
  const waiting = new Set<() => void>();
  engine.subscribe((event) => {
    if (event.type !== 'arrived') return;
    arrived.push(event.kind);
    for (const check of waiting) check();
  });
  return {
    engine,
    settle: async () => {
      const outcome = await engine.settle(settleTimeoutMs);
      if (!outcome.isSettled || outcome.attentionCount > 0)
        throw new Error(`the workspace is not in step: ${JSON.stringify(outcome)}`);
      return outcome;
    },
    waitForArrivals: (kind, count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`waited ${settleTimeoutMs} ms for ${count} times "${kind}"`));
        }, settleTimeoutMs);
        const check = (): void => {
          if (arrived.filter((candidate) => candidate === kind).length < count) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () => engine.close(),
  };
}
