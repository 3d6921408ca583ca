import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Redirect, useLocation } from 'wouter';
import type { SeatSync } from '../../shared/contract/shapes.ts';
import type { Role } from '../../shared/domain/fields.ts';
import { isolate } from '../../shared/domain/isolate.ts';
import { useConnection } from '../client/connection.ts';
import { useRequest } from '../client/use-request.ts';
import { ClockNotice } from './clock-notice.tsx';
import { CommandPalette } from './command-palette.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { FrameLayout } from './frame-layout.tsx';
import { employerPlaces, internPlaces, type Place } from './places.tsx';
import { Rail, type RailOrganization } from './rail.tsx';
import { allInternships } from './seat-choice.ts';
import { useSeat, useSeatIfAny, type SeatView } from './seat.tsx';
import { useShortcut } from './shortcuts.ts';
import { useConnectionReport } from './use-connection-report.ts';
import { computeSyncHeadline } from './sync-headline.ts';
import { StartTimerDialog } from './start-timer-dialog.tsx';
import { SyncPill } from './sync-pill.tsx';
import { TimerGap } from './timer-gap.tsx';
import { TimerQuestions } from './timer-questions.tsx';
import { TimerPill } from './timer-pill.tsx';
import { TopBar } from './top-bar.tsx';
import { useFrameCommands } from './use-frame-commands.tsx';
import { useTimer, type TimerControl } from './use-timer.ts';

const roleNames: Record<Role, string> = { owner: 'Owner', manager: 'Manager', intern: 'Intern' };

const problems: Partial<Record<SeatSync['state'], string>> = {
  attention: 'Needs your attention',
  signed_out: 'Sign in again; your work is safe',
  update_needed: 'Update needed',
};

function listOrganizations({ seats, internSeats }: SeatView): readonly RailOrganization[] {
  const all =
    internSeats.length > 1
      ? [{ id: allInternships, name: 'All internships', role: `${internSeats.length} together` }]
      : [];
  // One person's own name says nothing new; on a sample with two people it tells the seats apart.
  const isOnePerson = new Set(seats.map(({ displayName }) => displayName)).size === 1;
  return [
    ...all,
    ...seats.map((seat) => ({
      id: seat.seatId,
      name: seat.organizationName,
      role: isOnePerson
        ? roleNames[seat.role]
        : // First the role: a long name is cut off, and two seats of the sample differ by it.
          `${roleNames[seat.role]}, ${isolate(seat.displayName)}`,
      problem: problems[seat.sync.state],
    })),
  ];
}

/** What surrounds every screen once there is an organization. Without one, it leads to the first start. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return useSeatIfAny() === undefined ? (
    <Redirect to="/start" replace />
  ) : (
    <FrameWithSeat>{children}</FrameWithSeat>
  );
}

function FrameWithSeat({ children }: { readonly children: ReactNode }) {
  const view = useSeat();
  const { seat, isIntern, scopeSeatId, internSeats, choose } = view;
  const [, navigate] = useLocation();
  const connection = useConnection();
  const sync = useRequest('sync.status', {});
  const internSeatIds = useMemo(() => internSeats.map(({ seatId }) => seatId), [internSeats]);
  const timer = useTimer(internSeatIds);
  const places = isIntern ? internPlaces : employerPlaces;
  const queue = useRequest('review.queue', isIntern ? undefined : { seatId: seat.seatId });
  const waitingForReview = queue.data?.waitingTotal ?? 0;
  const asked = useRequest('asked.list', isIntern ? undefined : { seatId: seat.seatId }).data;
  const waitingForAnswer =
    asked === undefined ? 0 : asked.questions.length + asked.extensions.length;
  const counts = useMemo(
    () => ({ '/review': waitingForReview, '/overview': waitingForAnswer }),
    [waitingForReview, waitingForAnswer],
  );

  const chooseOrganization = useCallback(
    (id: string) => {
      choose(id);
      // The same screen of another organization would show things that are not there.
      navigate('/');
    },
    [choose, navigate],
  );

  return (
    <>
      <PlaceShortcuts places={places} />
      <FrameLayout
        bar={
          <BarWithPalette
            timer={timer}
            isIntern={isIntern}
            sync={<SyncPill headline={computeSyncHeadline(sync.data?.overall, connection)} />}
          />
        }
        rail={
          <Rail
            places={places}
            counts={counts}
            organizations={listOrganizations(view)}
            currentOrganizationId={scopeSeatId ?? allInternships}
            onChooseOrganization={chooseOrganization}
          />
        }
        banner={
          <>
            <ConnectionBanner />
            <ClockNotice differenceMs={sync.data?.clockDifferenceMs ?? null} />
            {timer.running === null ? null : <TimerGap timer={timer.running} />}
            {internSeats.length === 0 ? null : <TimerQuestions />}
          </>
        }
      >
        {children}
      </FrameLayout>
    </>
  );
}

function BarWithPalette({
  timer,
  isIntern,
  sync,
}: {
  readonly timer: TimerControl;
  readonly isIntern: boolean;
  readonly sync: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [isStarting, setIsStarting] = useState(false);
  const { scopeSeatId } = useSeat();
  const [typed, setTyped] = useState('');
  const commands = useFrameCommands(isOpen, typed, timer);
  const openPalette = useCallback(() => {
    setTyped('');
    setIsOpen(true);
  }, []);
  const [, navigate] = useLocation();
  useConnectionReport();
  useShortcut(
    { keys: ['Mod', 'K'], label: 'Search and commands', group: 'Everywhere' },
    openPalette,
  );
  useShortcut({ keys: ['?'], label: 'This page', group: 'Everywhere' }, () =>
    navigate('/shortcuts'),
  );
  useShortcut(
    { keys: ['S'], label: 'Start or stop the timer', group: 'Everywhere' },
    () => (timer.running === null ? timer.resume() : timer.stop()),
    isIntern,
  );
  useShortcut(
    { keys: ['N'], label: 'Start the timer with a note', group: 'Timer' },
    () => setIsStarting(true),
    isIntern,
  );
  return (
    <>
      {isStarting ? (
        <StartTimerDialog
          timer={timer}
          scopeSeatId={scopeSeatId}
          onClose={() => setIsStarting(false)}
        />
      ) : null}
      <TopBar
        onOpenPalette={openPalette}
        timer={isIntern || timer.running !== null ? <TimerPill timer={timer} /> : null}
        sync={sync}
      />
      <CommandPalette
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        typed={typed}
        onType={setTyped}
        commands={commands}
      />
    </>
  );
}

function PlaceShortcuts({ places }: { readonly places: readonly Place[] }) {
  return (
    <>
      {places.map((place) => (
        <GoTo key={place.path} path={place.path} label={place.label} goKey={place.goKey} />
      ))}
      <GoTo path="/waiting" label="What waits to be synchronised" goKey="S" />
      <GoTo path="/settings" label="Settings" goKey="," />
    </>
  );
}

function GoTo({ path, label, goKey }: Pick<Place, 'path' | 'label' | 'goKey'>) {
  const [, navigate] = useLocation();
  useShortcut({ keys: ['G', 'then', goKey], label, group: 'Go to' }, () => navigate(path));
  return null;
}
