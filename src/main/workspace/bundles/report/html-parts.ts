/** A page in the order in which it is written. What there may be many of is made when its turn comes. */
export type HtmlParts = Iterable<string>;

/** A template whose values may be parts of their own. */
export function* inParts(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | HtmlParts)[]
): Generator<string> {
  for (const [index, text] of texts.entries()) {
    yield text;
    const value = values[index];
    if (typeof value === 'object') yield* value;
    else if (value !== undefined) yield String(value);
  }
}

/** @param between stands between two items. */
export function* eachOf<Item>(
  items: readonly Item[],
  make: (item: Item) => string | HtmlParts,
  between = '',
): Generator<string> {
  for (const [index, item] of items.entries()) {
    if (index > 0) yield between;
    const made = make(item);
    if (typeof made === 'string') yield made;
    else yield* made;
  }
}
