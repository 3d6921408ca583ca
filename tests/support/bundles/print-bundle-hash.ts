// Exports the fixture's bundle into the folder given and prints the archive's hash: run in a process of
// its own, because a process has one time zone.
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { createEngagementFixture, engagementId } from './engagement-fixture.ts';

const [folder = ''] = process.argv.slice(2);
const fixture = await createEngagementFixture(folder);
await fixture.addReference({ name: 'guide & brief.pdf', content: 'guide' });
// The same letters in two forms, and such as other languages write large and small in another way.
await fixture.submit(1, [
  { name: 'r\u00e9sum\u00e9.md', content: 'first' },
  { name: 're\u0301sume\u0301.md', content: 'second' },
  { name: '\u0130STANBUL I.txt', content: 'third' },
  { name: 'istanbul \u0131.txt', content: 'fourth' },
  { name: '\u212bngstr\u00f6m.txt', content: 'fifth' },
]);
await fixture.addTime({
  id: 61,
  startedAt: '2026-03-08T09:00:00.000Z',
  endedAt: '2026-03-08T10:00:01.000Z',
  note: 'Read',
});
const { sha256 } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
await fixture.close();
process.stdout.write(sha256);
