import { useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './waiting-screen.module.css';

type Scalar = string | number | boolean | null;

interface EditableField {
  readonly path: readonly string[];
  readonly label: string;
  readonly value: Scalar;
  readonly isLong: boolean;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;
const hash = /^[0-9a-f]{64}$/u;

/** What a person can mend: texts, numbers and times. Ids and hashes stay what they are. */
function listEditableFields(value: unknown, path: readonly string[] = []): EditableField[] {
  if (typeof value === 'string' || typeof value === 'number') {
    if (typeof value === 'string' && (uuid.test(value) || hash.test(value))) return [];
    const label = path.map((part) => (/^\d+$/u.test(part) ? String(Number(part) + 1) : part));
    return [
      {
        path,
        label: toWords(label.join(' ')),
        value,
        isLong: typeof value === 'string' && (value.length > 80 || value.includes('\n')),
      },
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => listEditableFields(child, [...path, key]));
}

function toWords(camel: string): string {
  const words = camel.replaceAll(/([a-z])([A-Z])/gu, '$1 $2').toLocaleLowerCase();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

function replaceAt(value: unknown, path: readonly string[], next: Scalar): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (Array.isArray(value)) {
    return value.map((child: unknown, index) =>
      String(index) === key ? replaceAt(child, rest, next) : child,
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      name === key ? replaceAt(child, rest, next) : child,
    ]),
  );
}

export interface EditArgumentsProps {
  readonly argsJson: string;
  readonly isPending: boolean;
  readonly problem: string | undefined;
  readonly onSend: (args: unknown) => void;
}

/** The contents of a refused change, field by field. */
export function EditArguments({ argsJson, isPending, problem, onSend }: EditArgumentsProps) {
  const original = useMemo<unknown>(() => JSON.parse(argsJson), [argsJson]);
  const fields = useMemo(() => listEditableFields(original), [original]);
  const [edits, setEdits] = useState<Readonly<Record<string, string>>>({});

  const send = () => {
    let args = original;
    for (const { path, value } of fields) {
      const typed = edits[path.join('.')];
      if (typed === undefined) continue;
      args = replaceAt(args, path, typeof value === 'number' ? Number(typed) : typed);
    }
    onSend(args);
  };

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {fields.length === 0 ? <p>There is nothing in it that could be written otherwise.</p> : null}
      {fields.map(({ path, label, value, isLong }) => {
        const key = path.join('.');
        const props = {
          label,
          value: edits[key] ?? String(value),
          onChange: (next: string) => setEdits((before) => ({ ...before, [key]: next })),
        };
        return isLong ? (
          <MarkdownEditor key={key} {...props} />
        ) : (
          <TextField
            key={key}
            {...props}
            {...(typeof value === 'number' ? { inputMode: 'numeric' as const } : {})}
          />
        );
      })}
      {problem === undefined ? null : (
        <Notice tone="negative" title="Not sent again" isLive>
          {problem}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button variant="primary" type="submit" isDisabled={isPending || fields.length === 0}>
          {isPending ? 'Sending…' : 'Send again'}
        </Button>
      </div>
    </form>
  );
}
