import { useState } from 'react';
import type { FileMarks } from '../annotations/place-mark.ts';

/**
 * Whether a text is shown as it was written rather than as it reads: passages are named in the former, so that whoever
 * asks where a comment is asks for it.
 */
export function useSourceChoice(
  places: FileMarks | undefined,
): readonly [boolean, (showsSource: boolean) => void] {
  const activeId = places?.activeId ?? null;
  const isPlaceHere = activeId !== null && places?.marks.some(({ id }) => id === activeId) === true;
  const [showsSource, setShowsSource] = useState(isPlaceHere);
  const [shownFor, setShownFor] = useState(activeId);
  if (shownFor !== activeId) {
    setShownFor(activeId);
    if (isPlaceHere) setShowsSource(true);
  }
  return [showsSource, setShowsSource];
}
