import type { AccountChoice } from '../../../shared/contract/setup-requests.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { localZone } from '../../format/locale.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { TextField } from '../../ui/text-field.tsx';

export interface AccountForm {
  readonly kind: AccountChoice['kind'];
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export const emptyAccountForm: AccountForm = { kind: 'new', name: '', email: '', password: '' };

export function toAccountChoice({ kind, name, email, password }: AccountForm): AccountChoice {
  return kind === 'new'
    ? { kind, email, password, name, timeZone: localZone }
    : { kind, email, password };
}

export interface AccountFieldsProps {
  readonly value: AccountForm;
  readonly onChange: (value: AccountForm) => void;
  readonly error: unknown;
}

/** The person's account on that server: a new one, or the one they have. */
export function AccountFields({ value, onChange, error }: AccountFieldsProps) {
  const isNew = value.kind === 'new';
  return (
    <>
      <RadioGroup
        label="Your account on that server"
        isRow
        options={[
          { id: 'new', label: 'I am new there' },
          { id: 'existing', label: 'I have an account' },
        ]}
        value={value.kind}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      {isNew ? (
        <TextField
          label="Your name"
          value={value.name}
          onChange={(name) => onChange({ ...value, name })}
          autoComplete="name"
          isRequired
          error={describeFieldError(error, 'account.name')}
        />
      ) : null}
      <TextField
        label="E-mail"
        type="email"
        value={value.email}
        onChange={(email) => onChange({ ...value, email })}
        autoComplete="email"
        isRequired
        error={describeFieldError(error, 'account.email')}
      />
      <TextField
        label="Password"
        type="password"
        value={value.password}
        onChange={(password) => onChange({ ...value, password })}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        isRequired
        {...(isNew ? { description: 'At least 10 characters.', minLength: 10 } : {})}
        error={describeFieldError(error, 'account.password')}
      />
    </>
  );
}
