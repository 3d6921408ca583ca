import { useCallback, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextArea } from './text-field.tsx';
import { showToast } from './toast.tsx';

/**
 * Copies a text. Where the clipboard is refused (permission, an insecure page), the text is shown, selected,
 * to be copied by hand. Render `fallback` outside tables and lists, which answer to keys of their own.
 */
export function useCopyText(): {
  readonly copyText: (text: string, subject: string) => void;
  readonly fallback: ReactNode;
} {
  const [refused, setRefused] = useState<{ text: string; subject: string } | null>(null);
  const copyText = useCallback((text: string, subject: string) => {
    void (async () => {
      try {
        await navigator.clipboard.writeText(text);
        showToast({ title: `${subject} copied` });
      } catch {
        setRefused({ text, subject });
      }
    })();
  }, []);
  const fallback =
    refused === null ? null : (
      <Dialog
        isOpen
        onOpenChange={() => setRefused(null)}
        title="The clipboard is closed to this window"
        size="small"
        footer={
          <Button variant="primary" onPress={() => setRefused(null)}>
            Done
          </Button>
        }
      >
        <TextArea
          label={refused.subject}
          description="It is selected: copy it with the keyboard, Ctrl+C or ⌘C."
          value={refused.text}
          isReadOnly
          rows={4}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the text is what this dialog is for.
          autoFocus
          onFocus={({ target }) => {
            if (target instanceof HTMLTextAreaElement) target.select();
          }}
        />
      </Dialog>
    );
  return { copyText, fallback };
}
