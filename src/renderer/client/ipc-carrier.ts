import { readAnswer, RequestError, type Carrier } from './carrier.ts';

/** What the preload script puts on `window`, and nothing else. */
export interface PreloadBridge {
  readonly request: (name: string, input: unknown) => Promise<unknown>;
  readonly subscribe: (listener: (event: unknown) => void) => () => void;
}

declare global {
  interface Window {
    readonly stint?: PreloadBridge;
  }
}

/** The way to the desktop host. The process is the window's own, so it is there as long as the window. */
export function createIpcCarrier(bridge: PreloadBridge): Carrier {
  return {
    headers: {},
    async request(name, input) {
      let answer: unknown;
      try {
        answer = await bridge.request(name, input ?? {});
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'no reason given';
        throw new RequestError('internal', `The desktop app could not carry ${name}: ${reason}`);
      }
      return readAnswer(answer, name);
    },
    subscribe({ onEvent, onConnection }) {
      const end = bridge.subscribe(onEvent);
      onConnection('connected');
      return end;
    },
  };
}
