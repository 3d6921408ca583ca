import { Link } from 'wouter';
import { useRequest } from '../../client/use-request.ts';
import { formatDate } from '../../format/date-time.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { vaultPath } from '../../routes.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Section } from '../../ui/panes.tsx';
import styles from './waiting-screen.module.css';

/** Work for tasks that have left the person's sight (SY-10); nothing while there is none. */
export function KeptSection() {
  const vault = useRequest('vault.list', {});
  if (vault.isLoadingError)
    return <ErrorNotice error={vault.error} onRetry={() => void vault.refetch()} />;
  const items = vault.data ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={`Kept on this computer: ${items.length}`}>
      <p className={styles.quiet}>
        What you had prepared for tasks that you cannot see any more, as you left it. It stays on
        this computer until you remove it; export it to have it elsewhere.
      </p>
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={`${item.seatId}/${item.vaultId}`} className={styles.line}>
            <span className={styles.what}>
              <Link href={vaultPath(item.seatId, item.vaultId)}>
                <bdi>{item.taskTitle}</bdi>
              </Link>{' '}
              <span className={styles.quiet}>{item.organizationName}</span>
            </span>
            <span className={styles.when}>
              {[
                ...(item.fileCount === 0
                  ? []
                  : [
                      `${formatPlural(item.fileCount, 'file', 'files')}, ${formatBytes(item.sizeBytes)}`,
                    ]),
                ...(item.unsentCount === 0
                  ? []
                  : [`${formatPlural(item.unsentCount, 'change', 'changes')} not sent in time`]),
                `since ${formatDate(item.movedAt)}`,
                item.exportedAt === null ? 'not exported yet' : 'exported',
              ].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
