import type { Seat } from '../seats/seat.ts';
import type { Workspace } from '../engine/workspace.ts';

/** After this long without a word, what follows is another version. */
const pauseMs = 5 * 60_000;
/** A stretch ends after this long even without a pause. */
const longestMs = 15 * 60_000;
/** Who takes out as much at once may want it back. */
const largeCut = 200;

interface Stretch {
  readonly versionId: string;
  readonly baseVersionId: string | null;
  readonly beganMs: number;
  lastMs: number;
  lastNote: string;
}

/** By seat: the tasks whose notes are being written. A program that starts anew begins anew. */
const stretches = new WeakMap<Seat, Map<string, Stretch>>();

export interface NoteWriting {
  readonly versionId: string;
  readonly baseVersionId: string | null;
}

/**
 * Which version of the note a text belongs to. Each keystroke is saved; a version is what one sat down to write:
 * a pause, a large cut, or a text that came from another device begins the next.
 */
export async function continueStretch(
  workspace: Workspace,
  seat: Seat,
  taskId: string,
  note: string,
  options: { readonly startsAnew?: boolean } = {},
): Promise<NoteWriting> {
  const ofSeat = stretches.get(seat) ?? new Map<string, Stretch>();
  stretches.set(seat, ofSeat);
  const draft = await seat.db
    .selectFrom('drafts')
    .select(['note', 'noteVersionId'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  const nowMs = workspace.ports.clock.monotonicMs();
  const current = ofSeat.get(taskId);
  const goesOn =
    current !== undefined &&
    options.startsAnew !== true &&
    draft?.noteVersionId === current.versionId &&
    draft.note === current.lastNote &&
    nowMs - current.lastMs < pauseMs &&
    nowMs - current.beganMs < longestMs &&
    current.lastNote.length - note.length < largeCut;
  const stretch: Stretch = goesOn
    ? current
    : {
        versionId: workspace.ports.randomness.uuid(),
        baseVersionId: draft?.noteVersionId ?? null,
        beganMs: nowMs,
        lastMs: nowMs,
        lastNote: note,
      };
  stretch.lastMs = nowMs;
  stretch.lastNote = note;
  ofSeat.set(taskId, stretch);
  return { versionId: stretch.versionId, baseVersionId: stretch.baseVersionId };
}
