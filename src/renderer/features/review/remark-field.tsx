import { useState } from 'react';
import { MessageSquarePlus } from 'lucide-react';
import type { Criterion } from '../../../shared/domain/fields.ts';
import { IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import styles from './remark.module.css';

/** Whether a remark stands open: it closes by itself while it is empty. */
export function useRemark(text: string) {
  const [isAsked, setIsAsked] = useState(false);
  return {
    isOpen: isAsked || text !== '',
    isAsked,
    open: () => setIsAsked(true),
    close: () => setIsAsked(false),
  };
}

export type RemarkState = ReturnType<typeof useRemark>;

export interface RemarkButtonProps {
  readonly remark: RemarkState;
  /** What is commented on, for example "criterion 2" or the file's name. */
  readonly subject: string;
}

/** Gives way to the field that it opens. */
export function RemarkButton({ remark, subject }: RemarkButtonProps) {
  return remark.isOpen ? null : (
    <IconButton
      label={`Comment on ${subject}`}
      icon={<MessageSquarePlus />}
      onPress={remark.open}
    />
  );
}

export interface RemarkFieldProps extends RemarkButtonProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function RemarkField({ remark, subject, text, onChange }: RemarkFieldProps) {
  if (!remark.isOpen) return null;
  return (
    <TextArea
      label={`Comment on ${subject}`}
      value={text}
      onChange={onChange}
      rows={2}
      maxLength={20_000}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this field.
      autoFocus={remark.isAsked}
      onBlur={remark.close}
      onKeyDown={(event) => {
        // Done writing: the keys that decide answer again, and Tab goes on from here.
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
        else event.continuePropagation();
      }}
    />
  );
}

const none = 'none';

export interface CriterionFieldProps {
  readonly criteria: readonly Criterion[];
  readonly criterionId: string | null;
  readonly onChange: (criterionId: string | null) => void;
}

/** What a change that is asked for in a file is measured by. */
export function CriterionField({ criteria, criterionId, onChange }: CriterionFieldProps) {
  if (criteria.length === 0) return null;
  return (
    <div className={styles.criterion}>
      <Select
        label="Measured by"
        value={criterionId ?? none}
        onChange={(id) => onChange(id === none ? null : id)}
        options={[
          { id: none, label: 'A remark: asks for nothing' },
          ...criteria.map(({ id, text }, index) => ({
            id,
            label: `A change, by criterion ${index + 1}`,
            description: text,
          })),
        ]}
      />
    </div>
  );
}
