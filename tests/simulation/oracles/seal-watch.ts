import type Database from 'better-sqlite3';
import type { TravellingAnswer, TravellingRequest } from '../network/simulated-network.ts';
import { people } from '../world/people.ts';
import type { DeviceSeat } from '../world/template.ts';

/** What somebody says in an evaluation: it names who says it, and its step. */
export const computeSealedWords = (step: number, person: string): string =>
  `sealed words ${step} of ${person}.`;

const sealedWords = /sealed words \d+ of (\w+)\./g;

/** An evaluation reaches nobody but the side that wrote it before it was opened: every answer is searched. */
export class SealWatch {
  readonly #seats: Readonly<Record<string, DeviceSeat>>;
  /** A server that was restored may have sealed again what had been read. */
  readonly #opened = new Set<string>();

  constructor(seats: Readonly<Record<string, DeviceSeat>>) {
    this.#seats = seats;
  }

  /** @returns what was found in words, or undefined where all is well. */
  findBroken(
    request: TravellingRequest,
    answer: TravellingAnswer,
    server: Database.Database | undefined,
  ): string | undefined {
    const body = Buffer.from(answer.body);
    if (server === undefined || !body.includes('sealed words')) return undefined;
    const reader = this.#seats[request.who];
    for (const [words, writer = ''] of body.toString('utf8').matchAll(sealedWords)) {
      const { role } = people.find(({ name }) => name === writer) ?? {};
      const isOwn =
        request.who.startsWith(`${writer}-`) || (role === 'owner' && reader?.role === role);
      if (isOwn || this.#isOpened(words, server)) continue;
      return `seal: ${request.who} was answered with "${words}" before it was opened (${request.method} ${request.path})`;
    }
    return undefined;
  }

  #isOpened(words: string, server: Database.Database): boolean {
    if (this.#opened.has(words)) return true;
    const row = server
      .prepare('select 1 from evaluations where openedAt is not null and instr(contentJson, ?) > 0')
      .get(words);
    if (row !== undefined) this.#opened.add(words);
    return row !== undefined;
  }
}
