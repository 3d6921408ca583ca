import { useCallback, useState } from 'react';
import { computeKeptText, parseKeptText } from './kept-text.ts';

const toStorageKey = (key: string) => `stint.form.${key}`;

function read<Value extends object>(key: string | undefined, initial: Value): Value {
  if (key === undefined) return initial;
  return { ...initial, ...parseKeptText(sessionStorage.getItem(toStorageKey(key))) };
}

/**
 * What stands in a form, kept for the session: looking something up elsewhere and coming back loses
 * nothing. Without a key nothing is kept.
 */
export function useKeptState<Value extends object>(
  key: string | undefined,
  initial: () => Value,
): readonly [Value, (patch: Partial<Value>) => void] {
  const [value, setValue] = useState(() => read(key, initial()));
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
