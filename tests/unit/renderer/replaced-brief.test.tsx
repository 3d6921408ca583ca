import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { ReplacedBrief } from '../../../src/renderer/features/projects/replaced-brief.tsx';
import type { TaskDetails } from '../../../src/renderer/features/projects/task-dialog.tsx';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

const createVersion = (version: number) => ({ version, instructions: '', criteria: [] });

const render = (
  state: TaskDetails['item']['state'],
  replacedBrief: unknown = {
    before: createVersion(1),
    theirs: createVersion(2),
    writtenBy: 'Olga',
    replacedBy: 'Mara',
  },
): string => {
  const task = { item: { state }, brief: createVersion(3), replacedBrief };
  return renderToStaticMarkup(<ReplacedBrief task={task as unknown as TaskDetails} />);
};

test('a brief that leaves out what another manager wrote says so, with a way to put both together', () => {
  const html = render('to_do');
  expect(html).toContain('Version 3 leaves out what version 2 changed');
  expect(html).toContain('<bdi>Mara</bdi> had not seen version 2 by <bdi>Olga</bdi>');
  expect(html).toContain('Put both together…');
});

test('nothing is said where nothing is left out, or nothing is left to do', () => {
  expect(render('to_do', null)).toBe('');
  expect(render('accepted')).toBe('');
  expect(render('cancelled')).toBe('');
});
