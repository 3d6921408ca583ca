import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { whenIdle } from '../../../src/renderer/when-idle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('what waits for an idle page waits no longer than a second where the browser is never idle', async () => {
  // As the specification has it: w3.org/TR/requestidlecallback, section 4.1.
  vi.stubGlobal('requestIdleCallback', (run: () => void, options?: { timeout?: number }) => {
    if (options?.timeout !== undefined) setTimeout(run, options.timeout);
  });
  const settled = vi.fn<() => void>();
  void whenIdle().then(settled);
  await vi.advanceTimersByTimeAsync(999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toHaveBeenCalledOnce();
});
