import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchStorage } from './bench-storage.ts';
import { type BenchmarkOrganization, writeInstallation } from './server-fixture.ts';
import { WorkspaceChild } from './workspace-child.ts';

export interface NoticeSession {
  /** Times from just before one person records time until it can be read in the other's workspace, in ms. */
  run(count: number): Promise<number[]>;
  stop(): Promise<void>;
}

const patienceMs = 3_600_000;
/** Longer than the server rests between two pokes, so that each change is told by a poke of its own. */
const shortestGapMs = 80;
const gapSpreadMs = 60;
const settleMs = 1000;

/**
 * An intern and the owner, each with a workspace in a process of its own, both in step and online. With two
 * servers, each of them is on another one.
 */
export async function startNoticeSession(
  storage: BenchStorage,
  organization: BenchmarkOrganization,
  folder: string,
  serverCount: 1 | 2,
): Promise<NoticeSession> {
  const [intern] = organization.interns;
  if (intern === undefined) throw new Error('the organization has no intern');
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const copy = await storage.copy();
    closers.push(() => copy.remove());
    const first = await copy.startServer();
    closers.push(() => first.stop());
    const second = serverCount === 1 ? first : await copy.startServer();
    if (second !== first) closers.push(() => second.stop());
    const openWorkspace = async (
      name: string,
      url: string,
      person: typeof intern,
    ): Promise<WorkspaceChild> => {
      const installation = path.join(folder, name);
      await writeInstallation(installation, url, organization, person);
      closers.push(() => rm(installation, { recursive: true, force: true }));
      const child = await WorkspaceChild.open([installation]);
      closers.push(() => child.stop());
      await child.ask('synchronise', { timeoutMs: patienceMs });
      return child;
    };
    const sender = await openWorkspace('sender', first.url, intern);
    const receiver = await openWorkspace('receiver', second.url, organization.owner);
    await receiver.ask('watch', null);
    await wait(settleMs);
    return {
      run: (count) => measureNotices(sender, receiver, count),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function measureNotices(
  sender: WorkspaceChild,
  receiver: WorkspaceChild,
  count: number,
): Promise<number[]> {
  const sent = new Map<string, number>();
  for (let number = 0; number < count; number += 1) {
    const { id, atMs } = await sender.ask('recordTime', null);
    sent.set(id, atMs);
    // Spread evenly, so that no period of the program's or the machine's is met every time.
    await wait(shortestGapMs + ((number * 37) % gapSpreadMs));
  }
  const times: number[] = [];
  const endMs = performance.now() + patienceMs;
  while (sent.size > 0) {
    for (const { id, atMs } of await receiver.ask('listSeen', null)) {
      const sentMs = sent.get(id);
      if (sentMs === undefined) continue;
      sent.delete(id);
      times.push(atMs - sentMs);
    }
    if (performance.now() > endMs) throw new Error(`${sent.size} changes were never seen`);
    await wait(shortestGapMs);
  }
  return times;
}

/** The value that this share of all lies at or below. */
export function computePercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('expected at least one value');
  return value;
}
