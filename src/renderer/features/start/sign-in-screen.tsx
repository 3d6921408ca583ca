import { useState } from 'react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { useSeatIfAny } from '../../frame/seat.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormError } from './form-error.tsx';
import { StartForm } from './start-form.tsx';
import { StartLayout } from './start-layout.tsx';
import { useOpenSeat } from './use-open-seat.ts';
import styles from './start.module.css';

/** For another computer's work, and for a session that ended; then the seat stands in `?seat=`. */
export function SignInScreen() {
  const view = useSeatIfAny();
  const seatId = new URLSearchParams(location.search).get('seat');
  const seat =
    view?.seats.find((each) => each.seatId === seatId) ??
    view?.seats.find(({ sync }) => sync.state === 'signed_out');
  const [serverUrl, setServerUrl] = useState(seat?.serverUrl ?? '');
  const [email, setEmail] = useState(seat?.email ?? '');
  const [password, setPassword] = useState('');
  const openSeat = useOpenSeat();
  const signIn = useAction('session.signIn', {
    isInline: true,
    onSuccess: ({ seatIds }) => {
      const next = seat !== undefined && seatIds.includes(seat.seatId) ? seat.seatId : seatIds[0];
      if (next !== undefined) openSeat(next);
    },
  });
  const hasNoSeats = signIn.data?.seatIds.length === 0;
  return (
    <StartLayout
      title={seat === undefined ? 'Sign in' : 'Sign in again'}
      lead={
        seat === undefined
          ? 'Your organizations and your work come to this computer.'
          : `Your work for ${isolate(seat.organizationName)} is safe on this computer and goes on when you are in.`
      }
    >
      <StartForm
        error={signIn.error}
        onSubmit={() => signIn.mutate({ serverUrl, email, password })}
      >
        <FormError
          error={signIn.error}
          title="You are not signed in"
          fields={['serverUrl', 'email']}
        />
        {hasNoSeats ? (
          <Notice tone="warning" title="You belong to no organization there" isLive>
            Ask for an invitation, or set up an organization of your own.
          </Notice>
        ) : null}
        <TextField
          label="Address of the server"
          value={serverUrl}
          onChange={setServerUrl}
          placeholder="https://stint.example.org"
          inputMode="url"
          isRequired
          error={describeFieldError(signIn.error, 'serverUrl')}
        />
        <TextField
          label="E-mail"
          type="email"
          value={email}
          onChange={setEmail}
          autoComplete="email"
          isRequired
          error={describeFieldError(signIn.error, 'email')}
        />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          isRequired
        />
        <div className={styles.actions}>
          <Button variant="primary" type="submit" isPending={signIn.isPending}>
            {signIn.isPending ? 'Signing in…' : 'Sign in'}
          </Button>
        </div>
      </StartForm>
    </StartLayout>
  );
}
