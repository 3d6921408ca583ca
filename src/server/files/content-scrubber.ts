import { computeIsoInstant } from '../../shared/ports.ts';
import { compareColumns } from '../database/compare-columns.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { runExclusively } from '../processes/run-exclusively.ts';
import { findBlobSha256 } from './blob-hash.ts';
import type { BlobStore } from './blob-store.ts';
import { computeContentLock } from './content-lock.ts';

/** Each content is read once in this time by a server that runs. */
const scrubbedEveryMs = 30 * 24 * 3_600_000;
const pageRows = 100;

export interface DamagedContent {
  readonly orgId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly reason: 'missing' | 'changed';
}

export interface Scrub {
  readonly contents: number;
  readonly bytes: number;
  /** Found by this scrub. */
  readonly damaged: readonly DamagedContent[];
  /** All that wait for a device to give them again, those found before among them. */
  readonly awaited: number;
}

export interface ContentScrubber {
  /**
   * Reads contents, those that were read longest ago first, and compares each with its hash. What is damaged is set
   * aside, so that nobody gets it, and asked for again from every device that may have it.
   * @throws the reason of the link's `ending`, once the process is to end.
   */
  scrub(scope: { readonly everything: boolean; readonly maximumBytes?: number }): Promise<Scrub>;
  /** Looks at one content that somebody found damaged or missing. @returns whether it is sound after all. */
  examine(orgId: string, sha256: string): Promise<boolean>;
}

export function createContentScrubber(dependencies: {
  readonly database: ServerDatabase;
  readonly link: ProcessLink;
  readonly ports: Pick<ServerPorts, 'clock' | 'timers'>;
  readonly blobs: BlobStore;
  /** Called for each that was found; says so to those who may have it. */
  readonly onDamaged?: (damaged: DamagedContent) => void;
  readonly onScrubbed?: (sizeBytes: number) => void;
}): ContentScrubber {
  const { database, link, ports, blobs, onDamaged, onScrubbed } = dependencies;
  const now = (): string => computeIsoInstant(ports.clock.nowMs());
  const examining = new Map<string, Promise<DamagedContent | undefined>>();

  /** Once at a time for each content, however many ask. */
  function examineOnce(orgId: string, sha256: string): Promise<DamagedContent | undefined> {
    const key = computeContentLock({ orgId, sha256 });
    const running = examining.get(key);
    if (running !== undefined) return running;
    const started = examineOne(orgId, sha256).finally(() => examining.delete(key));
    examining.set(key, started);
    return started;
  }

  async function examineOne(orgId: string, sha256: string): Promise<DamagedContent | undefined> {
    const found = await findBlobSha256(blobs, orgId, sha256, link.ending);
    if (found === sha256) {
      await note(orgId, sha256, null);
      return undefined;
    }
    return await runExclusively(
      link,
      ports.timers,
      computeContentLock({ orgId, sha256 }),
      async (assertHeld) => {
        const entry = await database.db
          .selectFrom('contents')
          .select(['sizeBytes', 'damagedAt'])
          .where('orgId', '=', orgId)
          .where('sha256', '=', sha256)
          .executeTakeFirst();
        // Collected, or never there.
        if (entry === undefined) return undefined;
        // A sound one may have come while this one was read.
        const foundNow = await findBlobSha256(blobs, orgId, sha256, link.ending);
        if (foundNow === sha256) {
          await note(orgId, sha256, null);
          return undefined;
        }
        const reason =
          (await blobs.findSizeBytes(orgId, sha256)) === undefined ? 'missing' : 'changed';
        await assertHeld();
        if (reason === 'changed') await blobs.setAside(orgId, sha256);
        await note(orgId, sha256, entry.damagedAt ?? now());
        const damaged = { orgId, sha256, sizeBytes: entry.sizeBytes, reason } as const;
        if (entry.damagedAt === null) onDamaged?.(damaged);
        return damaged;
      },
    );
  }

  async function note(orgId: string, sha256: string, damagedAt: string | null): Promise<void> {
    await database.db
      .updateTable('contents')
      .set({ damagedAt, checkedAt: now() })
      .where('orgId', '=', orgId)
      .where('sha256', '=', sha256)
      .execute();
  }

  return {
    async examine(orgId, sha256) {
      return (await examineOnce(orgId, sha256)) === undefined;
    },
    async scrub({ everything, maximumBytes = Number.POSITIVE_INFINITY }) {
      // What a power cut took from its place, and a journal has still, is not damaged.
      await blobs.settle().catch(() => undefined);
      const damaged: DamagedContent[] = [];
      const limit = computeIsoInstant(ports.clock.nowMs() - scrubbedEveryMs);
      let [contents, bytes] = [0, 0];
      let last: ContentKey | undefined;
      while (bytes < maximumBytes) {
        const page = everything ? await loadAfter(database, last) : await loadDue(database, limit);
        last = page.at(-1);
        if (last === undefined) break;
        for (const { orgId, sha256, sizeBytes } of page) {
          link.ending.throwIfAborted();
          const found = await examineOnce(orgId, sha256);
          if (found !== undefined) damaged.push(found);
          contents += 1;
          bytes += sizeBytes;
          onScrubbed?.(sizeBytes);
          if (bytes >= maximumBytes) break;
        }
      }
      const awaited = await database.db
        .selectFrom('contents')
        .select((row) => row.fn.countAll().as('count'))
        .where('damagedAt', 'is not', null)
        .executeTakeFirstOrThrow();
      return { contents, bytes, damaged, awaited: Number(awaited.count) };
    },
  };
}

interface ContentKey {
  readonly orgId: string;
  readonly sha256: string;
}

const contentColumns = ['orgId', 'sha256', 'sizeBytes'] as const;

/** Those never read, then those read longest ago; what has just been read is in no later page. */
async function loadDue({ db }: ServerDatabase, limit: string) {
  const contents = db.selectFrom('contents').select(contentColumns).limit(pageRows);
  const unread = await contents.where('checkedAt', 'is', null).execute();
  if (unread.length > 0) return unread;
  return await contents.where('checkedAt', '<', limit).orderBy('checkedAt').execute();
}

/** All of them, in the order of their keys. */
async function loadAfter({ db }: ServerDatabase, last: ContentKey | undefined) {
  return await db
    .selectFrom('contents')
    .select(contentColumns)
    .where(compareColumns(['orgId', 'sha256'], '>', [last?.orgId ?? '', last?.sha256 ?? '']))
    .orderBy('orgId')
    .orderBy('sha256')
    .limit(pageRows)
    .execute();
}
