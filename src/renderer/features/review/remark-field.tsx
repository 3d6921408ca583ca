import { useState } from 'react';
import { MessageSquarePlus } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/text-field.tsx';

export interface RemarkFieldProps {
  /** What is commented on, for example "criterion 2" or the file's name. */
  readonly subject: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** A remark that is opened where it belongs, and closes by itself while it is empty. */
export function RemarkField({ subject, text, onChange }: RemarkFieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen && text === '') {
    return (
      <Button
        variant="quiet"
        size="small"
        icon={<MessageSquarePlus />}
        aria-label={`Comment on ${subject}`}
        onPress={() => setIsOpen(true)}
      >
        Comment
      </Button>
    );
  }
  return (
    <div>
      <TextArea
        label={`Comment on ${subject}`}
        value={text}
        onChange={onChange}
        rows={2}
        maxLength={20_000}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this field.
        autoFocus={isOpen}
        onBlur={() => setIsOpen(false)}
      />
    </div>
  );
}
