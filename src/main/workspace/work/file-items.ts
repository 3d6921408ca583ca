import type { FileItem } from '../../../shared/contract/shapes.ts';
import type { Workspace } from '../engine/workspace.ts';
import { loadKeptFiles } from '../files/kept-contents.ts';
import type { Seat } from '../seats/seat.ts';

/** A use of a file's content, as an attachment's row has it. */
export interface FileUse {
  readonly attachmentId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly sha256: string;
  readonly arrivedAt: string | null;
}

/**
 * Says of each file where it is: looks once per content whether it lies on this computer, and what is
 * moving now. For one task's or submission's files, not for long lists of tasks.
 */
export class FileLocator {
  readonly #workspace: Workspace;
  readonly #moving: ReadonlyMap<string, { movedBytes: number; direction: 'up' | 'down' }>;
  readonly #here = new Map<string, Promise<boolean>>();
  readonly #seat: Seat;
  #pinned: Promise<Map<string, boolean>> | undefined;

  constructor(workspace: Workspace, seat: Seat) {
    this.#workspace = workspace;
    this.#seat = seat;
    this.#moving = new Map(
      workspace.sync
        .listTransfers(seat.record.seatId)
        .map(({ sha256, movedBytes, direction }) => [sha256, { movedBytes, direction }]),
    );
  }

  async locate(use: FileUse): Promise<FileItem> {
    const { arrivedAt, ...content } = use;
    const moving = this.#moving.get(use.sha256);
    this.#pinned ??= loadKeptFiles(this.#seat);
    return {
      ...content,
      isHere: await this.#isHere(use.sha256),
      isOnServer: arrivedAt !== null,
      isPinned: (await this.#pinned).get(use.attachmentId) ?? null,
      movedBytes: moving?.movedBytes ?? null,
      direction: moving?.direction ?? null,
    };
  }

  async locateAll(uses: readonly FileUse[]): Promise<FileItem[]> {
    return Promise.all(uses.map((use) => this.locate(use)));
  }

  #isHere(sha256: string): Promise<boolean> {
    const known = this.#here.get(sha256);
    if (known !== undefined) return known;
    const asked = this.#workspace.files.has(sha256);
    this.#here.set(sha256, asked);
    return asked;
  }
}

/**
 * The files that are attached to a task or its draft and not removed, in the order in which they came; those of a draft
 * in that in which they were chosen, which their ids hold: a small one is there before a large one that stands above it.
 */
export async function loadAttachedFiles(
  seat: Seat,
  owner: { readonly kind: 'task' | 'draft'; readonly taskId: string },
): Promise<FileUse[]> {
  return seat.db
    .selectFrom('attachments')
    .select(['id as attachmentId', 'name', 'sizeBytes', 'mediaType', 'sha256', 'arrivedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('ownerId', '=', owner.taskId)
    .where('ownerKind', '=', owner.kind)
    .where('removedAt', 'is', null)
    .$if(owner.kind === 'task', (query) => query.orderBy('createdAt'))
    .orderBy('id')
    .execute();
}

/** One file as it is after a change. */
export async function getAttachedFile(
  workspace: Workspace,
  seat: Seat,
  attachmentId: string,
): Promise<FileItem> {
  const use = await seat.db
    .selectFrom('attachments')
    .select(['id as attachmentId', 'name', 'sizeBytes', 'mediaType', 'sha256', 'arrivedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', attachmentId)
    .executeTakeFirstOrThrow();
  return new FileLocator(workspace, seat).locate(use);
}
