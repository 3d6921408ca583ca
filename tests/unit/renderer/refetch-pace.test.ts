import { describe, expect, it } from 'vitest';
import { computeRestMs } from '../../../src/renderer/client/refetch-pace.ts';
import { dataTopics, listTopicsOf } from '../../../src/renderer/client/topics-by-table.ts';
import { domainRowSchemas } from '../../../src/shared/database/domain-tables.ts';

describe('asking again after a change', () => {
  it('asks at once for what is answered quickly', () => {
    expect(computeRestMs({ durationMs: 20, endedAtMs: 1_000 }, 1_001)).toBe(0);
  });

  it('leaves a long answer alone for a while that grows with it, and not for ever', () => {
    expect(computeRestMs({ durationMs: 300, endedAtMs: 1_000 }, 1_000)).toBe(1_200);
    expect(computeRestMs({ durationMs: 300, endedAtMs: 1_000 }, 2_300)).toBe(0);
    expect(computeRestMs({ durationMs: 60_000, endedAtMs: 1_000 }, 1_000)).toBe(3_000);
  });

  it('fetches what shows a table, and nothing else', () => {
    expect(listTopicsOf(['invitations']).has('tasks')).toBe(false);
    expect(listTopicsOf(['receipts']).has('tasks')).toBe(false);
    expect(listTopicsOf(['timeEntries', 'invitations']).has('hours')).toBe(true);
    expect(listTopicsOf([])).toEqual(new Set());
  });

  it('fetches everything for what waits, whose marks stand everywhere, and for an unknown table', () => {
    expect(listTopicsOf(['outbox'])).toEqual(new Set(dataTopics));
    expect(listTopicsOf(['a table of tomorrow'])).toEqual(new Set(dataTopics));
  });

  it('knows a screen for every table', () => {
    for (const table of Object.keys(domainRowSchemas))
      expect([table, listTopicsOf([table]).size > 0]).toEqual([table, true]);
  });
});
