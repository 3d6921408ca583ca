/**
 * What one action was last asked to do and has not been answered yet: a second press that comes before the screen shows
 * the first does not do the same thing twice. Something else may be asked for meanwhile.
 */
export class WaitingInput {
  #waiting: { readonly input: unknown; readonly text: string | undefined } | undefined;

  /** Notes that this is asked for; false where the same waits for its answer already. */
  begin(input: unknown): boolean {
    const text = JSON.stringify(input);
    if (this.#waiting !== undefined && this.#waiting.text === text) return false;
    this.#waiting = { input, text };
    return true;
  }

  /** Its answer is there, or its failure: the same may be asked for again. */
  end(input: unknown): void {
    if (this.#waiting?.input === input) this.#waiting = undefined;
  }
}
