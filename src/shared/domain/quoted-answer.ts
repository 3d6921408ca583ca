const heading = '## Questions and answers';

const quote = (text: string): string =>
  text
    .trim()
    .split(/\r?\n/u)
    .map((line) => (line.trim() === '' ? '>' : `> ${line}`))
    .join('\n');

/** Instructions with a question and its answer added at their end, under one heading for all of them. */
export function quoteAnswer(instructions: string, question: string, answer: string): string {
  const hasHeading = instructions.split(/\r?\n/u).some((line) => line.trim() === heading);
  const parts = [
    instructions.trimEnd(),
    ...(hasHeading ? [] : [heading]),
    quote(question),
    answer.trim(),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
