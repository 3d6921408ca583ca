/** Something that was asked for, from that moment on. */
export class TakenBackOnce {
  #takeBack: (() => void) | undefined;
  #isAsked = false;

  /** `takeBack` where it is known before the answer how to. */
  constructor(takeBack?: () => void) {
    this.#takeBack = takeBack;
  }

  /** Takes it back, once; where that needs the answer, as soon as it is there. */
  takeBack(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#takeBack?.();
  }

  /** Its answer is there, and with it how to take it back. Whether it still stands, so that this can be offered. */
  answer(takeBack: () => void): boolean {
    if (this.#isAsked && this.#takeBack === undefined) takeBack();
    this.#takeBack ??= takeBack;
    return !this.#isAsked;
  }
}

/** The way back from the last change. It leads back before the answer as well: never to the change before it instead. */
export class WayBack {
  #last: TakenBackOnce | undefined;

  begin(takeBack?: () => void): TakenBackOnce {
    this.#last = new TakenBackOnce(takeBack);
    return this.#last;
  }

  /** It was refused: nothing is to be taken back. */
  drop(change: TakenBackOnce): void {
    if (this.#last === change) this.#last = undefined;
  }

  /** Takes the last change back, once. */
  undo(): void {
    this.#last?.takeBack();
    this.#last = undefined;
  }
}
