import { useState } from 'react';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/panes.tsx';
import { ChangePasswordDialog } from './change-password-dialog.tsx';
import { CloseAccountDialog } from './close-account-dialog.tsx';
import { computeAccountKey, listAccounts } from './list-accounts.ts';
import styles from './settings-screen.module.css';

/** Each account that this computer is signed in to, with the ways to change its password and to close it. */
export function AccountSetting({ seats }: { readonly seats: readonly Seat[] }) {
  const [closing, setClosing] = useState<Seat>();
  const [changing, setChanging] = useState<Seat>();
  const accounts = listAccounts(seats);
  if (accounts.length === 0) return null;
  return (
    <Section title={accounts.length === 1 ? 'Your account' : 'Your accounts'}>
      <ul className={styles.seats}>
        {accounts.map((seat) => (
          <li key={seat.seatId} className={styles.seat}>
            <div className={styles.seatText}>
              <strong>{seat.email}</strong>
              <span className={styles.quiet}>{seat.serverUrl}</span>
            </div>
            <Button
              variant="quiet"
              aria-label={`Change password… ${seat.email}`}
              onPress={() => setChanging(seat)}
            >
              Change password…
            </Button>
            <Button
              variant="quiet"
              aria-label={`Close the account… ${seat.email}`}
              onPress={() => setClosing(seat)}
            >
              Close the account…
            </Button>
          </li>
        ))}
      </ul>
      {changing === undefined ? null : (
        <ChangePasswordDialog account={changing} onClose={() => setChanging(undefined)} />
      )}
      {closing === undefined ? null : (
        <CloseAccountDialog
          account={closing}
          seats={seats.filter((seat) => computeAccountKey(seat) === computeAccountKey(closing))}
          onClose={() => setClosing(undefined)}
        />
      )}
    </Section>
  );
}
