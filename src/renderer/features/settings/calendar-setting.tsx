import { useState } from 'react';
import { CalendarDays } from 'lucide-react';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { describeError } from '../../client/describe-error.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime, formatPlainDate } from '../../format/date-time.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Section } from '../../ui/panes.tsx';
import { Row, Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import { downloadExport } from '../history/download-export.ts';
import exchangeStyles from '../hours/exchange/exchange.module.css';
import styles from './settings-screen.module.css';

/** Deadlines in the person's own calendar: once as a file, or by an address that calendars read again and again. */
export function CalendarSetting({ seats }: { readonly seats: readonly Seat[] }) {
  const save = useAction('calendar.export', {
    failure: 'Nothing was exported',
    onSuccess: ({ fileName, events }) => {
      downloadExport(fileName);
      showToast({
        title: `${formatPlural(events, 'deadline', 'deadlines')} exported`,
        description: fileName,
      });
    },
  });
  // An address is an account's: two organizations on one server share it.
  const accounts = [
    ...Map.groupBy(
      seats.filter(({ isSample, isAccountClosed }) => !isSample && !isAccountClosed),
      ({ serverUrl, email }) => JSON.stringify([serverUrl, email]),
    ).entries(),
  ];
  return (
    <Section title="Deadlines in your calendar">
      <Stack gap={2}>
        <p className={styles.quiet}>
          The deadlines of what is still open, with the time in both zones. A file is as of now; an
          address is read by your calendar again and again, and knows what was moved.
        </p>
        <div>
          <Button
            icon={<CalendarDays />}
            isPending={save.isPending}
            onPress={() => save.mutate({})}
          >
            Export deadlines
          </Button>
        </div>
        {accounts.length === 0 ? null : (
          <ul className={exchangeStyles.feeds}>
            {accounts.map(([key, [first]]) =>
              first === undefined ? null : (
                <li key={key}>
                  <Feed seat={first} />
                </li>
              ),
            )}
          </ul>
        )}
      </Stack>
    </Section>
  );
}

function Feed({ seat: { seatId, serverUrl, email } }: { readonly seat: Seat }) {
  const feed = useRequest('calendar.getFeed', { seatId });
  const { copyText, fallback } = useCopyText();
  const [asked, setAsked] = useState<'renew' | 'end'>();
  const renew = useAction('calendar.renewFeed', {
    failure: 'There is no new address; the one before still works',
    onSuccess: ({ url }) => copyText(url, 'Address of your deadlines'),
  });
  const end = useAction('calendar.endFeed', {
    failure: 'Not ended; the address still works',
    onSuccess: () => showToast({ title: 'The address answers nothing any more' }),
  });
  const { data } = feed;
  const url = data?.url ?? null;
  const isThere = data !== undefined && data.createdAt !== null;
  return (
    <Stack gap={1}>
      <strong>{email}</strong>
      <span className={cx(styles.quiet, exchangeStyles.state)}>
        {feed.isError
          ? `Not known now: ${describeError(feed.error)}`
          : data === undefined
            ? 'Asking the server…'
            : data.createdAt === null
              ? `No address on ${serverUrl} yet.`
              : `Made ${formatDateTime(data.createdAt)}, ${data.lastUsedAt === null ? 'not read by any calendar yet' : `last read on ${formatPlainDate(data.lastUsedAt)}`}. ${url === null ? 'It was made on another device; make a new one to have it here.' : 'Whoever knows it reads your deadlines: keep it to yourself.'}`}
      </span>
      {url === null ? null : <code className={exchangeStyles.address}>{url}</code>}
      {data === undefined ? null : (
        <Row gap={1}>
          {url === null ? null : (
            <Button onPress={() => copyText(url, 'Address of your deadlines')}>Copy address</Button>
          )}
          <Button
            isDisabled={renew.isPending}
            onPress={() => (isThere ? setAsked('renew') : renew.mutate({ seatId }))}
          >
            {isThere ? 'Make a new address' : 'Make an address'}
          </Button>
          {isThere ? (
            <Button variant="quiet" onPress={() => setAsked('end')}>
              End it
            </Button>
          ) : null}
        </Row>
      )}
      {fallback}
      <Dialog
        isOpen={asked !== undefined}
        onOpenChange={() => setAsked(undefined)}
        title={asked === 'end' ? 'End this address?' : 'Make a new address?'}
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setAsked(undefined)}>Keep it as it is</Button>
            <Button
              variant="danger"
              onPress={() => {
                setAsked(undefined);
                if (asked === 'end') end.mutate({ seatId });
                else renew.mutate({ seatId });
              }}
            >
              {asked === 'end' ? 'End it' : 'Make a new one'}
            </Button>
          </>
        }
      >
        <p>
          The address that is there answers nothing any more, and never will again: calendars that
          read it show nothing new. Your deadlines stay in Stint.
        </p>
      </Dialog>
    </Stack>
  );
}
