import { expect, test } from 'vitest';
import { TransferControl } from '../../../../src/main/workspace/files/transfer-control.ts';
import { FakeMachine } from '../../../support/workspace/fake-machine.ts';

const settings = {
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  pauseOnMetered: 'auto',
  keepsDueOffline: true,
} as const;

test('files rest on a metered connection until a person lets them through, on that connection alone', () => {
  const control = new TransferControl(new FakeMachine('2026-03-02T09:00:00.000Z'));
  const seen: (string | null)[] = [];
  control.onChange(() => seen.push(control.pausedBecause));
  control.reportConnection(true);
  control.resume();
  control.reportConnection(false);
  control.reportConnection(true);
  expect(seen).toEqual(['metered', null, null, 'metered']);
});

test('files rest on every connection where the person wants that, and on none where they do not', () => {
  const control = new TransferControl(new FakeMachine('2026-03-02T09:00:00.000Z'));
  control.applySettings({ ...settings, pauseOnMetered: 'always' });
  expect(control.pausedBecause).toBe('metered');
  control.resume();
  expect(control.pausedBecause).toBeNull();
  control.reportConnection(true);
  control.applySettings({ ...settings, pauseOnMetered: 'never' });
  expect(control.pausedBecause).toBeNull();
  control.pause();
  expect(control.pausedBecause).toBe('person');
});
