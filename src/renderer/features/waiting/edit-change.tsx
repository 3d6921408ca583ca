import { useMemo, useState } from 'react';
import { Temporal } from 'temporal-polyfill';
import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
import { describeError, describeFieldError } from '../../client/describe-error.ts';
import { localZone } from '../../format/locale.ts';
import { Button } from '../../ui/button.tsx';
import { DateField, TimeField } from '../../ui/date-field.tsx';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { toSentence } from './explain-change.ts';
import { type FieldSpec, findAt, listEditFields, replaceAt } from './edit-fields.ts';
import styles from './waiting-screen.module.css';

export interface EditChangeProps {
  readonly change: WaitingChange;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSend: (args: unknown) => void;
  readonly onCancel: () => void;
}

/** A refused change in the fields in which it was written. */
export function EditChange({ change, isPending, error, onSend, onCancel }: EditChangeProps) {
  const original = useMemo<unknown>(() => JSON.parse(change.argsJson), [change.argsJson]);
  const [args, setArgs] = useState(original);
  const fields = listEditFields(change.name, original);
  const zone = (findAt(original, ['zone']) as string | undefined) ?? localZone;
  const fieldErrors = fields.map(({ path }) => describeFieldError(error, path.join('.')));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(args);
      }}
    >
      {change.reason === null ? null : (
        <p className={styles.quiet}>It was refused: {change.reason}.</p>
      )}
      {fields.map((spec, index) => (
        <ChangeField
          key={spec.path.join('.')}
          spec={spec}
          zone={zone}
          value={findAt(args, spec.path)}
          error={fieldErrors[index]}
          onChange={(next) => setArgs((before: unknown) => replaceAt(before, spec.path, next))}
        />
      ))}
      {error === null || fieldErrors.some((each) => each !== undefined) ? null : (
        <Notice tone="negative" title="Not sent again" isLive>
          {toSentence(describeError(error))}
        </Notice>
      )}
      <div className={styles.formActions}>
        <Button onPress={onCancel}>Back</Button>
        <Button variant="primary" type="submit" isPending={isPending}>
          {isPending ? 'Sending…' : 'Send again'}
        </Button>
      </div>
    </form>
  );
}

interface ChangeFieldProps {
  readonly spec: FieldSpec;
  readonly zone: string;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (next: unknown) => void;
}

function ChangeField(props: ChangeFieldProps) {
  const { spec, value, error, onChange } = props;
  switch (spec.kind) {
    case 'line':
      return (
        <TextField label={spec.label} value={String(value)} onChange={onChange} error={error} />
      );
    case 'text':
      return (
        <MarkdownEditor
          label={spec.label}
          value={String(value)}
          onChange={onChange}
          {...(error === undefined ? {} : { description: error })}
        />
      );
    case 'instant':
      return <InstantField {...props} />;
    case 'deadline':
      return <DeadlineField {...props} />;
    case 'criteria':
      return <CriteriaFields {...props} />;
  }
}

/** An instant as the clock on the person's wall showed it. */
function InstantField({ spec, zone: named, value, error, onChange }: ChangeFieldProps) {
  const zone = computeKnownZone(named);
  const zoned = Temporal.Instant.from(String(value)).toZonedDateTimeISO(zone);
  const change = (date: string, time: string): void => {
    if (date === '' || time === '') return;
    const next = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone);
    onChange(next.toInstant().toString({ fractionalSecondDigits: 3 }));
  };
  const date = zoned.toPlainDate().toString();
  const time = zoned.toPlainTime().toString({ smallestUnit: 'minute' });
  return (
    <div className={styles.pair}>
      <DateField
        label={spec.label}
        value={date}
        onChange={(next) => change(next, time)}
        error={error}
      />
      <TimeField label="At" value={time} onChange={(next) => change(date, next)} />
    </div>
  );
}

function DeadlineField({ spec, value, error, onChange }: ChangeFieldProps) {
  const deadline = value as { readonly wall: string; readonly zone: string };
  const [date = '', time = ''] = deadline.wall.split('T');
  return (
    <div className={styles.pair}>
      <DateField
        label={`${spec.label} on`}
        value={date}
        onChange={(next) => next !== '' && onChange({ ...deadline, wall: `${next}T${time}` })}
        error={error}
      />
      <TimeField
        label="At"
        value={time}
        onChange={(next) => next !== '' && onChange({ ...deadline, wall: `${date}T${next}` })}
      />
      <ZoneField
        label="In the time of"
        value={deadline.zone}
        onChange={(zone) => onChange({ ...deadline, zone })}
      />
    </div>
  );
}

function CriteriaFields({ value, onChange }: ChangeFieldProps) {
  const criteria = value as readonly { readonly id: string; readonly text: string }[];
  return criteria.map(({ id, text }, index) => (
    <TextField
      key={id}
      label={`Criterion ${index + 1}`}
      value={text}
      onChange={(next) =>
        onChange(criteria.map((each) => (each.id === id ? { ...each, text: next } : each)))
      }
    />
  ));
}
