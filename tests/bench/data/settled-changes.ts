import { createHash } from 'node:crypto';
import type {
  OutboxRow,
  OutboxStateRow,
  OutboxTouchRow,
} from '../../../src/main/workspace/database/seat-tables.ts';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { instantOf, minuteMs } from './generated-row.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface SettledChange {
  readonly outbox: OutboxRow;
  readonly state: OutboxStateRow;
  readonly touches: readonly OutboxTouchRow[];
}

export interface ChangedTask {
  readonly taskId: string;
  readonly title: string;
}

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * What this device sent in the past three months and the server has answered (SY-3 keeps it), each row
 * with the hash of the one before. Endless: the reader takes as many as it wants.
 */
export function* generateSettledChanges(
  random: SeededRandom,
  tasks: readonly ChangedTask[],
  { role, beganMs }: { readonly role: 'owner' | 'intern'; readonly beganMs: number },
): Generator<SettledChange, never> {
  let previousHash = '';
  for (let deviceSeq = 1; ; deviceSeq += 1) {
    const claimedMs = beganMs + deviceSeq * minuteMs;
    const { taskId, title } = random.pick(tasks);
    const id = random.uuid(claimedMs);
    const argsJson = computeCanonicalJson({
      taskId,
      note: `Line ${deviceSeq} of what was found so far, with its source.`,
    });
    const content = {
      deviceSeq,
      id,
      name: role === 'intern' ? 'draft.writeNote' : 'task.edit',
      version: 1,
      argsJson,
      argsHash: sha256Hex(argsJson),
      previousHash,
      claimedAt: instantOf(claimedMs),
      bootId: random.uuid(beganMs),
      monotonicMs: deviceSeq * 1000,
      baseSeq: deviceSeq,
    };
    const outbox = {
      ...content,
      anchorJson: null,
      rowHash: sha256Hex(computeCanonicalJson(content)),
    };
    previousHash = outbox.rowHash;
    yield {
      outbox,
      state: {
        mutationId: id,
        deviceSeq,
        state: 'settled',
        subject: title,
        seq: deviceSeq,
        code: null,
        message: null,
        field: null,
        answeredAt: instantOf(claimedMs + 1000),
        replayProblem: null,
        acknowledgedSeq: null,
      },
      touches: [
        { mutationId: id, tableName: 'tasks', rowId: taskId, creates: 0 },
        {
          mutationId: id,
          tableName: role === 'intern' ? 'drafts' : 'fieldEdits',
          rowId: taskId,
          creates: deviceSeq % 5 === 0 ? 1 : 0,
        },
      ],
    };
  }
}
