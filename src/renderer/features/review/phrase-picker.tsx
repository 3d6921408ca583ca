import { useRef, useState } from 'react';
import { Trash2 } from 'lucide-react';
import { useAction, useRequest } from '../../client/use-request.ts';
import { isDialogOpen, useShortcut } from '../../frame/shortcuts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './phrase-picker.module.css';

/** A place to write in, as it was when the phrases were asked for. */
interface Target {
  readonly element: HTMLElement;
  /** What stood selected there: the first thing that one wants to save. */
  readonly selected: string;
}

function findTarget(): Target | undefined {
  const element = document.activeElement;
  if (element instanceof HTMLTextAreaElement) {
    const { value, selectionStart, selectionEnd } = element;
    return { element, selected: value.slice(selectionStart, selectionEnd) };
  }
  // The readable texts take a caret too, and nothing can be written into them.
  if (
    element instanceof HTMLElement &&
    element.isContentEditable &&
    element.getAttribute('aria-readonly') !== 'true'
  )
    return { element, selected: getSelection()?.toString() ?? '' };
  return undefined;
}

/** Saved phrases, by a key: into the field in which one writes, where the caret is. */
export function PhrasePicker({ seatId }: { readonly seatId: string }) {
  const [target, setTarget] = useState<Target | 'none'>();
  useShortcut({ keys: ['Mod', '.'], label: 'Insert a saved phrase', group: 'Reviewing' }, () => {
    if (!isDialogOpen()) setTarget(findTarget() ?? 'none');
  });
  if (target === undefined) return null;
  const insert = (text: string) => {
    setTarget(undefined);
    if (target === 'none') return;
    // After the dialog has given the focus back: the field's own undo takes the phrase out again.
    setTimeout(() => {
      target.element.focus();
      // oxlint-disable-next-line typescript/no-deprecated -- nothing else writes into a field so that its own undo knows of it.
      document.execCommand('insertText', false, text);
    });
  };
  return (
    <PhraseDialog
      seatId={seatId}
      selected={target === 'none' ? '' : target.selected}
      canInsert={target !== 'none'}
      onInsert={insert}
      onClose={() => setTarget(undefined)}
    />
  );
}

interface PhraseDialogProps {
  readonly seatId: string;
  readonly selected: string;
  readonly canInsert: boolean;
  readonly onInsert: (text: string) => void;
  readonly onClose: () => void;
}

function PhraseDialog({ seatId, selected, canInsert, onInsert, onClose }: PhraseDialogProps) {
  const phrases = useRequest('phrase.list', { seatId }).data ?? [];
  const [filter, setFilter] = useState('');
  const [written, setWritten] = useState(selected);
  const listRef = useRef<HTMLOListElement>(null);
  const remove = useAction('phrase.remove', { failure: 'Not removed' });
  const save = useAction('phrase.save', {
    failure: 'Not saved',
    onSuccess: () => {
      setWritten('');
      showToast({ title: 'Phrase saved', description: 'All managers can insert it.' });
    },
  });
  const wanted = filter.trim().toLocaleLowerCase();
  const found = phrases.filter(({ text }) => text.toLocaleLowerCase().includes(wanted));
  const choose = (index: number) => {
    const phrase = found[index];
    if (phrase !== undefined && canInsert) onInsert(phrase.text);
  };
  const step = (by: number) => {
    const buttons = [...(listRef.current?.querySelectorAll<HTMLElement>('[data-phrase]') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + by))]?.focus();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Saved phrases"
      footer={<Button onPress={onClose}>Done</Button>}
    >
      <TextField
        label="Find a phrase"
        value={filter}
        onChange={setFilter}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- typing is the way through the phrases.
        autoFocus
        description={
          canInsert
            ? 'Type some of its words and press Enter; or press its number.'
            : 'To insert one, put the caret into a comment first.'
        }
        onKeyDown={(event) => {
          if (event.key === 'Enter') choose(0);
          else if (event.key === 'ArrowDown') step(1);
          // A number is a choice as long as nothing was typed.
          else if (filter === '' && /^[1-9]$/u.test(event.key)) choose(Number(event.key) - 1);
          else {
            event.continuePropagation();
            return;
          }
          event.preventDefault();
        }}
      />
      {phrases.length === 0 ? (
        <Muted>Nothing is saved yet. What you write below is there for all managers.</Muted>
      ) : found.length === 0 ? (
        <Muted>No phrase has these words.</Muted>
      ) : (
        <ol ref={listRef} className={styles.list} aria-label="Phrases">
          {found.map(({ phraseId, text }, index) => (
            <li key={phraseId} className={styles.phrase}>
              <button
                type="button"
                data-phrase
                className={styles.choice}
                aria-disabled={!canInsert}
                onClick={() => choose(index)}
                onKeyDown={(event) => {
                  if (event.key === 'ArrowDown') step(1);
                  else if (event.key === 'ArrowUp') step(-1);
                  else return;
                  event.preventDefault();
                }}
              >
                <span className={styles.key}>
                  {index < 9 && wanted === '' ? <KeyHint keys={[String(index + 1)]} /> : null}
                </span>
                <span className={styles.text}>{text}</span>
              </button>
              <IconButton
                label={`Remove “${text.slice(0, 40)}”`}
                icon={<Trash2 />}
                onPress={() => remove.mutate({ seatId, phraseId })}
              />
            </li>
          ))}
        </ol>
      )}
      <TextArea
        label="A new phrase"
        value={written}
        onChange={setWritten}
        rows={2}
        maxLength={5000}
      />
      <div>
        <Button
          size="small"
          isDisabled={written.trim() === '' || save.isPending}
          onPress={() => save.mutate({ seatId, text: written.trim() })}
        >
          Save it
        </Button>
      </div>
    </Dialog>
  );
}
