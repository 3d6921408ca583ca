import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { uuid } from '../../support/sync/test-installation.ts';

/** What the changes so far leave to the next one, kept here so that nobody has to look for it. */
export interface MadeBefore {
  /** The entry that was recorded last. */
  id: string;
  note: string;
  noteCount: number;
  /** The stretch of writing on the draft, as the workspace tells them apart, and the one before it. */
  versionId: string;
  baseVersionId: string | null;
}

export const createMadeBefore = (): MadeBefore => ({
  id: '',
  note: '',
  noteCount: 0,
  versionId: '',
  baseVersionId: null,
});

/** The draft is kept while it is written, so that a stretch of a few minutes comes to some twenty changes. */
const notesPerStretch = 20;

/**
 * The changes of an intern at work, in turns of ten: time recorded (five), an entry put right (two), a draft
 * written on (three). The same for each number, but for the ids.
 */
export async function makeChange(
  seat: Seat,
  taskId: string,
  number: number,
  last: MadeBefore,
): Promise<void> {
  const turn = number % 10;
  if (turn === 3 || turn === 6 || turn === 9) {
    if (last.noteCount % notesPerStretch === 0) {
      last.baseVersionId = last.versionId === '' ? null : last.versionId;
      last.versionId = uuid();
    }
    last.noteCount += 1;
    const { versionId, baseVersionId } = last;
    const note = `What was found so far, in ${number} lines, each with its source.`;
    await seat.mutate(
      'draft.writeNote',
      { taskId, note, versionId, baseVersionId },
      { subject: 'Draft' },
    );
    return;
  }
  const startedMs = Date.UTC(2026, 0, 5) + number * 60_000;
  const note = `Looked at shop ${number}.`;
  if (turn === 4 || turn === 8) {
    await seat.mutate(
      'time.edit',
      { timeEntryId: last.id, patch: { note }, seen: { note: last.note } },
      { subject: 'Time' },
    );
    last.note = note;
    return;
  }
  last.id = uuid();
  last.note = note;
  await seat.mutate(
    'time.add',
    {
      timeEntryId: last.id,
      taskId,
      startedAt: new Date(startedMs).toISOString(),
      endedAt: new Date(startedMs + 45_000).toISOString(),
      zone: 'Europe/Berlin',
      source: 'manual',
      note,
    },
    { subject: 'Time' },
  );
}
