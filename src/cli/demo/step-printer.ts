import { printLine } from '../print.ts';

/** Prints each step of the demo with the time it took. */
export class StepPrinter {
  #number = 0;
  readonly #startedMs = performance.now();

  async run<Result>(
    title: string,
    step: () => Promise<Result>,
    describe: (result: Result) => string = () => '',
  ): Promise<Result> {
    this.#number += 1;
    const startMs = performance.now();
    try {
      const result = await step();
      this.#print(title, startMs, describe(result));
      return result;
    } catch (error) {
      this.#print(title, startMs, 'failed');
      throw error;
    }
  }

  computeTotalMs(): number {
    return Math.round(performance.now() - this.#startedMs);
  }

  #print(title: string, startMs: number, note: string): void {
    const ms = Math.round(performance.now() - startMs);
    const number = String(this.#number).padStart(2);
    printLine(
      `${number}. ${title.padEnd(58)} ${String(ms).padStart(6)} ms${note === '' ? '' : `  ${note}`}`,
    );
  }
}
