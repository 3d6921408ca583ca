import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { computeProjectTerms } from '../../../src/shared/mutations/project-terms-mutations.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { wholeBundle } from '../../../src/shared/domain/bundle-options.ts';
import { computeErasedEmail, erasedName } from '../../../src/shared/domain/erasure.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
  firstTaskId,
  fixedId,
  internId,
  orgId,
  scope,
} from '../../support/bundles/engagement-fixture.ts';
import { readArchive } from '../../support/bundles/read-archive.ts';
import { getSubmission, readDocument } from '../../support/bundles/repack-bundle.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

async function openFixture(): Promise<EngagementFixture> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  return fixture;
}

describe('what is chosen for a bundle', () => {
  test('accepted revisions only: the others, their files, receipts and reviews are not in it', async () => {
    const fixture = await openFixture();
    const dropped = await fixture.submit(1, [{ name: 'first.txt', content: 'first' }]);
    const kept = await fixture.submit(2, [{ name: 'second.txt', content: 'second' }]);
    for (const [id, submissionId] of [
      [600, dropped],
      [601, kept],
    ] as const)
      await fixture.insert('timesheets', {
        id: fixedId(id),
        scope,
        engagementId,
        membershipId: internId,
        kind: 'work',
        startsOn: '2026-03-08',
        endsOn: '2026-03-08',
        zone: 'Europe/Berlin',
        startsAt: null,
        endsAt: null,
        taskId: firstTaskId,
        submissionId,
        note: '',
        roundingMinutes: null,
        roundingMode: null,
        roundingPer: null,
        state: 'submitted',
        submittedAt: '2026-03-11T10:00:00.000Z',
        decidedBy: null,
        decidedAt: null,
        decisionNote: null,
        contentHash: null,
      });
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
      ...wholeBundle,
      revisions: 'accepted',
    });
    const entries = await readArchive(path);
    for (const [name, content] of entries) expect(content.includes(dropped), name).toBe(false);
    expect([...entries.keys()].filter((name) => name.includes('revision-1'))).toEqual([]);
    expect([...entries.keys()].some((name) => name.endsWith('revision-2/files/second.txt'))).toBe(
      true,
    );
    const document = readDocument(entries);
    expect(document.contents.revisions).toBe('accepted');
    expect(document.timesheets.map(({ submissionId }) => submissionId)).toEqual([null, kept]);
    // The state is the task's, whatever is shown of it.
    expect(document.tasks[0]?.state).toBe('accepted');
    expect((await verifyBundle(path)).isWhole).toBe(true);
  });

  test('single submissions, without hours: no time stands anywhere in it', async () => {
    const fixture = await openFixture();
    const first = await fixture.submit(1, [{ name: 'first.txt', content: 'first' }]);
    await fixture.submit(2, [{ name: 'second.txt', content: 'second' }]);
    await fixture.addTime({
      id: 61,
      startedAt: '2026-03-08T09:00:00.000Z',
      endedAt: '2026-03-08T10:11:12.000Z',
      note: 'Private reading',
    });
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
      ...wholeBundle,
      submissionIds: [first],
      hours: false,
    });
    const entries = await readArchive(path);
    const document = readDocument(entries);
    expect(document.tasks[0]?.submissions.map(({ revision }) => revision)).toEqual([1]);
    expect(document.totals).toBeNull();
    expect([...entries.keys()].filter((name) => name.endsWith('timesheet.csv'))).toEqual([]);
    for (const [name, content] of entries) {
      expect(content.includes('Private reading'), name).toBe(false);
      expect(content.includes('1 h 11 min'), name).toBe(false);
    }
  });

  test('names redacted: no name and no address in any text or path; a receipt that names somebody says so', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'prices.txt', content: 'contents stay' }], {
      note: 'Dear Annika,\nhere it is.\nInês (ines@example.org)',
    });
    await fixture.submit(2, [{ name: 'CV of Inês Carvalho.txt', content: 'cv' }]);
    await fixture.addTime({
      id: 61,
      startedAt: '2026-03-08T09:00:00.000Z',
      endedAt: '2026-03-08T10:00:01.000Z',
      note: 'Call with Frau Brüggemann',
    });
    const written = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
      ...wholeBundle,
      redactsNames: true,
    });
    expect(written.fileName).toBe('spring-market-research-intern-1-2026-03-12.zip');
    const entries = await readArchive(written.path);
    for (const [name, content] of entries) {
      if (name.includes('/files/')) continue;
      for (const word of ['Inês', 'Carvalho', 'Annika', 'Brüggemann', 'annika@', 'ines@'])
        expect(`${name}\n${content.toString('utf8')}`.includes(word), `${word} in ${name}`).toBe(
          false,
        );
    }
    const document = readDocument(entries);
    const [first, second] = document.tasks[0]?.submissions ?? [];
    expect(first?.note).toBe('Dear Employer 1,\nhere it is.\nIntern 1 (intern-1@redacted.invalid)');
    expect(second?.files[0]?.name).toBe('CV of Intern 1.txt');
    expect(document.timeEntries[0]?.note).toBe('Call with Frau Employer 1');
    expect(first?.receipt?.signature).not.toBeNull();
    expect(second?.receipt).toMatchObject({
      statementJson: null,
      signature: null,
      statementSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(second?.receipt?.statement.files[0]?.name).toBe('CV of Intern 1.txt');
    const verdict = await verifyBundle(written.path);
    expect(verdict.problems).toEqual([]);
    expect(verdict.receipts).toMatchObject({ valid: 1, redacted: [fixedId(202)] });
  });

  test('the project’s terms are those that were agreed, whatever it says by now, with names or without', async () => {
    const fixture = await openFixture();
    const { db } = fixture.seat;
    const project = await db.selectFrom('projects').selectAll().executeTakeFirstOrThrow();
    await db
      .updateTable('engagements')
      .set({
        agreementJson: computeCanonicalJson({
          format: 'stint-agreement-1',
          ...computeProjectTerms(project),
          pay: { kind: 'fixed', amountMinor: 42_000, currency: 'RON' },
          rounding: { minutes: 15, mode: 'up', per: 'day' },
        }),
      })
      .execute();
    await db
      .updateTable('projects')
      .set({ brief: 'Another one.', graceMinutes: 0, latePolicy: '', roundsIncluded: 0 })
      .execute();
    // Someone who is called like a currency and like what hours are rounded by.
    await db
      .updateTable('memberships')
      .set({ displayName: 'Ron Day' })
      .where('role', '!=', 'intern')
      .execute();
    for (const redactsNames of [false, true]) {
      const written = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
        ...wholeBundle,
        redactsNames,
      });
      const { project: bundled, engagement } = readDocument(await readArchive(written.path));
      expect(bundled).toMatchObject({
        brief: project.brief,
        graceMinutes: 120,
        latePolicy: 'Tell me before.',
        roundsIncluded: 2,
        pay: { currency: 'RON' },
      });
      expect(engagement.agreement).toMatchObject({ rounding: { mode: 'up', per: 'day' } });
    }
  });

  test('names redacted: files that are called alike then stay two, and whole', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [
      { name: 'InêsCarvalho_CV.pdf', content: 'first' },
      { name: 'ine\u0302s_carvalho_CV.pdf', content: 'second' },
    ]);
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
      ...wholeBundle,
      redactsNames: true,
    });
    const entries = await readArchive(path);
    const paths = getSubmission(readDocument(entries)).files.map((file) => file.path);
    expect(paths).toEqual([
      expect.stringMatching(/files\/Intern 1_CV\.pdf$/),
      expect.stringMatching(/files\/Intern 1_CV \(2\)\.pdf$/),
    ]);
    expect((await verifyBundle(path)).isWhole).toBe(true);
  });

  test('names redacted: neither the archive nor its top folder is called by somebody whom the project is named after', async () => {
    const fixture = await openFixture();
    await fixture.seat.db
      .updateTable('projects')
      .set({ title: 'Website of Annika Brüggemann' })
      .execute();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    const { fileName, path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
      ...wholeBundle,
      redactsNames: true,
    });
    expect(fileName).toBe('website-of-employer-1-intern-1-2026-03-11.zip');
    for (const name of (await readArchive(path)).keys())
      expect(name).toMatch(/^website-of-employer-1-intern-1-2026-03-11\//);
  });

  test('names redacted: what stands for an erased person is no name, and its words stay words', async () => {
    const fixture = await openFixture();
    await fixture.insert('memberships', {
      id: fixedId(90),
      scope: `member:${fixedId(90)}`,
      accountId: fixedId(90),
      role: 'intern',
      displayName: erasedName,
      email: computeErasedEmail(fixedId(90)),
      timeZone: 'UTC',
      status: 'removed',
      joinedAt: '2026-02-01T08:00:00.000Z',
      erasedAt: '2026-02-02T08:00:00.000Z',
      erasureAskedAt: null,
    });
    await fixture.submit(1, [{ name: 'one-person-households.txt', content: 'x' }], {
      note: 'Asked one person per household; the board was erased.',
    });
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
      ...wholeBundle,
      redactsNames: true,
    });
    const submission = getSubmission(readDocument(await readArchive(path)));
    expect(submission.note).toBe('Asked one person per household; the board was erased.');
    expect(submission.files[0]?.name).toBe('one-person-households.txt');
    expect(submission.receipt?.signature).not.toBeNull();
  });

  test('several engagements: a folder each, one first page, all receipts checked', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    const second = fixedId(44);
    const row = await fixture.seat.db
      .selectFrom('engagements')
      .selectAll()
      .where('id', '=', engagementId)
      .executeTakeFirstOrThrow();
    const { orgId: _orgId, ...engagement } = row;
    await fixture.insert('engagements', {
      ...engagement,
      id: second,
      scope: `engagement:${second}`,
      membershipId: null,
      invitedName: 'Tariq Osei',
    });
    const { path, fileName } = await exportBundle(fixture.workspace, fixture.seat, [
      engagementId,
      second,
    ]);
    expect(fileName).toBe('spring-market-research-2026-03-11.zip');
    const names = [...(await readArchive(path)).keys()].map((name) => name.replace(/^[^/]+\//, ''));
    expect(names).toContain('data/report/index.html');
    expect(names).toContain('data/engagements/01 Inês Carvalho/engagement.json');
    expect(names).toContain('data/engagements/02 Tariq Osei/engagement.json');
    expect(await verifyBundle(path)).toMatchObject({ isWhole: true, receipts: { valid: 1 } });
    expect(orgId).toBe(row.orgId);
  });
});

describe('an export that ends before its time', () => {
  test('goes on where a kill left it, and trusts nothing of what it finds', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [
      { name: 'a.bin', content: 'a'.repeat(6_000_000) },
      { name: 'b.bin', content: 'b'.repeat(300_000) },
    ]);
    const whole = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    const bytes = await readFile(whole.path);
    const part = join(fixture.workspace.exportsFolder, `${whole.fileName}.part`);
    for (const { left, resumed } of [
      { left: bytes.subarray(0, 5_000_000), resumed: 4_000_000 },
      {
        left: Buffer.concat([bytes.subarray(0, 3_000_000), Buffer.alloc(2_000_000)]),
        resumed: 1_900_000,
      },
      { left: Buffer.concat([bytes, Buffer.from('more')]), resumed: bytes.byteLength - 100_000 },
      { left: Buffer.alloc(0), resumed: 0 },
    ]) {
      await mkdir(fixture.workspace.exportsFolder, { recursive: true });
      await writeFile(part, left);
      const again = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
      expect(again.sha256).toBe(whole.sha256);
      expect(again.resumedBytes).toBeGreaterThanOrEqual(resumed);
      expect((await readFile(again.path)).equals(bytes)).toBe(true);
    }
  });

  test('is cancelled without leaving anything', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'a.bin', content: 'a'.repeat(6_000_000) }]);
    const stop = new AbortController();
    const phases = new Set<string>();
    await expect(
      exportBundle(fixture.workspace, fixture.seat, [engagementId], wholeBundle, {
        signal: stop.signal,
        onProgress: ({ phase, doneBytes }) => {
          phases.add(phase);
          if (doneBytes > 2_000_000) stop.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect([...phases]).toEqual(['writing']);
    expect(await fixture.workspace.db.selectFrom('exports').selectAll().execute()).toEqual([]);
  });
});
