import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';

import { AtOnce, Later } from '../../../src/renderer/ui/later.tsx';

const screen = (
  <>
    <h1>Acts</h1>
    <Later placeholder={<i>place</i>}>
      <p>filter</p>
    </Later>
  </>
);

test('what may come later leaves its place to something else in the first drawing of a screen', () => {
  expect(renderToStaticMarkup(screen)).toBe('<h1>Acts</h1><i>place</i>');
});

test('what nobody waits for is drawn whole', () => {
  expect(renderToStaticMarkup(<AtOnce>{screen}</AtOnce>)).toBe('<h1>Acts</h1><p>filter</p>');
});
