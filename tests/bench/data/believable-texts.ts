import type { SeededRandom } from './seeded-random.ts';

const verbs = ['Compare', 'Collect', 'Describe', 'Clean', 'Translate', 'Draft', 'Check', 'Sort'];
const things = [
  'cafés near the harbour',
  'opening hours of museums',
  'prices of oat milk',
  'job advertisements',
  'customer letters',
  'product photographs',
  'trade fair exhibitors',
  'newsletter subjects',
  'supplier addresses',
  'survey answers',
];
const places = ['Lisbon', 'Gdańsk', 'Malmö', 'Tallinn', 'Bordeaux', 'Graz', 'Cork', 'Ghent'];
const sentences = [
  'Note the source of each line and the day on which you looked it up.',
  'Leave a cell empty rather than guess.',
  'Two paragraphs are enough; write as you would to a colleague.',
  'Use the columns of the reference file, in its order.',
  'Say what surprised you, and what you could not find out.',
  'Where two sources disagree, keep both and mark the line.',
];
const givenNames = ['Inês', 'Jonas', 'Maja', 'Olu', 'Petra', 'Søren', 'Yuki', 'Zofia'];
const familyNames = ['Almeida', 'Brandt', 'Costa', 'Dębski', 'Eriksen', 'Fontaine', 'Okafor'];

export function createTitle(random: SeededRandom, number: number): string {
  return `${random.pick(verbs)} ${random.pick(things)} in ${random.pick(places)}, part ${number}`;
}

export function createParagraphs(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () =>
    Array.from({ length: 4 }, () => random.pick(sentences)).join(' '),
  ).join('\n\n');
}

export function createSentence(random: SeededRandom): string {
  return random.pick(sentences);
}

export function createPersonName(random: SeededRandom): string {
  return `${random.pick(givenNames)} ${random.pick(familyNames)}`;
}
