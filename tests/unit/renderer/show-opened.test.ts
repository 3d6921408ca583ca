import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showOpened } from '../../../src/renderer/frame/show-opened.ts';
import type { ToastMessage } from '../../../src/renderer/ui/toast.tsx';

const shown = vi.hoisted((): ToastMessage[] => []);
vi.mock('../../../src/renderer/ui/toast.tsx', () => ({
  showToast: (message: ToastMessage) => void shown.push(message),
}));

class FakeElement {
  isContentEditable = false;
  readonly #isField: boolean;

  constructor(isField: boolean) {
    this.#isField = isField;
  }

  closest(): FakeElement | null {
    return this.#isField ? this : null;
  }
}

let visited: string[];
const navigate = (path: string) => void visited.push(path);

beforeEach(() => {
  visited = [];
  shown.length = 0;
  vi.stubGlobal('HTMLElement', FakeElement);
});
afterEach(() => void vi.unstubAllGlobals());

function stubPage(page: { readonly isInField: boolean; readonly hasDialog: boolean }): void {
  vi.stubGlobal('document', {
    activeElement: new FakeElement(page.isInField),
    querySelector: () => (page.hasDialog ? new FakeElement(false) : null),
  });
}

test('a link that was opened elsewhere is shown at once to somebody who only reads', () => {
  stubPage({ isInField: false, hasDialog: false });
  showOpened('/join?link=a', navigate);
  expect(visited).toEqual(['/join?link=a']);
  expect(shown).toEqual([]);
});

test.each([
  ['writes', { isInField: true, hasDialog: false }, '/join?link=a', 'An invitation was opened'],
  ['has a dialog open', { isInField: false, hasDialog: true }, '/opened/7', 'A bundle was opened'],
])('somebody who %s is asked first', (_, page, path, title) => {
  stubPage(page);
  showOpened(path, navigate);
  expect(visited).toEqual([]);
  expect(shown.map((message) => message.title)).toEqual([title]);
  shown[0]?.action?.onPress();
  expect(visited).toEqual([path]);
});
