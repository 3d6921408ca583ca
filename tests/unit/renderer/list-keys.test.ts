import { describe, expect, it } from 'vitest';
import { isolate } from '../../../src/shared/domain/isolate.ts';
import { computeTarget, createTextFinder } from '../../../src/renderer/ui/list-keys.ts';

const extent = { count: 20, pageRows: 8 };

describe('the keys of a list', () => {
  it('lead from row to row and stop at the ends', () => {
    expect(computeTarget('ArrowDown', 3, extent)).toBe(4);
    expect(computeTarget('ArrowDown', 19, extent)).toBe(19);
    expect(computeTarget('ArrowUp', 0, extent)).toBe(0);
    expect(computeTarget('Home', 7, extent)).toBe(0);
    expect(computeTarget('End', 7, extent)).toBe(19);
  });

  it('move by pages, and no further than there are rows', () => {
    expect(computeTarget('PageDown', 3, extent)).toBe(11);
    expect(computeTarget('PageDown', 15, extent)).toBe(19);
    expect(computeTarget('PageUp', 3, extent)).toBe(0);
  });

  it('leave other keys alone', () => {
    expect(computeTarget('Tab', 3, extent)).toBeUndefined();
  });
});

describe('a search by typing', () => {
  it('finds a name that is written from right to left by its first letter', () => {
    const names = ['Banner', isolate('סקר מחירים')];
    expect(createTextFinder()('ס', 0, 0, 2, (index) => names[index] ?? '')).toBe(1);
  });

  const texts = ['Banner', 'Article', 'Brief', 'Budget'];
  const getText = (index: number) => texts[index] ?? '';

  it('goes to the next row that begins so, and round', () => {
    const find = createTextFinder();
    expect(find('b', 0, 0, 4, getText)).toBe(2);
    expect(find('b', 5_000, 3, 4, getText)).toBe(0);
  });

  it('takes letters without a pause together', () => {
    const find = createTextFinder();
    expect(find('b', 0, 0, 4, getText)).toBe(2);
    expect(find('u', 100, 2, 4, getText)).toBe(3);
  });

  it('finds nothing where nothing begins so', () => {
    expect(createTextFinder()('x', 0, 0, 4, getText)).toBeUndefined();
  });
});
