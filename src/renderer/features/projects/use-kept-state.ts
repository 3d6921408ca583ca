import { useCallback, useState } from 'react';
import { computeKeptText, parseKeptText } from './kept-text.ts';

const toStorageKey = (key: string) => `stint.form.${key}`;

function read<Value extends object>(
  key: string | undefined,
  initial: Value,
  reopen: (kept: Value) => Value,
): Value {
  const kept =
    key === undefined ? undefined : parseKeptText(sessionStorage.getItem(toStorageKey(key)));
  return kept === undefined ? initial : reopen({ ...initial, ...kept });
}

/**
 * What stands in a form, kept for the session: looking something up elsewhere and coming back loses
 * nothing. Without a key nothing is kept.
 *
 * @param reopen makes of what was kept what is to stand in the form by now.
 */
export function useKeptState<Value extends object>(
  key: string | undefined,
  initial: () => Value,
  reopen: (kept: Value) => Value = (kept) => kept,
): readonly [Value, (patch: Partial<Value>) => void] {
  const [value, setValue] = useState(() => read(key, initial(), reopen));
  const change = useCallback(
    (patch: Partial<Value>) =>
      setValue((before) => {
        const after = { ...before, ...patch };
        if (key !== undefined) sessionStorage.setItem(toStorageKey(key), computeKeptText(after));
        return after;
      }),
    [key],
  );
  return [value, change];
}

/** Once the form was sent, or left on purpose. */
export function forgetKept(key: string): void {
  sessionStorage.removeItem(toStorageKey(key));
}
