import { createContext, useContext, useDeferredValue, type ReactNode } from 'react';

const IsAtOnce = createContext(false);

/** Everything below is drawn in one go: for what nobody waits for (`Rehearsal`). */
export function AtOnce({ children }: { readonly children: ReactNode }) {
  return <IsAtOnce value>{children}</IsAtOnce>;
}

export interface LaterProps {
  readonly children: ReactNode;
  /** What keeps the place until then, where what stands around it does not. */
  readonly placeholder?: ReactNode;
}

/**
 * What stands beside or below that for which somebody opens a screen: it is drawn, in pieces, once the rest is on the
 * screen, and then stays. Nothing else may move when it comes.
 */
export function Later({ children, placeholder = null }: LaterProps) {
  const isAtOnce = useContext(IsAtOnce);
  const isTime = useDeferredValue(true, isAtOnce);
  return isTime ? children : placeholder;
}
