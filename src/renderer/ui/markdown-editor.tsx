import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder as showPlaceholder } from '@codemirror/view';
import { cx } from './cx.ts';
import { findCspNonce } from './csp-nonce.ts';
import styles from './markdown-editor.module.css';
import { describePasteLimit } from './paste-limit.ts';

// The typographic half of the editor's own highlighting (weight, slope, strike); its colours are made
// for a white page alone.
const highlight = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color: _color, textDecoration, ...spec }) =>
    textDecoration === 'line-through' ? { ...spec, textDecoration } : spec,
  ),
);

/** Of every text that people write (`textSchema`). */
const longestText = 200_000;

interface Words {
  readonly label: string;
  readonly placeholder: string;
  /** The element that describes the editor, where there is one. */
  readonly descriptionId: string | undefined;
}

/** What is said of an editor rather than written in it. */
function describe({ label, placeholder, descriptionId }: Words): Extension {
  return [
    showPlaceholder(placeholder),
    EditorView.contentAttributes.of({
      'aria-label': label,
      spellcheck: 'true',
      autocorrect: 'on',
      ...(descriptionId === undefined ? {} : { 'aria-describedby': descriptionId }),
    }),
  ];
}

export interface MarkdownEditorProps {
  readonly label: string;
  /** The text at first, and again whenever it changes from outside. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string;
  readonly placeholder?: string;
  /** Ctrl/Cmd+Enter. */
  readonly onSubmit?: () => void;
  readonly minRows?: number;
  readonly isLabelHidden?: boolean;
  /** Whether the focus begins here. */
  readonly autoFocus?: boolean;
  /** In UTF-16 code units. What would make it longer is not taken, and said. */
  readonly maxLength?: number;
}

/** A plain-text editor that knows Markdown. Tab moves the focus on, as in every other field. */
export function MarkdownEditor({
  label,
  value,
  onChange,
  description,
  placeholder = '',
  onSubmit,
  minRows = 5,
  isLabelHidden = false,
  autoFocus = false,
  maxLength = longestText,
}: MarkdownEditorProps) {
  const id = useId();
  const hostRef = useRef<HTMLDivElement>(null);
  const viewRef = useRef<EditorView>(null);
  const handleChange = useEffectEvent((text: string) => onChange(text));
  const handleSubmit = useEffectEvent(() => {
    onSubmit?.();
    return onSubmit !== undefined;
  });
  const [problem, setProblem] = useState<string>();
  const handleGrowth = useEffectEvent((before: number, after: number) => {
    const grownBy = after - before;
    const found = grownBy > 0 ? describePasteLimit(grownBy, before, maxLength) : undefined;
    setProblem(found);
    return found === undefined;
  });
  const [words] = useState(() => new Compartment());
  const descriptionId = description === undefined ? undefined : `${id}-text`;
  const initialRef = useRef({ value, label, placeholder, descriptionId, autoFocus });

  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return;
    const initial = initialRef.current;
    const nonce = findCspNonce();
    const view = new EditorView({
      parent: host,
      state: EditorState.create({
        doc: initial.value,
        extensions: [
          history(),
          markdown(),
          syntaxHighlighting(highlight),
          EditorView.lineWrapping,
          EditorView.perLineTextDirection.of(true),
          words.of(describe(initial)),
          nonce === undefined ? [] : EditorView.cspNonce.of(nonce),
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => handleSubmit(),
            },
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorState.changeFilter.of(({ startState, newDoc }) =>
            handleGrowth(startState.doc.length, newDoc.length),
          ),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handleChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    viewRef.current = view;
    if (initial.autoFocus) view.focus();
    return () => {
      viewRef.current = null;
      view.destroy();
    };
  }, [words]);

  // The same editor may be asked for another thing: a word of thanks, and then what should change.
  useEffect(() => {
    viewRef.current?.dispatch({
      effects: words.reconfigure(describe({ label, placeholder, descriptionId })),
    });
  }, [words, label, placeholder, descriptionId]);

  useEffect(() => {
    const view = viewRef.current;
    if (view === null || view.state.doc.toString() === value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: value },
      filter: false,
    });
  }, [value]);

  return (
    <div className={styles.field}>
      {isLabelHidden ? null : (
        <span className={styles.label} aria-hidden>
          {label}
        </span>
      )}
      <div
        ref={hostRef}
        className={cx(styles.editor)}
        style={{ '--min-rows': minRows } as React.CSSProperties}
      />
      {problem === undefined ? null : (
        <span className={styles.problem} role="alert">
          {problem}
        </span>
      )}
      {description === undefined ? null : (
        <span id={descriptionId} className={styles.description}>
          {description}
        </span>
      )}
    </div>
  );
}
