import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { computeVerdict } from '../../../src/shared/domain/verdict.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
  firstTaskId,
  fixedId,
  internId,
  receiptKeyId,
  scope,
} from '../../support/bundles/engagement-fixture.ts';
import {
  changeDocument,
  forge,
  getSubmission,
  isDocument,
  repack,
} from '../../support/bundles/repack-bundle.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

async function openFixture(): Promise<EngagementFixture> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  return fixture;
}

/** A bundle of one submission with one file, `a.txt`, and one reference. */
async function exportOne(): Promise<string> {
  const fixture = await openFixture();
  await fixture.addReference({ name: 'template.txt', content: 'the template' });
  await fixture.submit(1, [{ name: 'a.txt', content: 'the real work' }]);
  return (await exportBundle(fixture.workspace, fixture.seat, [engagementId])).path;
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
