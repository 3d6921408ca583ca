import { useEffect, useRef, useState, type RefObject } from 'react';

/** After an attempt to send a form that was not complete, the focus goes to the first field at fault. */
export function useFirstInvalid(): {
  readonly formRef: RefObject<HTMLFormElement | null>;
  readonly focusFirstInvalid: () => void;
} {
  const formRef = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts === 0) return;
    formRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  return { formRef, focusFirstInvalid: () => setAttempts((count) => count + 1) };
}
