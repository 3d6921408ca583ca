import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ReplacedUnseen } from '../../../src/renderer/features/projects/replaced-unseen.tsx';
import type { ReplacedInTemplate } from '../../../src/shared/contract/project-shapes.ts';

type Replaced = Pick<ReplacedInTemplate, 'field' | 'value'> & { readonly replacedBy?: string };

const render = (...replaced: Replaced[]): string =>
  renderToStaticMarkup(
    <ReplacedUnseen
      replaced={replaced.map((each) => ({
        replacedBy: 'Mara',
        ...each,
        replacedAt: '2026-03-02T09:00:00.000Z',
      }))}
      written={{ title: '', instructions: '', estimateMinutes: null, dueDays: 7, dueTime: '17:00' }}
      onWrite={() => undefined}
    />,
  );

test('what was replaced unseen in a template is named with who replaced it, and can be put back', () => {
  const html = render(
    { field: 'dueDays', value: 1 },
    { field: 'estimateMinutes', value: 90 },
    { field: 'instructions', value: '' },
  );
  expect(html.replaceAll(/[\u2066-\u2069]/gu, '')).toContain(
    'Mara replaced this without having seen it',
  );
  expect(html).toContain('1 day after the start');
  expect(html).toContain('Put it back: Estimate, 1h 30m');
  expect(html).toContain('Put it back: Instructions, none');
  expect(html).not.toContain('replaced by');
});

test('what several people replaced unseen is told with the name of each', () => {
  const html = render(
    { field: 'title', value: 'Greet them', replacedBy: 'Bea' },
    { field: 'dueTime', value: '12:00' },
  );
  expect(html).toContain('replaced by <bdi>Bea</bdi>');
  expect(html).toContain('replaced by <bdi>Mara</bdi>');
});

test('the fields stand in the order of the form, and a long text is not the name of its button', () => {
  const html = render(
    { field: 'estimateMinutes', value: 90 },
    { field: 'instructions', value: 'Write to them. '.repeat(100) },
    { field: 'title', value: 'Greet them' },
  );
  const names = [...html.matchAll(/aria-label="Put it back: (\w+), ([^"]*)"/gu)];
  expect(names.map(([, field]) => field)).toEqual(['Title', 'Instructions', 'Estimate']);
  expect(names[1]?.[2]?.length).toBeLessThan(70);
});

test('a template in which nobody replaced anything says nothing', () => {
  expect(render()).toBe('');
});
