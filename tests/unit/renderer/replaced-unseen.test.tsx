import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ReplacedUnseen } from '../../../src/renderer/features/projects/replaced-unseen.tsx';
import type { ReplacedInTemplate } from '../../../src/shared/contract/project-shapes.ts';

const render = (...replaced: Pick<ReplacedInTemplate, 'field' | 'value'>[]): string =>
  renderToStaticMarkup(
    <ReplacedUnseen
      replaced={replaced.map((each) => ({
        ...each,
        replacedBy: 'Mara',
        replacedAt: '2026-03-02T09:00:00.000Z',
      }))}
      onTakeUp={() => undefined}
    />,
  );

test('what was replaced unseen in a template is named with who replaced it, and can be put back', () => {
  const html = render(
    { field: 'dueDays', value: 1 },
    { field: 'estimateMinutes', value: 90 },
    { field: 'instructions', value: '' },
  );
  expect(html).toContain('Due, replaced by <bdi>Mara</bdi>:');
  expect(html).toContain('1 day after the begin');
  expect(html).toContain('Put it back: Estimate, 1h 30m');
  expect(html).toContain('Put it back: Instructions, none');
});

test('a template in which nobody replaced anything says nothing', () => {
  expect(render()).toBe('');
});
