import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { InvitationTerms } from '../../../src/renderer/features/start/invitation-terms.tsx';
import type { RequestOutput } from '../../../src/shared/contract/contract.ts';

type Found = RequestOutput<'setup.inspectInvitation'>;
type Agreement = NonNullable<Found['invitation']['agreement']>;

const terms = {
  title: 'Harbour cafés',
  brief: 'Count the guests.',
  category: 'research',
  hourBudgetMinutes: 1200,
  pay: { kind: 'fixed', amountMinor: 48_000, currency: 'EUR' },
  startsOn: '2026-03-02',
  endsOn: '2026-03-30',
  timeZone: 'Europe/Berlin',
} as const;

const agreement: Agreement = {
  ...terms,
  format: 'stint-agreement-1',
  categoryName: null,
  graceMinutes: 120,
  latePolicy: 'Say so the day before.',
  roundsIncluded: 2,
  rubric: [
    { id: 'sources', text: 'Sources', points: 1 },
    { id: 'wording', text: 'Wording', points: 3 },
  ],
  rounding: null,
};

/** What is read, without its markup. */
const read = (changes: Partial<Agreement>): string =>
  renderToStaticMarkup(
    <InvitationTerms
      serverUrl="https://stint.example"
      invitation={{
        organizationName: 'Tidewater',
        role: 'intern',
        invitedName: 'Ida',
        invitedBy: 'Olga',
        expiresAt: '2026-03-01T09:00:00.000Z',
        project: { ...terms },
        agreement: { ...agreement, ...changes },
      }}
    />,
  ).replaceAll(/<[^>]*>/gu, ' ');

test('whoever is invited reads before joining how late their work may arrive, as it is agreed by that', () => {
  expect(read({})).toMatch(/Grace after deadlines\s+2h, for work finished in time/u);
  expect(read({ graceMinutes: 0 })).toMatch(/Grace after deadlines\s+None/u);
});

test('what a line of the rubric is worth is said in points', () => {
  expect(read({})).toContain('Sources (1 point), Wording (3 points)');
});
