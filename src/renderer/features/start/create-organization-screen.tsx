import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { localZone } from '../../format/locale.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { AccountFields, emptyAccountForm, toAccountChoice } from './account-fields.tsx';
import { FormError } from './form-error.tsx';
import { StartForm } from './start-form.tsx';
import { StartLayout } from './start-layout.tsx';
import { useOpenSeat } from './use-open-seat.ts';
import { ZoneField } from '../../ui/zone-field.tsx';
import styles from './start.module.css';

export function CreateOrganizationScreen() {
  const [serverUrl, setServerUrl] = useState('');
  const check = useAction('setup.checkServer', { isInline: true });
  const checked = check.data;
  return (
    <StartLayout
      title="Set up an organization"
      lead={
        checked === undefined
          ? 'Which server shall keep it? Your career office or IT may run one, or you run your own with “stint server”.'
          : undefined
      }
    >
      {checked === undefined ? (
        <StartForm error={check.error} onSubmit={() => check.mutate({ serverUrl })}>
          <FormError
            error={check.error}
            title="That server cannot be used"
            fields={['serverUrl']}
          />
          <TextField
            label="Address of the server"
            value={serverUrl}
            onChange={setServerUrl}
            placeholder="https://stint.example.org"
            inputMode="url"
            isRequired
            error={describeFieldError(check.error, 'serverUrl')}
          />
          <div className={styles.actions}>
            <Button variant="primary" type="submit" isPending={check.isPending}>
              {check.isPending ? 'Asking the server…' : 'Go on'}
            </Button>
          </div>
        </StartForm>
      ) : (
        <OrganizationForm
          serverUrl={checked.serverUrl}
          serverName={checked.info.name}
          isOpen={checked.info.signup === 'open'}
          onOther={() => check.reset()}
        />
      )}
    </StartLayout>
  );
}

interface OrganizationFormProps {
  readonly serverUrl: string;
  readonly serverName: string;
  readonly isOpen: boolean;
  readonly onOther: () => void;
}

function OrganizationForm({ serverUrl, serverName, isOpen, onOther }: OrganizationFormProps) {
  const [organizationName, setOrganizationName] = useState('');
  const [timeZone, setTimeZone] = useState(localZone);
  const [account, setAccount] = useState(emptyAccountForm);
  const openSeat = useOpenSeat();
  const create = useAction('setup.createOrganization', {
    isInline: true,
    onSuccess: ({ seatId }) => openSeat(seatId),
  });
  return (
    <StartForm
      error={create.error}
      onSubmit={() =>
        create.mutate({ serverUrl, organizationName, timeZone, account: toAccountChoice(account) })
      }
    >
      <Notice
        tone="neutral"
        title={serverName}
        action={
          <Button size="small" onPress={onOther}>
            Another server
          </Button>
        }
      >
        {serverUrl}
        {isOpen ? null : '. New accounts there need an invitation; use the account you have.'}
      </Notice>
      <FormError
        error={create.error}
        title="The organization was not set up"
        fields={['organizationName', 'account.name', 'account.email', 'account.password']}
      />
      <TextField
        label="Name of the organization"
        value={organizationName}
        onChange={setOrganizationName}
        autoComplete="organization"
        isRequired
        error={describeFieldError(create.error, 'organizationName')}
      />
      <ZoneField
        label="Time zone"
        description="New projects start with it."
        value={timeZone}
        onChange={setTimeZone}
      />
      <AccountFields value={account} onChange={setAccount} error={create.error} />
      <div className={styles.actions}>
        <Button variant="primary" type="submit" isPending={create.isPending}>
          {create.isPending ? 'Setting up…' : 'Set up the organization'}
        </Button>
      </div>
    </StartForm>
  );
}
