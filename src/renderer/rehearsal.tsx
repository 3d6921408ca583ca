import { Activity, startTransition, useEffect, useState, type ReactNode } from 'react';
import type { Query } from '@tanstack/react-query';
import { createPortal } from 'react-dom';
import { Router, type BaseLocationHook } from 'wouter';
import { queries } from './client/queries.ts';
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { readyFonts } from './ready-fonts.ts';
import { rehearsedMark } from './rehearsed-mark.ts';
import { AtOnce } from './ui/later.tsx';
import { whenIdle } from './when-idle.ts';

/** What was asked for shows what else is to be asked for; then all of it is there. */
const maximumPasses = 3;
/** A screen that waits for something else is left. */
const longestWaitMs = 3000;

interface Pass {
  readonly path: string;
  readonly number: number;
  readonly onDrawn: () => void;
}

/**
 * Draws the places that somebody may go to next, once each and never to be seen, when the page has nothing else to do: the
 * first time that a screen's code runs takes two to three times as long as the second, and what it asks for is there then. They
 * are drawn apart from the document and without their effects (react.dev/reference/react/Activity), in pieces that give way
 * to whatever a person does. `children` draws the place at the address that it finds.
 */
export function Rehearsal({
  paths,
  children,
}: {
  readonly paths: readonly string[];
  readonly children: ReactNode;
}) {
  const [pass, setPass] = useState<Pass>();
  const [stage] = useState(() => document.createElement('div'));
  useEffect(() => {
    const ending = new AbortController();
    const draw = (path: string, number: number): Promise<void> =>
      new Promise((resolve) => {
        setTimeout(resolve, longestWaitMs);
        startTransition(() => setPass({ path, number, onDrawn: resolve }));
      });
    void rehearse(paths, draw, ending.signal).then(() => {
      if (ending.signal.aborted) return;
      setPass(undefined);
      performance.mark(rehearsedMark);
    });
    return () => ending.abort();
  }, [paths]);
  if (pass === undefined) return null;
  return (
    <Activity mode="hidden">
      {createPortal(
        <Router key={`${pass.path} ${pass.number}`} hook={createFixedLocation(pass.path)}>
          <ErrorBoundary>
            <AtOnce>{children}</AtOnce>
          </ErrorBoundary>
          <Drawn onDrawn={pass.onDrawn} />
        </Router>,
        stage,
      )}
    </Activity>
  );
}

const hooks = new Map<string, BaseLocationHook>();

/** The same one for each path: another would be another router. */
function createFixedLocation(path: string): BaseLocationHook {
  const known = hooks.get(path);
  if (known !== undefined) return known;
  const hook: BaseLocationHook = () => [path, () => {}];
  hooks.set(path, hook);
  return hook;
}

/** Drawn after the screen before it. No effect could tell: these do not run. */
function Drawn({ onDrawn }: { readonly onDrawn: () => void }) {
  queueMicrotask(onDrawn);
  return null;
}

async function rehearse(
  paths: readonly string[],
  draw: (path: string, number: number) => Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  await readyFonts(ending);
  for (const path of paths)
    for (let number = 1; number <= maximumPasses; number += 1) {
      await whenIdle();
      if (ending.aborted) return;
      await draw(path, number);
      const unasked = queries.getQueryCache().findAll({ predicate: isUnasked });
      if (unasked.length === 0) break;
      // One after the other: what somebody asks for meanwhile waits for one of them at most.
      for (const query of unasked) {
        await whenIdle();
        if (ending.aborted) return;
        if (isUnasked(query)) await query.fetch().catch(() => {});
      }
    }
}

/** Whether a screen that was drawn asks for it, and nobody has yet. */
function isUnasked(query: Query): boolean {
  return (
    query.state.data === undefined &&
    query.state.error === null &&
    query.state.fetchStatus === 'idle' &&
    query.getObserversCount() === 0 &&
    !('enabled' in query.options && query.options.enabled === false) &&
    typeof query.options.queryFn === 'function'
  );
}
