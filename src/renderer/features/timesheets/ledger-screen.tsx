import { hoursLedger, keptFromEmployer } from '../../../shared/domain/hours-ledger.ts';
import { Page, Section } from '../../ui/panes.tsx';
import styles from './ledger.module.css';

/** What is recorded of hours, and who sees it: made from the very list that the wire is tested against. */
export function LedgerScreen() {
  return (
    <Page title="What is recorded of hours" width="reading">
      <p className={styles.lead}>
        This is everything that the employer gets of an intern’s hours, and why. Nothing else of
        them leaves the intern’s computer.
      </p>
      {hoursLedger.map((part) => (
        <Section key={part.table} title={part.title}>
          <dl className={styles.lines}>
            {part.lines.map((line) => (
              <div key={line.title}>
                <dt>{line.title}</dt>
                <dd>{line.why}</dd>
              </div>
            ))}
          </dl>
        </Section>
      ))}
      <Section title="What the employer does not get">
        <ul className={styles.kept}>
          {keptFromEmployer.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Section>
    </Page>
  );
}
