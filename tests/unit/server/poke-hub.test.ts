import { expect, test } from 'vitest';
import { createPokeHub, type PokeListener } from '../../../src/server/pokes/poke-hub.ts';
import type { Poke } from '../../../src/shared/protocol/poke.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';

function createTestHub() {
  const time = createHeldTime();
  const heads = new Map<string, number>();
  const endedSessions = new Set<string>();
  const members = ['ida'];
  const faults: unknown[] = [];
  const hub = createPokeHub(
    {
      async loadAudience(orgId) {
        const seq = heads.get(orgId);
        if (seq === undefined) throw new Error('no head');
        return { seq, accountIds: members };
      },
      loadHeads: async (accountIds) =>
        accountIds.includes('ida')
          ? [...heads].map(([orgId, seq]) => ({ accountId: 'ida', orgId, seq }))
          : [],
      listLiveSessions: async (sessionIds) =>
        sessionIds.filter((sessionId) => !endedSessions.has(sessionId)),
    },
    time.timers,
    (error) => faults.push(error),
  );
  const listen = (accountId: string, sessionId = accountId) => {
    const pokes: Poke[] = [];
    let isClosed = false;
    const listener: PokeListener = {
      accountId,
      sessionId,
      send: (poke) => pokes.push(poke),
      close: () => {
        isClosed = true;
      },
    };
    const stop = hub.listen(listener);
    return { pokes, stop, isClosed: () => isClosed };
  };
  return { hub, heads, members, endedSessions, time, faults, listen };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('SY-13 the first poke goes at once, those close behind it become one with the last head', async () => {
  const { hub, heads, time, listen } = createTestHub();
  const { pokes } = listen('ida');
  for (let seq = 1; seq <= 10; seq += 1) {
    heads.set('org', seq);
    hub.notify('org');
    await settle();
  }
  expect(pokes).toEqual([{ orgId: 'org', seq: 1 }]);
  time.advance(50);
  await settle();
  expect(pokes).toEqual([
    { orgId: 'org', seq: 1 },
    { orgId: 'org', seq: 10 },
  ]);
  time.advance(1000);
  await settle();
  expect(pokes).toHaveLength(2);
  expect(time.waiting).toBe(0);
});

test('SY-13 after a poke that many heard, the next waits a millisecond for each of them', async () => {
  const { hub, heads, members, time, listen } = createTestHub();
  members.push(...Array.from({ length: 119 }, (_, index) => `member ${index}`));
  const { pokes } = listen('ida');
  for (const member of members.slice(1)) listen(member);
  listen('tom');
  heads.set('org', 1);
  hub.notify('org');
  await settle();
  heads.set('org', 2);
  hub.notify('org');
  time.advance(50);
  time.advance(69);
  await settle();
  expect(pokes).toEqual([{ orgId: 'org', seq: 1 }]);
  time.advance(1);
  await settle();
  expect(pokes).toEqual([
    { orgId: 'org', seq: 1 },
    { orgId: 'org', seq: 2 },
  ]);
});

test('SY-13 one organization does not hold up another', async () => {
  const { hub, heads, listen } = createTestHub();
  const { pokes } = listen('ida');
  heads.set('a', 1).set('b', 2);
  hub.notify('a');
  hub.notify('b');
  await settle();
  expect(pokes).toEqual([
    { orgId: 'a', seq: 1 },
    { orgId: 'b', seq: 2 },
  ]);
});

test('SY-13 only members hear it, and only while they listen', async () => {
  const { hub, heads, time, listen } = createTestHub();
  const ida = listen('ida');
  const tom = listen('tom');
  heads.set('org', 1);
  hub.notify('org');
  await settle();
  ida.stop();
  time.advance(50);
  hub.notify('org');
  await settle();
  expect(ida.pokes).toHaveLength(1);
  expect(tom.pokes).toEqual([]);
});

test('a poke that fails is reported, and does not end those that follow', async () => {
  const { hub, heads, time, faults, listen } = createTestHub();
  const { pokes } = listen('ida');
  hub.notify('org');
  await settle();
  expect(faults).toHaveLength(1);
  heads.set('org', 3);
  time.advance(50);
  hub.notify('org');
  await settle();
  expect(pokes).toEqual([{ orgId: 'org', seq: 3 }]);
});

test('closing ends every stream and leaves no timer behind', async () => {
  const { hub, heads, time, listen } = createTestHub();
  const ida = listen('ida');
  heads.set('org', 1);
  hub.notify('org');
  hub.notify('org');
  await hub.close();
  expect(ida.isClosed()).toBe(true);
  expect(time.waiting).toBe(0);
  hub.notify('org');
  expect(listen('ida').isClosed()).toBe(true);
});

test('ending a session ends its streams alone', () => {
  const { hub, listen } = createTestHub();
  const laptop = listen('ida', 'laptop');
  const phone = listen('ida', 'phone');
  hub.closeSession('laptop');
  expect([laptop.isClosed(), phone.isClosed()]).toEqual([true, false]);
});

test('SY-13 everyone who listens is told all heads again when something may have been missed', async () => {
  const { hub, heads, listen } = createTestHub();
  heads.set('o', 7);
  heads.set('p', 3);
  const ida = listen('ida');
  const tom = listen('tom');
  hub.notifyEveryone();
  await settle();
  expect(ida.pokes).toEqual([
    { orgId: 'o', seq: 7 },
    { orgId: 'p', seq: 3 },
  ]);
  expect(tom.pokes).toEqual([]);
});

test('SY-10 ending access closes the streams of that person alone, on all their devices', () => {
  const { hub, listen } = createTestHub();
  const laptop = listen('ida', 'laptop');
  const desk = listen('ida', 'desk');
  const tom = listen('tom');
  hub.closeAccount('ida');
  expect([laptop, desk, tom].map((stream) => stream.isClosed())).toEqual([true, true, false]);
});

test('sessions that have ended elsewhere lose their streams when they are looked at', async () => {
  const { hub, endedSessions, listen } = createTestHub();
  const laptop = listen('ida', 'laptop');
  const desk = listen('ida', 'desk');
  endedSessions.add('laptop');
  hub.closeEndedSessions();
  await settle();
  expect([laptop.isClosed(), desk.isClosed()]).toEqual([true, false]);
});

test('what ends with the access and hears no pokes is no stream: it is not counted, and makes nobody wait', async () => {
  const { hub, heads, endedSessions, time, listen } = createTestHub();
  const { pokes } = listen('ida', 'laptop');
  const closed = new Set<number>();
  for (let number = 0; number < 200; number += 1)
    hub.hold({ sessionId: 'phone', accountId: 'ida', close: () => closed.add(number) });
  expect(hub.countListeners()).toBe(1);
  for (const seq of [1, 2]) {
    heads.set('org', seq);
    hub.notify('org');
    await settle();
  }
  time.advance(50);
  await settle();
  expect(pokes.map(({ seq }) => seq)).toEqual([1, 2]);
  endedSessions.add('phone');
  hub.closeEndedSessions();
  await settle();
  expect(closed.size).toBe(200);
});

test('SY-13 a session has eight streams at most, and an account 64: one more ends the oldest', () => {
  const { hub, listen } = createTestHub();
  const listOpen = (streams: readonly { isClosed(): boolean }[]) =>
    streams.map(({ isClosed }) => !isClosed());
  const ofSession = Array.from({ length: 9 }, () => listen('ida', 'laptop'));
  expect(listOpen(ofSession)).toEqual([false, ...Array.from({ length: 8 }, () => true)]);
  expect(hub.countListeners()).toBe(8);
  // What had ended already changes nothing when its line is gone.
  ofSession[0]?.stop();
  expect(hub.countListeners()).toBe(8);
  const others = Array.from({ length: 56 }, (_, index) => listen('ida', `device ${index}`));
  expect(listOpen([...ofSession.slice(1), ...others])).not.toContain(false);
  listen('ida', 'one more');
  expect(listOpen(ofSession.slice(0, 3))).toEqual([false, false, true]);
  expect(hub.countListeners()).toBe(64);
  const ofAnother = listen('noor', 'laptop of another');
  expect(ofAnother.isClosed()).toBe(false);
  expect(hub.countListeners()).toBe(65);
});
