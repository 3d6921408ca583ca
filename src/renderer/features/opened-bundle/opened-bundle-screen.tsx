import { useState } from 'react';
import { ArrowLeft, X } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useAction, useRequest } from '../../client/use-request.ts';
import { ConnectionBanner } from '../../frame/connection-banner.tsx';
import { useSeatIfAny } from '../../frame/seat.tsx';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/panes.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted, Row } from '../../ui/stack.tsx';
import { BundleCheck } from './bundle-check.tsx';
import { OpenedEngagement } from './opened-engagement.tsx';
import styles from './opened-bundle.module.css';

export interface OpenedBundleScreenProps {
  readonly params: { readonly bundleId: string };
}

/** A bundle as a document: nothing in it can be changed, and nobody needs an account to read it. */
export function OpenedBundleScreen({ params: { bundleId } }: OpenedBundleScreenProps) {
  const view = useSeatIfAny();
  const [, navigate] = useLocation();
  const [index, setIndex] = useState(0);
  const bundle = useRequest('bundles.opened', { bundleId });
  const engagement = useRequest('bundles.openedEngagement', { bundleId, index });
  const home =
    view === undefined
      ? { path: '/start', label: 'Back to the start' }
      : view.isIntern
        ? { path: '/', label: 'Back to your work' }
        : { path: '/bundles', label: 'Bundles' };
  const close = useAction('bundle.close', { onSuccess: () => navigate(home.path) });
  const back = (
    <Link href={home.path} className={styles.back}>
      <ArrowLeft aria-hidden /> {home.label}
    </Link>
  );
  const { data } = bundle;
  return (
    <main className={styles.screen}>
      <ConnectionBanner />
      {bundle.isError ? (
        <Page title="A bundle" lead={back} width="reading">
          <ErrorNotice error={bundle.error} title="This bundle cannot be shown" />
        </Page>
      ) : data === undefined ? (
        <Skeleton lines={8} label="Opening the bundle" />
      ) : (
        <Page
          title={data.title}
          lead={
            <Row isSpread>
              {back}
              <Button size="small" icon={<X />} onPress={() => close.mutate({ bundleId })}>
                Close the bundle
              </Button>
            </Row>
          }
          width="reading"
        >
          <p>
            <Muted>
              {isolate(data.organizationName)} · {isolate(data.fileName)},{' '}
              {formatBytes(data.sizeBytes)} · Read only
            </Muted>
          </p>
          <BundleCheck check={data.check} />
          {data.engagements.length === 1 ? null : (
            <Select
              label="Whose work"
              options={data.engagements.map((each) => ({
                id: String(each.index),
                label: each.internName,
                description: `${isolate(each.projectTitle)}, ${each.acceptedCount} of ${formatPlural(each.taskCount, 'task', 'tasks')} accepted`,
              }))}
              value={String(index)}
              onChange={(id) => setIndex(Number(id))}
            />
          )}
          {engagement.isError ? (
            <ErrorNotice error={engagement.error} title="This part cannot be shown" />
          ) : engagement.data === undefined ? (
            <Skeleton lines={8} label="Reading the engagement" />
          ) : (
            <OpenedEngagement
              key={engagement.data.engagement.id}
              bundleId={bundleId}
              document={engagement.data}
            />
          )}
        </Page>
      )}
    </main>
  );
}
