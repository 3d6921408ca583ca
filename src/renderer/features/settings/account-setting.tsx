import { useState } from 'react';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/panes.tsx';
import { CloseAccountDialog } from './close-account-dialog.tsx';
import { computeAccountKey, listAccounts } from './list-accounts.ts';
import styles from './settings-screen.module.css';

/** Each account that this computer is signed in to, with the way to close it. */
export function AccountSetting({ seats }: { readonly seats: readonly Seat[] }) {
  const [closing, setClosing] = useState<Seat>();
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
              aria-label={`Close the account… ${seat.email}`}
              onPress={() => setClosing(seat)}
            >
              Close the account…
            </Button>
          </li>
        ))}
      </ul>
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
