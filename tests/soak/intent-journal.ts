import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * What a simulated person writes down outside the app: before they act, what they mean to do; afterwards, what the
 * app said. `text` is a text that nothing else holds, so that the change can be found again wherever it went.
 */
export type JournalLine =
  | {
      readonly kind: 'meant';
      readonly text: string;
      readonly mutation: string;
      readonly seconds?: number;
    }
  /** The app said that it is saved. */
  | { readonly kind: 'saved'; readonly text: string; readonly mutation: string }
  /** The app said no, with this code. */
  | {
      readonly kind: 'refused';
      readonly text: string;
      readonly mutation: string;
      readonly code: string;
    };

export interface Intent {
  readonly text: string;
  readonly mutation: string;
  readonly seconds: number;
  /** `unknown`: the program was killed before it said anything. */
  readonly answer: 'saved' | 'refused' | 'unknown';
}

/** Each line is on the disk before `append` returns, whatever happens to the program. */
export class IntentJournal {
  readonly #file: number;

  constructor(filePath: string) {
    this.#file = openSync(filePath, 'a', 0o600);
  }

  append(line: JournalLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

export function loadIntents(filePath: string): Intent[] {
  if (!existsSync(filePath)) return [];
  const intents = new Map<string, Intent>();
  for (const text of readFileSync(filePath, 'utf8').split('\n').filter(Boolean)) {
    const line = JSON.parse(text) as JournalLine;
    const key = `${line.mutation} ${line.text}`;
    const known = intents.get(key);
    if (line.kind === 'meant')
      intents.set(key, {
        text: line.text,
        mutation: line.mutation,
        seconds: line.seconds ?? 0,
        answer: 'unknown',
      });
    else if (known !== undefined) intents.set(key, { ...known, answer: line.kind });
  }
  return [...intents.values()];
}
