import { useEffect, useRef, type RefObject } from 'react';

/** Each time the server refuses what a form holds, the focus goes to the first field at fault. */
export function useFocusAtFault(error: unknown): RefObject<HTMLFormElement | null> {
  const formRef = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error === null) return;
    formRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return formRef;
}
