import {
  createContext,
  startTransition,
  useContext,
  useDeferredValue,
  useEffect,
  useState,
  type ReactNode,
} from 'react';
import { whenIdle } from '../when-idle.ts';

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

/** Whether the page has been quiet since it was ready, so that something may be drawn that nobody looks at yet. */
export function useQuiet(isReady: boolean): boolean {
  const isAtOnce = useContext(IsAtOnce);
  const [isQuiet, setIsQuiet] = useState(isAtOnce);
  useEffect(() => {
    if (!isReady) return undefined;
    let isOver = false;
    void whenIdle().then(() => {
      if (!isOver) startTransition(() => setIsQuiet(true));
    });
    return () => {
      isOver = true;
    };
  }, [isReady]);
  return isQuiet;
}

/** What nobody sees before they scroll there: drawn when all that can be seen stands, and the page has nothing else to do. */
export function InQuiet({ children }: { readonly children: ReactNode }) {
  return useQuiet(true) ? children : null;
}
