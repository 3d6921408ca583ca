import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { computeBagEntries } from '../../../src/main/workspace/bundles/bag.ts';
import { writeArchive } from '../../../src/main/workspace/bundles/archive-writer.ts';
import { engagementDocumentSchema } from '../../../src/shared/bundle/engagement-document.ts';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { computeProjectTerms } from '../../../src/shared/mutations/project-terms-mutations.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { wholeBundle } from '../../../src/shared/domain/bundle-options.ts';
import { computeErasedEmail, erasedName } from '../../../src/shared/domain/erasure.ts';
import { computeVerdict } from '../../../src/shared/domain/verdict.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
  firstTaskId,
  fixedId,
  internId,
  orgId,
  receiptKeyId,
  scope,
} from '../../support/bundles/engagement-fixture.ts';
import { readArchive } from '../../support/bundles/read-archive.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

async function openFixture(): Promise<EngagementFixture> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  return fixture;
}

function readDocument(entries: ReadonlyMap<string, Buffer>) {
  const [, content] = [...entries].find(([name]) => name.endsWith('/data/engagement.json')) ?? [];
  return engagementDocumentSchema.parse(JSON.parse(content?.toString('utf8') ?? ''));
}

type Document = ReturnType<typeof readDocument>;

/** The same bag with some contents changed and all its manifests made anew: only the signatures can tell. */
async function repack(
  path: string,
  change: (inside: string, content: Buffer) => Buffer,
  agent = 'Stint',
): Promise<string> {
  const entries = await readArchive(path);
  const payload = [...entries].flatMap(([name, content]) => {
    const [, inside] = /^[^/]+\/data\/(.+)$/.exec(name) ?? [];
    return inside === undefined ? [] : [{ path: inside, content: change(inside, content) }];
  });
  const forged = `${path}.forged.zip`;
  await writeArchive(
    forged,
    computeBagEntries('forged', payload, [['Bag-Software-Agent', agent]]),
    '2026-03-12',
  );
  return forged;
}

const isDocument = (inside: string): boolean => inside.endsWith('engagement.json');

const changeDocument = (content: Buffer, change: (document: Document) => unknown): Buffer =>
  Buffer.from(JSON.stringify(change(JSON.parse(content.toString('utf8')) as Document)));

function forge(path: string, change: (document: Document) => unknown): Promise<string> {
  return repack(path, (inside, content) =>
    isDocument(inside) ? changeDocument(content, change) : content,
  );
}

/** A bundle of one submission with one file, `a.txt`, and one reference. */
async function exportOne(): Promise<string> {
  const fixture = await openFixture();
  await fixture.addReference({ name: 'template.txt', content: 'the template' });
  await fixture.submit(1, [{ name: 'a.txt', content: 'the real work' }]);
  return (await exportBundle(fixture.workspace, fixture.seat, [engagementId])).path;
}

function getSubmission({ tasks }: Document) {
  const submission = tasks[0]?.submissions[0];
  if (submission === undefined) throw new Error('expected a submission');
  return submission;
}

describe('verification of the receipts in a bundle', () => {
  test('finds every signature valid, and says by which key', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    await fixture.submit(2, [{ name: 'a.txt', content: 'b' }]);
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    const verdict = await verifyBundle(path, { trustedKeyId: receiptKeyId });
    expect(verdict.problems).toEqual([]);
    expect(verdict.receipts).toEqual({ valid: 2, redacted: [], keyIds: [receiptKeyId] });
    const other = await verifyBundle(path, { trustedKeyId: '0123456789abcdef' });
    expect(other.problems.map(({ code }) => code)).toEqual(['other_key']);
  });

  test('names the one receipt whose statement was changed, though every manifest fits', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    await fixture.submit(2, [{ name: 'a.txt', content: 'b' }]);
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    const forged = await forge(path, (document) => {
      const receipt = document.tasks[0]?.submissions[1]?.receipt;
      if (typeof receipt?.statementJson !== 'string') throw new Error('expected a receipt');
      receipt.statementJson = receipt.statementJson.replace('on_time', 'late');
      receipt.statement.verdict = 'late';
      return document;
    });
    const verdict = await verifyBundle(forged);
    expect([verdict.missing, verdict.changed, verdict.extra]).toEqual([[], [], []]);
    expect(verdict.problems).toEqual([
      expect.objectContaining({
        code: 'invalid_receipt',
        message: expect.stringContaining(
          `${fixedId(202)} of revision 2 is not signed by the server`,
        ),
      }),
    ]);
    expect(verdict.isWhole).toBe(false);
  });

  test('names a receipt that was put to another submission, and data that are not as the schema says', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    await fixture.submit(2, [{ name: 'a.txt', content: 'b' }]);
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    const moved = await forge(path, (document) => {
      const [first, second] = document.tasks[0]?.submissions ?? [];
      if (first === undefined || second === undefined) throw new Error('expected two');
      return {
        ...document,
        tasks: [
          { ...document.tasks[0], submissions: [first, { ...second, receipt: first.receipt }] },
        ],
      };
    });
    expect((await verifyBundle(moved)).problems.map(({ code }) => code)).toEqual([
      'invalid_receipt',
    ]);
    const broken = await forge(path, (document) => ({ ...document, newestAt: 'yesterday' }));
    expect((await verifyBundle(broken)).problems).toEqual([
      expect.objectContaining({
        code: 'schema_violation',
        message: expect.stringContaining('newestAt'),
      }),
    ]);
  });
});

describe('verification of what the receipts in a bundle stand with', () => {
  const fake = Buffer.from('somebody else’s work');
  const sha256 = createHash('sha256').update(fake).digest('hex');

  test('names a deliverable that was exchanged in the file and in the data', async () => {
    const forged = await repack(await exportOne(), (inside, content) => {
      if (inside.endsWith('files/a.txt')) return fake;
      if (!isDocument(inside)) return content;
      return changeDocument(content, (document) => {
        Object.assign(getSubmission(document).files[0] ?? {}, {
          sha256,
          sizeBytes: fake.byteLength,
        });
        return document;
      });
    });
    const verdict = await verifyBundle(forged, { trustedKeyId: receiptKeyId });
    expect(verdict).toMatchObject({ isWhole: false, receipts: { valid: 0 } });
    expect(verdict.problems).toEqual([
      expect.objectContaining({
        code: 'invalid_receipt',
        message: expect.stringMatching(/states otherwise than the submission .*: files$/),
      }),
    ]);
  });

  test.each(['files/a.txt', 'references/template.txt'])(
    'names the file %s that was exchanged alone',
    async (name) => {
      const forged = await repack(await exportOne(), (inside, content) =>
        inside.endsWith(name) ? fake : content,
      );
      const verdict = await verifyBundle(forged);
      expect(verdict.isWhole).toBe(false);
      expect(verdict.problems).toEqual([
        expect.objectContaining({
          code: 'other_content',
          message: expect.stringContaining(`has the SHA-256 ${sha256}`),
          path: expect.stringContaining(name),
        }),
      ]);
    },
  );

  test('names a file that the data place in the bundle, and that no manifest lists', async () => {
    const forged = await forge(await exportOne(), (document) => {
      const [file] = getSubmission(document).files;
      if (file !== undefined) file.path = '../../gone.txt';
      return document;
    });
    expect((await verifyBundle(forged)).problems).toEqual([
      expect.objectContaining({
        code: 'other_content',
        message: expect.stringContaining('is not there'),
      }),
    ]);
  });

  test('names what in a submission is not as it was signed', async () => {
    const path = await exportOne();
    for (const [name, changed] of [
      ['verdict', { verdict: 'late' }],
      ['receivedAt', { receivedAt: '2026-05-01T10:00:00.000Z' }],
      ['receivedAt', { receivedAt: null }],
      ['claimedAt', { claimedAt: '2026-03-01T10:00:00.000Z' }],
    ] as const) {
      const forged = await forge(path, (document) => {
        Object.assign(getSubmission(document), changed);
        return document;
      });
      const verdict = await verifyBundle(forged, { trustedKeyId: receiptKeyId });
      expect(verdict.isWhole).toBe(false);
      expect(verdict.problems[0]?.message).toMatch(
        new RegExp(`states otherwise than the submission .*: ${name}$`),
      );
    }
  });

  test('SY-18 names a submission whose verdict is said to be made from something else, and none that was decided on', async () => {
    const fixture = await openFixture();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    const { verdict, inputs } = computeVerdict({
      deadline: '2026-03-11T09:50:00.000Z',
      isSeenDeadline: false,
      graceMinutes: 60,
      receivedAt: '2026-03-11T10:00:05.000Z',
      claimedAt: '2026-03-11T10:00:00.000Z',
      anchor: null,
    });
    await fixture.signAgain(1, { format: 'stint-receipt-2', verdict, verdictInputs: inputs });
    await fixture.seat.db
      .updateTable('submissions')
      .set({
        verdict,
        verdictInputsJson: JSON.stringify(inputs),
        filesCompleteAt: '2026-03-12T10:00:00.000Z',
        decidedVerdict: 'on_time',
        decidedBy: internId,
        decidedAt: '2026-03-20T09:00:00.000Z',
        decisionReason: 'The power was out.',
      })
      .execute();
    await fixture.insert('extensions', {
      id: fixedId(500),
      scope,
      taskId: firstTaskId,
      days: 1,
      minutes: 0,
      reason: '',
      createdBy: internId,
      createdAt: '2026-03-21T08:00:00.000Z',
    });
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    expect(await verifyBundle(path, { trustedKeyId: receiptKeyId })).toMatchObject({
      problems: [],
      receipts: { valid: 1 },
    });
    const forged = await forge(path, (document) => {
      Object.assign(getSubmission(document).verdictInputs ?? {}, { graceMinutes: 0 });
      return document;
    });
    expect((await verifyBundle(forged)).problems[0]?.message).toMatch(/: verdictInputs$/);
  });

  test('checks the data in a bag that another program made, and takes no other file for them', async () => {
    const path = await exportOne();
    const same = (_inside: string, content: Buffer) => content;
    const bagged = await repack(path, same, 'Another program');
    expect(await verifyBundle(bagged, { trustedKeyId: receiptKeyId })).toMatchObject({
      isWhole: true,
      receipts: { valid: 1, keyIds: [receiptKeyId] },
    });
    const forged = await repack(
      path,
      (inside, content) =>
        isDocument(inside)
          ? Buffer.from(content.toString('utf8').replaceAll('on_time', 'late'))
          : content,
      'Another program',
    );
    const problems = (await verifyBundle(forged, { trustedKeyId: receiptKeyId })).problems;
    expect(problems.map(({ code }) => code)).toEqual(['invalid_receipt']);
    const unlike = await repack(
      path,
      (inside, content) => (isDocument(inside) ? Buffer.from('a book of engagements') : content),
      'Another program',
    );
    expect(await verifyBundle(unlike)).toMatchObject({ isWhole: true, receipts: { valid: 0 } });
    expect((await verifyBundle(unlike, { trustedKeyId: receiptKeyId })).problems).toEqual([
      expect.objectContaining({ code: 'other_key', message: expect.stringContaining('no data') }),
    ]);
    const keyless = await forge(path, ({ organization: _gone, ...rest }) => ({
      ...rest,
      version: 3,
    }));
    const ofKeyless = await verifyBundle(keyless, { trustedKeyId: receiptKeyId });
    expect(ofKeyless.problems.map(({ code }) => code)).toContain('other_key');
  });

  test('an older bundle, of data of version 1, is whole as it was', async () => {
    const older = await forge(await exportOne(), (document) => ({
      ...document,
      version: 1,
      tasks: document.tasks.map((task) => ({
        ...task,
        submissions: task.submissions.map(({ verdictInputs: _unknown, ...rest }) => rest),
      })),
    }));
    // Of another version the bundle's own schema speaks.
    const verdict = await verifyBundle(
      await repack(older, (inside, content) =>
        inside === 'engagement.schema.json' ? Buffer.from('{"type":"object"}') : content,
      ),
    );
    expect(verdict).toMatchObject({ isWhole: true, receipts: { valid: 1 } });
  });

  const choices = (['all', 'accepted', 'newest', 'chosen'] as const).flatMap((revisions) =>
    [false, true].map((redactsNames) => ({ revisions, redactsNames })),
  );
  test.each(choices)(
    'finds what was exported whole: $revisions revisions, names redacted: $redactsNames',
    async ({ revisions, redactsNames }) => {
      const fixture = await openFixture();
      await fixture.addReference({ name: 'Letter to Inês.txt', content: 'reference' });
      const names = ['a.txt', 'A.TXT', 'CON', 'Cafe\u0301 100%.txt', '../Inês.pdf', '\uD800.txt'];
      const first = await fixture.submit(
        1,
        names.map((name, index) => ({ name, content: `first ${index}` })),
        { note: 'Dear Annika \uD800' },
      );
      await fixture.submit(2, [
        { name: 'same.txt', content: 'same' },
        { name: 'same.txt', content: 'same' },
        { name: 'empty.txt', content: '' },
      ]);
      await fixture.submit(3, [{ name: 'gone.bin', content: 'gone' }], { keepsContents: false });
      const written = await exportBundle(fixture.workspace, fixture.seat, [engagementId], {
        revisions: revisions === 'chosen' ? 'all' : revisions,
        submissionIds: revisions === 'chosen' ? [first] : null,
        hours: !redactsNames,
        evaluations: redactsNames,
        redactsNames,
      });
      const verdict = await verifyBundle(written.path, { trustedKeyId: receiptKeyId });
      expect(verdict).toMatchObject({ isWhole: true, problems: [] });
      const namesSomebody = redactsNames && ['all', 'chosen'].includes(revisions);
      expect(verdict.receipts.redacted).toHaveLength(namesSomebody ? 1 : 0);
    },
  );
});

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
