import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BundleJobs } from '../../../src/main/workspace/bundles/bundle-jobs.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { wholeBundle } from '../../../src/shared/domain/bundle-options.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
} from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const name = 'spring-market-research-ines-carvalho-2026-03-11.zip';

interface Opened {
  readonly fixture: EngagementFixture;
  readonly seatId: string;
  readonly open: () => BundleJobs;
  /** Ends the waits for room. */
  readonly passTime: () => void;
}

async function openFixture(): Promise<Opened> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  await fixture.submit(1, [{ name: 'a.bin', content: 'a'.repeat(30_000_000) }]);
  const waits: (() => void)[] = [];
  const { seat } = fixture;
  const workspace = {
    ...fixture.workspace,
    emit: () => {},
    seats: { find: () => seat, list: () => [seat] },
    ports: {
      ...fixture.workspace.ports,
      timers: {
        after: (_delayMs: number, action: () => void) => {
          waits.push(action);
          return () => {};
        },
      },
    },
  } as unknown as EngagementFixture['workspace'];
  return {
    fixture,
    seatId: seat.record.seatId,
    open: () => new BundleJobs(workspace),
    passTime: () => {
      for (const wait of waits.splice(0)) wait();
    },
  };
}

const listKinds = (jobs: BundleJobs, seatId: string): string[] =>
  jobs.list(seatId).map(({ state }) => state.kind);

describe('an export in the background', () => {
  test('ends with its bundle, and is put down in the history with its hash', async () => {
    const { fixture, seatId, open } = await openFixture();
    const jobs = open();
    await jobs.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(() => expect(listKinds(jobs, seatId)).toEqual(['done']), { timeout: 10_000 });
    const [job] = jobs.list(seatId);
    const rows = await fixture.seat.db.selectFrom('bundleExports').selectAll().execute();
    expect(rows).toEqual([
      expect.objectContaining({
        scope: 'desk',
        fileName: name,
        exportedBy: fixture.seat.record.membershipId,
        engagementIdsJson: JSON.stringify([engagementId]),
        sha256: job?.state.kind === 'done' ? job.state.sha256 : 'none',
      }),
    ]);
    expect(await fixture.workspace.db.selectFrom('bundleJobs').selectAll().execute()).toEqual([]);
  });

  test('waits while the disk is full, and is done when there is room (Linux: /dev/full)', async ({
    skip,
  }) => {
    skip(process.platform !== 'linux', '/dev/full is a device of Linux alone');
    const { fixture, seatId, open, passTime } = await openFixture();
    const folder = fixture.workspace.exportsFolder;
    await mkdir(folder, { recursive: true });
    await symlink('/dev/full', join(folder, `${name}.part`));
    const jobs = open();
    await jobs.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(() => expect(listKinds(jobs, seatId)).toEqual(['waiting_for_room']), {
      timeout: 10_000,
    });
    expect(await readdir(folder)).toEqual([]);
    passTime();
    await vi.waitFor(() => expect(listKinds(jobs, seatId)).toEqual(['done']), {
      timeout: 10_000,
    });
    expect((await verifyBundle(join(folder, name))).isWhole).toBe(true);
  });

  test('is closed while a file is fetched for it that does not come', async () => {
    const { fixture, seatId, open } = await openFixture();
    const { workspace } = fixture;
    const [sha256 = ''] = await workspace.files.listHashes();
    await rm(workspace.files.path(sha256));
    const asked = Promise.withResolvers<void>();
    workspace.sync.fetchFile = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const jobs = open();
    await jobs.begin(seatId, [engagementId], wholeBundle);
    await asked.promise;
    await jobs.close();
    expect(await workspace.db.selectFrom('bundleJobs').selectAll().execute()).toHaveLength(1);
  });

  test('keeps no other one waiting where its end could not be noted', async () => {
    const { fixture, seatId, open } = await openFixture();
    const { connection } = fixture.workspace.opened;
    connection.exec(`create temp trigger "kept" before delete on "main"."bundleJobs"
      begin select raise(abort, 'the disk is full'); end`);
    const jobs = open();
    await jobs.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(() => expect(listKinds(jobs, seatId)).toEqual(['done']), { timeout: 10_000 });
    connection.exec('drop trigger "kept"');
    await jobs.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(() => expect(listKinds(jobs, seatId)).toEqual(['done', 'done']), {
      timeout: 10_000,
    });
    await jobs.close();
  });

  test('closed in the middle goes on when the workspace is opened again; cancelled it leaves nothing', async () => {
    const { fixture, seatId, open } = await openFixture();
    const folder = fixture.workspace.exportsFolder;
    const first = open();
    await first.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(
      () => {
        const [job] = first.list(seatId);
        expect(job?.state.kind === 'running' && job.state.doneBytes > 0).toBe(true);
      },
      { timeout: 10_000, interval: 1 },
    );
    await first.close();
    expect(await readdir(folder)).toEqual([`${name}.part`]);
    const second = open();
    await second.recover();
    await vi.waitFor(() => expect(listKinds(second, seatId)).toEqual(['done']), {
      timeout: 10_000,
    });
    expect((await verifyBundle(join(folder, name))).isWhole).toBe(true);
    const whole = await readFile(join(folder, name));
    await rm(join(folder, name));

    const jobId = await second.begin(seatId, [engagementId], wholeBundle);
    await second.end(seatId, jobId);
    await second.close();
    expect((await readdir(folder)).filter((each) => each.endsWith('.part'))).toEqual([]);
    expect(second.list(seatId).map((job) => job.jobId)).not.toContain(jobId);
    expect(whole.byteLength).toBeGreaterThan(30_000_000);
    expect(await fixture.workspace.db.selectFrom('bundleJobs').selectAll().execute()).toEqual([]);
  });

  test('paused in the middle rests over a restart, goes on from there, and leaves nothing when it is ended instead', async () => {
    const { fixture, seatId, open } = await openFixture();
    const folder = fixture.workspace.exportsFolder;
    const first = open();
    const jobId = await first.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(
      () => {
        const [job] = first.list(seatId);
        expect(job?.state.kind === 'running' && job.state.doneBytes > 0).toBe(true);
      },
      { timeout: 10_000, interval: 1 },
    );
    await first.pause(seatId, jobId);
    await first.close();
    expect(listKinds(first, seatId)).toEqual(['paused']);
    expect(await readdir(folder)).toEqual([`${name}.part`]);

    const second = open();
    await second.recover();
    expect(listKinds(second, seatId)).toEqual(['paused']);
    await second.resume(seatId, jobId);
    await vi.waitFor(() => expect(listKinds(second, seatId)).toEqual(['done']), {
      timeout: 10_000,
    });
    expect((await verifyBundle(join(folder, name))).isWhole).toBe(true);
    await rm(join(folder, name));

    const other = await second.begin(seatId, [engagementId], wholeBundle);
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([`${name}.part`]), {
      timeout: 10_000,
      interval: 1,
    });
    await second.pause(seatId, other);
    await second.end(seatId, other);
    expect(await readdir(folder)).toEqual([]);
    await second.close();
  });
});
