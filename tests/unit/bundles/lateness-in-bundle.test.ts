import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { receiptStatementSchema } from '../../../src/shared/domain/receipt.ts';
import { computeVerdict } from '../../../src/shared/domain/verdict.ts';
import {
  computeEngagementJsonSchema,
  engagementDocumentSchema,
} from '../../../src/shared/bundle/engagement-document.ts';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
  fixedId,
  internId,
} from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const run = promisify(execFile);
const at = (time: string): string => `2026-03-11T${time}:00.000Z`;

const judged = computeVerdict({
  deadline: at('10:20'),
  isSeenDeadline: true,
  graceMinutes: 60,
  receivedAt: at('10:40'),
  claimedAt: at('10:00'),
  anchor: { at: at('09:00'), seq: 7, elapsedMs: 90 * 60_000, heldSince: at('08:50') },
});

async function openFixture(): Promise<EngagementFixture> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  await fixture.submit(1, [{ name: 'prices.csv', content: 'a,b\r\n' }]);
  return fixture;
}

async function readBundle(fixture: EngagementFixture) {
  const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
  const read = async (name: string) =>
    (await run('unzip', ['-p', path, `*/${name}`], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }))
      .stdout;
  const document = engagementDocumentSchema.parse(JSON.parse(await read('data/engagement.json')));
  return { document, report: await read('data/report/index.html') };
}

test('SY-18 a bundle says what the verdict was made from, what is proven and claimed, and what was decided', async () => {
  const fixture = await openFixture();
  const submission = await fixture.seat.db
    .updateTable('submissions')
    .set({
      verdict: judged.verdict,
      verdictInputsJson: JSON.stringify(judged.inputs),
      receivedAt: at('10:40'),
      decidedVerdict: 'on_time',
      decidedBy: internId,
      decidedAt: '2026-03-20T09:00:00.000Z',
      decisionReason: 'The <power> was out.',
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const receipt = await fixture.seat.db
    .selectFrom('receipts')
    .selectAll()
    .executeTakeFirstOrThrow();
  const first = receiptStatementSchema.parse(JSON.parse(receipt.statementJson));
  const statement = {
    ...first,
    format: 'stint-receipt-2',
    verdict: judged.verdict,
    verdictInputs: judged.inputs,
  };
  await fixture.seat.db
    .updateTable('receipts')
    .set({ statementJson: computeCanonicalJson(statement) })
    .execute();

  const { document, report } = await readBundle(fixture);
  const bundled = document.tasks[0]?.submissions[0];
  expect(bundled).toMatchObject({
    id: submission.id,
    verdict: 'clock_inconsistent',
    verdictInputs: judged.inputs,
    latenessDecision: {
      verdict: 'on_time',
      reason: 'The <power> was out.',
      decidedAt: '2026-03-20T09:00:00.000Z',
    },
    receipt: { statement: { format: 'stint-receipt-2', verdictInputs: judged.inputs } },
  });
  expect(document.newestAt).toBe('2026-03-20T09:00:00.000Z');
  expect(report).toMatch(/by the server\S+ clock: proven/u);
  expect(report).toMatch(/by the intern\S+ clock: claimed/u);
  expect(report).toContain('counts as on time');
  expect(report).toContain('The &lt;power&gt; was out.');
  expect(report).toContain('the one that the intern could see');
  expect(report).toContain('10 min behind the server');
});

test('SY-18 receipts of the first form are bundled as they were signed', async () => {
  const { document, report } = await readBundle(await openFixture());
  const bundled = document.tasks[0]?.submissions[0];
  expect(bundled).toMatchObject({
    verdict: 'on_time',
    verdictInputs: null,
    latenessDecision: null,
    receipt: { id: fixedId(201), statement: { format: 'stint-receipt-1' } },
  });
  expect(bundled?.receipt?.statementJson).toBe(
    computeCanonicalJson(bundled?.receipt?.statement ?? {}),
  );
  expect(report).not.toContain('Decision');
});

test('SY-18 the schema of a bundle describes both forms of receipts', () => {
  const schema = z.record(z.string(), z.unknown()).parse(computeEngagementJsonSchema());
  expect(JSON.stringify(schema)).toContain('stint-receipt-1');
  expect(JSON.stringify(schema)).toContain('stint-receipt-2');
});
