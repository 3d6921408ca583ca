import { createHash } from 'node:crypto';
import { computeCanonicalJson } from '../../../shared/canonical-json.ts';
import { erasedName } from '../../../shared/domain/erasure.ts';
import { computeMediaTypeByName } from '../files/media-type-by-name.ts';
import type { EngagementRows } from './load-engagement-rows.ts';

/** Columns that are not words of people: ids, moments, hashes, closed sets. Everything else is searched for names. */
const technicalColumns = new Set(
  `id orgId scope zone timeZone sha256 mediaType signature
  keyId receiptKeyId receiptPublicKey manifestHash contentHash confirmedHash role status
  state kind side proposedSide decision source ownerKind category
  payKind payCurrency verdict decidedVerdict roundingMode roundingPer wall startsOn
  endsOn format rule type conformsTo currency mode per`.split(/\s+/),
);

function isTechnical(column: string): boolean {
  return technicalColumns.has(column) || /(?:Id|At|By|Hash|Ids)$/.test(column);
}

/** Shorter parts of names are words as well, in characters: "de", "Li". */
const shortestPart = 3;

/** One keyboard has the one, another the other: in a name they are the same. */
const apostrophes = /['‘’ʼ＇`´]/gu;

/** What stands between the words of a name: "Jane Doe", "jane_doe", "Doe, Jane", "O’Brien". */
const separators = '[\\s\\p{P}ʼ`´]';

/** Words alone count, so that "Ana" is not found in "Analysis". Texts are searched in their composed form (NFC). */
const createPattern = (source: string, isCaseExact: boolean): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])${source}(?![\p{L}\p{N}])`, isCaseExact ? 'gu' : 'giu');

/**
 * Words between the parts of a name, which say nothing of anybody alone: "der" of "van der Berg". Of those that are shorter
 * than any part, too.
 */
const particles = new Set(
  `af al am auf aus av bin bint da dal dalla das de degli dei del della delle dem den der des di do dos du e el
  ibn la las le les los op ten ter the tot und van vom von y zu zum zur`.split(/\s+/),
);

/** What keyboards and programs write that lack a letter, beside the letter without its marks. */
const writtenAs: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  å: 'aa',
  ß: 'ss',
  ø: 'oe|o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
};

/** And the other way round, in a name that was written down on such a keyboard. */
const writtenFor: Readonly<Record<string, string>> = { ae: 'ä|æ', oe: 'ö|ø|œ', ue: 'ü', ss: 'ß' };

const ofWriting = /ae|oe|ue|ss|\P{M}\p{M}*/giu;

/** A name's word with and without the marks of its letters: "Müller", "Muller", "Mueller". Itself where it has one form. */
function computeFormsSource(word: string): string {
  return word.replaceAll(ofWriting, (found) => {
    const small = found.toLowerCase();
    const bare = found.normalize('NFD').replaceAll(/\p{M}/gu, '');
    const others = [writtenAs[small], writtenFor[small], bare === found ? undefined : bare]
      .filter((form) => form !== undefined)
      .map((form) => (found === small ? form : `${form}|${form.toUpperCase()}`));
    return others.length === 0 ? found : `(?:${[found, ...others].join('|')})`;
  });
}

const toCapitals = (word: string): string => word.toUpperCase();
const computeCapitalized = (words: readonly string[]): string[] =>
  words.map((word) => toCapitals(word.slice(0, 1)) + word.slice(1).toLowerCase());

/** Pairs of letters that may be written as one. */
const listDigraphs = (words: readonly string[]): string[] =>
  words.flatMap((word) => word.match(/ae|oe|ue|ss/giu) ?? []);

/** A name or an address as it is written. */
const computeLiteralSource = (text: string): string =>
  text
    .trim()
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replaceAll(/\s+/g, String.raw`\s+`)
    .replaceAll(apostrophes, apostrophes.source);

/** The words of a name one after another, with whatever between them, or nothing: "JaneDoe_CV.pdf". */
function computeWordsSource(words: readonly string[], sources = words): string {
  // Short words run together are ordinary words: "Li Ke".
  const runsTogether = words.some(
    (word) => word.length >= shortestPart || !/\p{Script=Latin}/u.test(word),
  );
  return sources.join(`${separators}${runsTogether ? '*' : '+'}`);
}

/** Without what stands between them: "Anna-Lena (Leni)" has three. */
const listWords = (text: string): string[] =>
  text
    .replaceAll(apostrophes, "'")
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');

/** Not a map or a set, which hold no words. */
function isRow(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Whether it says who somebody is without the rest of the name; a number never does. */
const isPart = (text: string): boolean => text.length >= shortestPart && /\p{L}/u.test(text);

/** A name's words as they follow each other in texts and in the names of files: all, and the first with the last. */
function listOrders(name: string): string[][] {
  const words = listWords(name);
  const [last = '', first] = name.split(',', 2);
  const called = first === undefined ? words : [...listWords(first), ...listWords(last)];
  const ends = [...called.slice(0, 1), ...called.slice(-1)];
  return [words, called, ends].filter((order) => order.length > 1);
}

/** The words of a name from a particle on, and which of them are particles: "van der Berg" of "Jan van der Berg". */
function listParticles(name: string): { tails: string[][]; alone: ReadonlySet<string> } {
  const words = listOrders(name)[1] ?? [];
  const isParticle = (word: string, index: number): boolean =>
    particles.has(word.toLowerCase()) &&
    index < words.length - 1 &&
    (index > 0 || word === word.toLowerCase());
  const tails = words.flatMap((word, index) =>
    isParticle(word, index) ? [words.slice(index)] : [],
  );
  return { tails, alone: new Set(words.filter(isParticle)) };
}

/** Replaces people's names and addresses by invented ones, the same wherever they stand. */
export class Pseudonyms {
  readonly #replacements: {
    readonly pattern: RegExp;
    readonly by: string;
    readonly length: number;
  }[] = [];
  /** Of the patterns: of two people with one name, the first has it. */
  readonly #sources = new Set<string>();
  readonly #names = new Map<string, { name: string; email: string }>();

  /** @param rows of all engagements of the bundle, so that a person has one name in all of them. */
  constructor(rows: readonly EngagementRows[]) {
    const counts = { intern: 0, employer: 0 };
    const add = (id: string, side: 'intern' | 'employer', name: string, email: string | null) => {
      const known = this.#names.get(id);
      const number = known === undefined ? (counts[side] += 1) : 0;
      const invented = known ?? {
        name: `${side === 'intern' ? 'Intern' : 'Employer'} ${number}`,
        email: `${side}-${number}@redacted.invalid`,
      };
      this.#names.set(id, invented);
      // What stands for everybody who was erased is nobody's name, and made of ordinary words.
      if (name !== erasedName) this.#learn(name, email, invented);
    };
    for (const { memberships, engagement } of rows) {
      for (const person of memberships)
        add(
          person.id,
          person.role === 'intern' ? 'intern' : 'employer',
          person.displayName,
          person.email,
        );
      add(
        engagement.membershipId ?? engagement.id,
        'intern',
        engagement.invitedName,
        engagement.invitedEmail,
      );
    }
    this.#replacements.sort((left, right) => right.length - left.length);
  }

  #learn(name: string, email: string | null, invented: { name: string; email: string }): void {
    const learn = (source: string, length: number, by: string, isCaseExact = false) => {
      if (source === '' || this.#sources.has(source)) return;
      this.#sources.add(source);
      this.#replacements.push({ pattern: createPattern(source, isCaseExact), by, length });
    };
    const learnWords = (words: readonly string[]) => {
      const { length } = words.join(' ');
      learn(computeWordsSource(words), length, invented.name);
      // Whoever is called just so has it before. Many a form of a short word is an ordinary word in small letters: "Bút".
      const isShort = words.join('').length <= shortestPart;
      const written = isShort ? [computeCapitalized(words), words.map(toCapitals)] : [words];
      for (const variant of written)
        learn(
          computeWordsSource(words, variant.map(computeFormsSource)),
          length - listDigraphs(words).length - 0.5,
          invented.name,
          isShort,
        );
    };
    if (email !== null)
      learn(computeLiteralSource(email.normalize('NFC')), email.length, invented.email);
    const composed = name.normalize('NFC');
    learn(computeLiteralSource(composed), composed.length, invented.name);
    for (const words of listOrders(composed)) learnWords(words);
    const { tails, alone } = listParticles(composed);
    for (const words of tails) learnWords(words);
    const parts = composed.split(/[\s.]+/).map(listWords);
    for (const words of [...parts, ...parts.flat().map((word) => [word])])
      if (isPart(words.join('')) && !words.every((word) => alone.has(word))) learnWords(words);
  }

  replace(text: string): string {
    let replaced = text.normalize('NFC');
    for (const { pattern, by } of this.#replacements) replaced = replaced.replaceAll(pattern, by);
    return replaced === text.normalize('NFC') ? text : replaced;
  }

  /** Every text in a value, but what stands under a technical name. */
  replaceIn(value: unknown): unknown {
    if (typeof value === 'string') return this.replace(value);
    if (Array.isArray(value)) return value.map((member) => this.replaceIn(member));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        isTechnical(key) ? member : this.replaceUnder(key, member),
      ]),
    );
  }

  /** The same; the ending that says what a file is stays in its name, whoever is called like that. */
  replaceUnder(key: string, value: unknown): unknown {
    if (key !== 'name' || typeof value !== 'string' || computeMediaTypeByName(value) === undefined)
      return this.replaceIn(value);
    const end = value.lastIndexOf('.');
    return this.replace(value.slice(0, end)) + value.slice(end);
  }

  find(membershipId: string): { name: string; email: string } | undefined {
    return this.#names.get(membershipId);
  }
}

/**
 * The rows with invented names for the people's own. A receipt that names nobody stays as it was signed; of one that
 * does, its file names are replaced, and the hash of what was signed stands in the place of the signature: nobody can
 * check it without the original, and whoever has the original can.
 */
export function redactRows(rows: EngagementRows, pseudonyms: Pseudonyms): EngagementRows {
  const redactRow = <Row extends object>(row: Row): Row =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        if (typeof value !== 'string' || isTechnical(column)) return [column, value];
        if (!column.endsWith('Json')) return [column, pseudonyms.replaceUnder(column, value)];
        return [column, JSON.stringify(pseudonyms.replaceIn(JSON.parse(value)))];
      }),
    ) as Row;
  const redactedReceipts = new Map<string, string>();
  const receipts = rows.receipts.map((receipt) => {
    const statement: unknown = JSON.parse(receipt.statementJson);
    const statementJson = computeCanonicalJson(pseudonyms.replaceIn(statement));
    if (statementJson === computeCanonicalJson(statement)) return receipt;
    redactedReceipts.set(
      receipt.id,
      createHash('sha256').update(receipt.statementJson, 'utf8').digest('hex'),
    );
    return { ...receipt, statementJson };
  });
  const redacted = Object.fromEntries(
    Object.entries(rows).map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value)
        ? value.map((row: object) => redactRow(row))
        : isRow(value)
          ? redactRow(value)
          : value,
    ]),
  ) as unknown as EngagementRows;
  const computePerson = (id: string | null) => (id === null ? undefined : pseudonyms.find(id));
  const invited = pseudonyms.find(rows.engagement.membershipId ?? rows.engagement.id);
  return {
    ...redacted,
    memberships: redacted.memberships.map((person) => ({
      ...person,
      displayName: computePerson(person.id)?.name ?? person.displayName,
      email: computePerson(person.id)?.email ?? person.email,
    })),
    engagement: {
      ...redacted.engagement,
      invitedName: invited?.name ?? '',
      invitedEmail: rows.engagement.invitedEmail === null ? null : (invited?.email ?? null),
    },
    receipts,
    redactedReceipts,
  };
}
