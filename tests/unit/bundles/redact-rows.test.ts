import { describe, expect, test } from 'vitest';
import type { EngagementRows } from '../../../src/main/workspace/bundles/load-engagement-rows.ts';
import { Pseudonyms } from '../../../src/main/workspace/bundles/redact-rows.ts';
import { fixedId } from '../../support/bundles/engagement-fixture.ts';

/** Knows interns by these names, in this order. */
function createPseudonyms(...names: readonly string[]): Pseudonyms {
  const memberships = names.map((displayName, index) => ({
    id: fixedId(index + 1),
    role: 'intern',
    displayName,
    email: `person-${index + 1}@example.org`,
  }));
  const [first] = memberships;
  return new Pseudonyms([
    {
      memberships,
      engagement: {
        id: fixedId(90),
        membershipId: first?.id ?? null,
        invitedName: first?.displayName ?? '',
        invitedEmail: null,
      },
    } as unknown as EngagementRows,
  ]);
}

describe('names are found in texts', () => {
  test.each([
    ['Doe, Jane', 'Call with Doe today', 'Call with Intern 1 today'],
    ['Doe, Jane', 'Jane Doe called', 'Intern 1 called'],
    ['Doe, Jane', 'Doe, Jane called', 'Intern 1 called'],
    ['Doe, Jane Marie', 'JaneMarieDoe', 'Intern 1'],
    ['Anna-Lena Müller-Schmidt', 'Frau Müller, AnnaLena', 'Frau Intern 1, Intern 1'],
    ['Anna-Lena Müller-Schmidt', 'müller schmidt', 'Intern 1'],
    ['Jane (Janie) Doe', 'Call with Janie today', 'Call with Intern 1 today'],
    ['Jane (Janie) Doe', 'JaneDoe and Jane (Janie) Doe', 'Intern 1 and Intern 1'],
    ['Jane Doe (HR)', 'Ask Jane Doe (HR).', 'Ask Intern 1.'],
    ['Rene\u0301 Dupont', 'Call with Ren\u00E9 today', 'Call with Intern 1 today'],
    ['Ren\u00E9 Dupont', 'Call with Rene\u0301 today', 'Call with Intern 1 today'],
    ['Jane O\u2019Brien', "Call with Ms O'Brien today", 'Call with Ms Intern 1 today'],
    ["Jane O'Brien", 'Ms O\u2019Brien, Ms O\u02BCBrien', 'Ms Intern 1, Ms Intern 1'],
    ['Jane Doe', 'See JaneDoe_CV.pdf and jane_doe', 'See Intern 1_CV.pdf and Intern 1'],
    ['Jane Doe', 'JANE.DOE, jane-doe; Jane\n  Doe', 'Intern 1, Intern 1; Intern 1'],
    ['Li Wei', 'LiWei.pdf', 'Intern 1.pdf'],
    ['王 小明', '王小明', 'Intern 1'],
    ['Jörg Müller', 'Mueller, Muller and JÖRG', 'Intern 1, Intern 1 and Intern 1'],
    ['Jörg Müller', 'joergmueller.pdf, Jorg_Muller', 'Intern 1.pdf, Intern 1'],
    ['Joerg Mueller', 'Jörg Müller', 'Intern 1'],
    ['Anna Groß', 'Frau Gross, FRAU GROSS', 'Frau Intern 1, FRAU Intern 1'],
    ['Søren Łukasz', 'Lukasz, Soren; Soeren', 'Intern 1, Intern 1; Intern 1'],
    ['Rene\u0301 Dupont', 'Call with Rene today', 'Call with Intern 1 today'],
    ['Zoë Doe', 'Call with Zoe, ZOE today', 'Call with Intern 1, Intern 1 today'],
    ['Jan van der Berg', 'VanDerBerg.pdf of Mr van der Berg', 'Intern 1.pdf of Mr Intern 1'],
    ['von Berg, Anna', 'Anna von Berg, vonBerg', 'Intern 1, Intern 1'],
    ['Jean de la Croix', 'delaCroix.pdf', 'Intern 1.pdf'],
    ['★', 'Signed: ★', 'Signed: Intern 1'],
  ])('of %s', (name, text, redacted) => {
    expect(createPseudonyms(name).replace(text)).toBe(redacted);
  });

  test.each([
    ['Li Ke', 'I would like it'],
    ['Jean de la Croix', 'la date de fin'],
    ["D'An Wu", 'An answer, and d for wu'],
    ['Robot 2026', 'Prices of 2026'],
    ['Ana Doe', 'Analysis of doeskin'],
    ['Rene Dupont', 'Ren\u00E9, Rene\u0301'],
    ['Jan van der Berg', 'der Bericht, van alles, VAN'],
    ['Anna von Berg', 'Ein Brief von der Bank'],
    ['Bút Ngân Hoang', 'but nobody'],
    ['Jane Doe', 'Cafe\u0301 left as it is'],
  ])('and those of %s are left in ordinary words: %s', (name, text) => {
    expect(createPseudonyms(name).replace(text)).toBe(text);
  });

  test('of two people, each has the name as it is written; a form of it is the one’s who has no other', () => {
    const pseudonyms = createPseudonyms('Anna Müller', 'Eva Mueller', 'Ada Muller');
    expect(pseudonyms.replace('Mueller, Müller, Muller')).toBe('Intern 2, Intern 1, Intern 3');
    expect(createPseudonyms('Eva Mueller', 'Anna Müller').replace('Mueller, Müller')).toBe(
      'Intern 1, Intern 2',
    );
  });

  test('of two people with a part in common, the whole name says which', () => {
    const pseudonyms = createPseudonyms('Anna Bauer', 'Anna Klein');
    expect(pseudonyms.replace('AnnaKlein, Anna Bauer')).toBe('Intern 2, Intern 1');
  });
});

describe('the name of a file', () => {
  const redact = (name: string, fileName: string): unknown =>
    createPseudonyms(name).replaceIn({ name: fileName, sha256: 'Doe' });

  test.each([
    ['Jane Doe', 'JaneDoe_CV.pdf', 'Intern 1_CV.pdf'],
    ['Jane Doe', 'CV of Jane Doe.tar.gz', 'CV of Intern 1.tar.gz'],
    ['Lee Doc', 'Prices of Doc.doc', 'Prices of Intern 1.doc'],
    ['Jane Doe', 'CV.Doe', 'CV.Intern 1'],
    ['Jane Doe', 'prices.csv', 'prices.csv'],
  ])('of %s keeps its ending: %s', (name, fileName, redacted) => {
    expect(redact(name, fileName)).toEqual({ name: redacted, sha256: 'Doe' });
  });
});
