import type { Selector } from '../../../shared/domain/annotation.ts';
import { cutText } from '../../../shared/domain/cut-text.ts';

/** A place in a file that something was said of. */
export interface PlaceMark {
  readonly id: string;
  /** By which it is found in the list beside the file. */
  readonly number: number;
  readonly selectors: readonly Selector[];
  /** What was said, for those who hear the mark rather than see it. */
  readonly text: string;
}

/** What is shown over a file's contents, and what can be done there. */
export interface FileMarks {
  readonly marks: readonly PlaceMark[];
  readonly activeId: string | null;
  readonly onActivate: (id: string) => void;
  /** Undefined where nothing can be said any more. */
  readonly onPlace?: ((selectors: readonly Selector[]) => void) | undefined;
}

export const markName = ({ number, text }: PlaceMark): string =>
  `Comment ${number}${text === '' ? '' : `: ${cutText(text, 200)}`}`;
