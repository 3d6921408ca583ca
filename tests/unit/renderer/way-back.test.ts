import { beforeEach, describe, expect, test } from 'vitest';

import { WayBack } from '../../../src/renderer/features/hours/calendar/way-back.ts';

describe('the way back from a change', () => {
  let wayBack: WayBack;
  let takenBack: string[];
  const note = (name: string) => () => takenBack.push(name);

  beforeEach(() => {
    wayBack = new WayBack();
    takenBack = [];
  });

  test('leads back once, by the key or by the message', () => {
    const change = wayBack.begin();
    expect(change.answer(note('split'))).toBe(true);
    wayBack.undo();
    wayBack.undo();
    change.takeBack();
    expect(takenBack).toEqual(['split']);
  });

  test('what is known before the answer is taken back at once, and not offered when the answer comes', () => {
    const change = wayBack.begin(note('move'));
    wayBack.undo();
    expect(takenBack).toEqual(['move']);
    expect(change.answer(note('move, after the answer'))).toBe(false);
    expect(takenBack).toEqual(['move']);
  });

  test('what needs the answer is taken back as soon as it is there', () => {
    const change = wayBack.begin();
    wayBack.undo();
    wayBack.undo();
    expect(takenBack).toEqual([]);
    expect(change.answer(note('split'))).toBe(false);
    expect(takenBack).toEqual(['split']);
  });

  test('never leads to the change before one that is not answered yet', () => {
    wayBack.begin().answer(note('first'));
    wayBack.begin();
    wayBack.undo();
    expect(takenBack).toEqual([]);
  });

  test('a change that was refused is not taken back', () => {
    const refused = wayBack.begin(note('refused'));
    wayBack.drop(refused);
    wayBack.undo();
    expect(takenBack).toEqual([]);
  });

  test('a refusal that comes late leaves the way back from a newer change', () => {
    const refused = wayBack.begin(note('refused'));
    wayBack.begin(note('newer'));
    wayBack.drop(refused);
    wayBack.undo();
    expect(takenBack).toEqual(['newer']);
  });
});
