import { useCallback, useState } from 'react';

const toStorageKey = (key: string) => `stint.form.${key}`;

function read<Value extends object>(key: string | undefined, initial: Value): Value {
  if (key === undefined) return initial;
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(toStorageKey(key)) ?? 'null');
    // What JSON cannot hold, such as an empty number field, comes back as null: begin that one anew.
    if (typeof kept === 'object' && kept !== null)
      return {
        ...initial,
        ...Object.fromEntries(Object.entries(kept).filter(([, part]) => part !== null)),
      };
  } catch {
    // Not readable: begin anew.
  }
  return initial;
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
        if (key !== undefined) sessionStorage.setItem(toStorageKey(key), JSON.stringify(after));
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
