import { useEffect, useId, useRef } from 'react';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { Input, TextField } from 'react-aria-components';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import fieldStyles from '../../ui/field.module.css';
import styles from './criteria-editor.module.css';

export interface EditedCriterion {
  /** Of this row in this form. */
  readonly key: string;
  /** The criterion's own id, kept while it stays the same criterion. */
  readonly id?: string;
  readonly text: string;
}

export const computeNewCriterion = (text = ''): EditedCriterion => ({
  key: crypto.randomUUID(),
  text,
});

export interface CriteriaEditorProps {
  readonly criteria: readonly EditedCriterion[];
  readonly onChange: (criteria: readonly EditedCriterion[]) => void;
  readonly error?: string | undefined;
}

/** Acceptance criteria, one to a line. Enter adds one, Alt with an arrow moves it, Backspace on an empty one removes it. */
export function CriteriaEditor({ criteria, onChange, error }: CriteriaEditorProps) {
  const listRef = useRef<HTMLOListElement>(null);
  const toFocusRef = useRef<string | undefined>(undefined);
  const labelId = useId();

  useEffect(() => {
    const key = toFocusRef.current;
    if (key === undefined) return;
    toFocusRef.current = undefined;
    listRef.current?.querySelector<HTMLElement>(`[data-criterion="${key}"]`)?.focus();
  }, [criteria]);

  const focusNext = (key: string | undefined) => {
    toFocusRef.current = key;
  };
  const add = (afterIndex: number) => {
    const made = computeNewCriterion();
    focusNext(made.key);
    onChange(criteria.toSpliced(afterIndex + 1, 0, made));
  };
  const remove = (index: number) => {
    focusNext((criteria[index - 1] ?? criteria[index + 1])?.key);
    onChange(criteria.toSpliced(index, 1));
  };
  const move = (index: number, by: -1 | 1) => {
    const moved = criteria[index];
    const target = index + by;
    if (moved === undefined || target < 0 || target >= criteria.length) return;
    focusNext(moved.key);
    onChange(criteria.toSpliced(index, 1).toSpliced(target, 0, moved));
  };

  return (
    <fieldset className={styles.editor} aria-labelledby={labelId}>
      <span id={labelId} className={fieldStyles.label}>
        Acceptance criteria
      </span>
      <span className={fieldStyles.description}>
        How both of you will know that it is done. Enter adds the next one.
      </span>
      <ol ref={listRef} className={styles.list}>
        {criteria.map((criterion, index) => (
          <li key={criterion.key} className={styles.line}>
            <span className={styles.number} aria-hidden>
              {index + 1}
            </span>
            <TextField
              aria-label={`Criterion ${index + 1}`}
              value={criterion.text}
              onChange={(text) => onChange(criteria.with(index, { ...criterion, text }))}
              maxLength={1000}
              className={cx(styles.field)}
              onKeyDown={(event) => {
                const isMove =
                  event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown');
                if (isMove) {
                  event.preventDefault();
                  move(index, event.key === 'ArrowUp' ? -1 : 1);
                } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
                  event.preventDefault();
                  add(index);
                } else if (event.key === 'Backspace' && criterion.text === '') {
                  event.preventDefault();
                  remove(index);
                } else event.continuePropagation();
              }}
            >
              <Input
                data-criterion={criterion.key}
                className={cx(fieldStyles.control)}
                placeholder={index === 0 ? 'Each row has its day of collection' : ''}
              />
            </TextField>
            <span className={styles.actions}>
              <IconButton
                label={`Move criterion ${index + 1} up`}
                icon={<ArrowUp />}
                size="small"
                keys={['Alt', '↑']}
                isDisabled={index === 0}
                onPress={() => move(index, -1)}
              />
              <IconButton
                label={`Move criterion ${index + 1} down`}
                icon={<ArrowDown />}
                size="small"
                keys={['Alt', '↓']}
                isDisabled={index === criteria.length - 1}
                onPress={() => move(index, 1)}
              />
              <IconButton
                label={`Remove criterion ${index + 1}`}
                icon={<X />}
                size="small"
                onPress={() => remove(index)}
              />
            </span>
          </li>
        ))}
      </ol>
      <div>
        <Button
          size="small"
          variant="quiet"
          icon={<Plus />}
          onPress={() => add(criteria.length - 1)}
        >
          Add a criterion
        </Button>
      </div>
      {error === undefined ? null : (
        <span className={fieldStyles.error} role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}
