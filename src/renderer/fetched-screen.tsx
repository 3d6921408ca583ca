import { lazy, useState, type ComponentType } from 'react';
import { whenIdle } from './when-idle.ts';

const ahead: (() => Promise<unknown>)[] = [];

/**
 * A screen from a file of its own. One that has come already is drawn at once: through `lazy` its stand-in would be drawn
 * first, and React keeps what it drew instead for 300 ms (`FALLBACK_THROTTLE_MS` of its reconciler).
 */
export function createFetchedScreen<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let come: ComponentType<Props> | undefined;
  const fetch = async () => {
    come = await load();
    return { default: come };
  };
  const Awaited = lazy(fetch);
  ahead.push(fetch);
  return function FetchedScreen(props: Props) {
    // The same one for as long as it is shown: another would begin anew.
    const [Screen] = useState<ComponentType<Props>>(() => come ?? Awaited);
    return <Screen {...props} />;
  };
}

/** Fetches the screens that were not opened yet, one at a time, when the page has nothing else to do. */
export async function fetchScreensAhead(): Promise<void> {
  for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
    await whenIdle();
    await next().catch(() => {});
  }
}
