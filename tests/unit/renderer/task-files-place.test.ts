import { expect, test, vi } from 'vitest';
import { describeWhere } from '../../../src/renderer/features/tasks/task-files-place.tsx';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

test('one file alone is not “all” of the files on this computer', () => {
  expect(describeWhere({ files: 1, filesHere: 1 })).toBe('The file is here');
  expect(describeWhere({ files: 1, filesHere: 0 })).toBe('0 of 1 file is here');
  expect(describeWhere({ files: 3, filesHere: 3 })).toBe('All 3 files are here');
  expect(describeWhere({ files: 1200, filesHere: 1100 })).toBe('1,100 of 1,200 files are here');
});
