import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { BriefDiff } from '../../../src/renderer/features/tasks/brief-change.tsx';
import type { Brief } from '../../../src/shared/contract/shapes.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

const one = { id: 'one', text: 'The sources are named' };
const two = { id: 'two', text: 'One page' };
const before: Brief = {
  briefVersionId: 'b',
  version: 1,
  instructions: 'Ask five people.',
  criteria: [one, two],
  createdAt: '2026-03-02T09:00:00.000Z',
};

const render = (after: Partial<Brief>): string =>
  renderToStaticMarkup(<BriefDiff before={before} after={{ ...before, ...after }} />);

test.each([{ instructions: 'Ask five people.\n\n' }, { criteria: [two, one] }])(
  'a new version of the brief with the words of the one before says so: %j',
  (after) => {
    const markup = render(after);
    expect(markup).toContain('No words changed');
    expect(markup).not.toContain('<li');
  },
);

test('a new version of the brief shows the words that changed', () => {
  const markup = render({ instructions: 'Ask five friends.' });
  expect(markup).toContain('friends');
  expect(markup).not.toContain('No words changed');
});
