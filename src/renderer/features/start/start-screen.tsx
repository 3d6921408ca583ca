import { Building2, ChevronRight, MailOpen, PackageOpen, Sparkles } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { Link } from 'wouter';
import { describeError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { useSeatIfAny } from '../../frame/seat.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useOpenBundle } from '../opened-bundle/use-open-bundle.ts';
import { StartLayout } from './start-layout.tsx';
import { useOpenSeat } from './use-open-seat.ts';
import styles from './start.module.css';

/** The first screen of all, and the way to one more organization. */
export function StartScreen() {
  const view = useSeatIfAny();
  const openSeat = useOpenSeat();
  const sample = useAction('sample.start', {
    isInline: true,
    onSuccess: ({ employerSeatId }) => openSeat(employerSeatId),
  });
  const { isOpening, openFile } = useOpenBundle();
  const hasSample = view?.seats.some(({ isSample }) => isSample) ?? false;
  return (
    <StartLayout
      title={view === undefined ? 'Welcome to Stint' : 'Add an organization'}
      lead="Micro-internships from the first task to the finished work, with or without a connection."
      hasWayBack={false}
    >
      {sample.isError ? (
        <Notice tone="negative" title="The sample could not be started" isLive>
          {describeError(sample.error)}
        </Notice>
      ) : null}
      <ul className={styles.offers}>
        {hasSample ? null : (
          <li>
            <button
              type="button"
              className={styles.offer}
              aria-disabled={sample.isPending}
              onClick={() => {
                if (!sample.isPending) sample.mutate({});
              }}
            >
              <Sparkles aria-hidden />
              <span>
                <span className={styles.offerTitle}>
                  {sample.isPending ? 'Setting up the sample…' : 'Try the sample'}
                </span>
                <span className={styles.offerText}>
                  {sample.isPending
                    ? 'A server and two people with their work are being made on this computer. This takes some seconds.'
                    : 'A market-research job with its tasks, on this computer alone. You can be the employer and the intern in turn.'}
                </span>
              </span>
              <ChevronRight aria-hidden className={styles.chevron} />
            </button>
          </li>
        )}
        <li>
          <Link href="/join" className={styles.offer}>
            <MailOpen aria-hidden />
            <span>
              <span className={styles.offerTitle}>Join with an invitation</span>
              <span className={styles.offerText}>
                You have a link from an employer. You see the terms before you accept.
              </span>
            </span>
            <ChevronRight aria-hidden className={styles.chevron} />
          </Link>
        </li>
        <li>
          <Link href="/create-organization" className={styles.offer}>
            <Building2 aria-hidden />
            <span>
              <span className={styles.offerTitle}>Set up an organization</span>
              <span className={styles.offerText}>
                You give work, on a server of yours or of your career office.
              </span>
            </span>
            <ChevronRight aria-hidden className={styles.chevron} />
          </Link>
        </li>
      </ul>
      <div className={styles.open}>
        <FileTrigger
          acceptedFileTypes={['.zip']}
          onSelect={(list) => {
            const file = list?.item(0);
            if (file) openFile(file);
          }}
        >
          <Button variant="quiet" icon={<PackageOpen />} isPending={isOpening}>
            {isOpening ? 'Opening…' : 'Open a bundle you were given'}
          </Button>
        </FileTrigger>
      </div>
      <p className={styles.offerText}>
        Working already on another computer? <Link href="/sign-in">Sign in</Link>
      </p>
    </StartLayout>
  );
}
