/** Far more than a window shows. */
const mostKept = 2000;

/**
 * A function that keeps what it has answered: drawing a list asks the same of each row, and asks it again at every look.
 * Once it has kept 2,000 answers it begins anew.
 *
 * @param getKey what tells arguments apart.
 */
export function remember<Arguments extends readonly unknown[], Answer>(
  getKey: (...asked: Arguments) => string,
  compute: (...asked: Arguments) => Answer,
): (...asked: Arguments) => Answer {
  const answers = new Map<string, { readonly answer: Answer }>();
  return (...asked) => {
    const key = getKey(...asked);
    const known = answers.get(key);
    if (known !== undefined) return known.answer;
    if (answers.size >= mostKept) answers.clear();
    const answer = compute(...asked);
    answers.set(key, { answer });
    return answer;
  };
}
