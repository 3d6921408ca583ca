import { describe, expect, test } from 'vitest';
import type { SeatSync } from '../../../src/shared/contract/shapes.ts';
import { computeSyncHeadline } from '../../../src/renderer/frame/sync-headline.ts';

const saved: SeatSync = {
  state: 'saved',
  isOnline: true,
  waitingChanges: 0,
  waitingBytes: 0,
  attentionCount: 0,
  lastSyncedAt: '2026-11-23T11:04:00.000Z',
  lastProblem: null,
};

const waiting: SeatSync = {
  ...saved,
  state: 'waiting',
  waitingChanges: 14,
  waitingBytes: 2_100_000_000,
};

describe('the sync state never lies', () => {
  test('says that all is on the server only when the engine says so', () => {
    expect(computeSyncHeadline(saved, 'connected').text).toMatch(/^All saved on the server, /u);
    for (const state of ['waiting', 'syncing', 'attention', 'signed_out', 'update_needed'] as const)
      expect(computeSyncHeadline({ ...waiting, state }, 'connected').text).not.toContain(
        'on the server',
      );
  });

  test('says nothing of the server before the engine has answered, or when it no longer does', () => {
    expect(computeSyncHeadline(undefined, 'starting').text).not.toContain('saved');
    expect(computeSyncHeadline(saved, 'silent')).toMatchObject({ kind: 'silent' });
    expect(computeSyncHeadline(saved, 'expired')).toMatchObject({ kind: 'silent' });
  });

  test('says how many changes and how much wait on this computer', () => {
    expect(computeSyncHeadline(waiting, 'connected').text).toMatch(
      /^Saved on this computer: 14 changes, 2[.,]1\s?GB waiting$/u,
    );
    expect(
      computeSyncHeadline({ ...waiting, waitingChanges: 1, waitingBytes: 0 }, 'connected').text,
    ).toBe('Saved on this computer: 1 change waiting');
  });

  test('adds that there is no connection to what was saved before', () => {
    expect(computeSyncHeadline({ ...saved, isOnline: false }, 'connected').text).toContain(
      'offline',
    );
  });

  test('counts what needs attention', () => {
    expect(
      computeSyncHeadline({ ...waiting, state: 'attention', attentionCount: 1 }, 'connected').text,
    ).toBe('Needs your attention: 1');
  });
});
