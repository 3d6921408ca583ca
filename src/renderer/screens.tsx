import { Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { Frame } from './frame/frame.tsx';
import { employerPlaces, internPlaces } from './frame/places.tsx';
import { useSeat, useSeatIfAny } from './frame/seat.tsx';
import { CreateOrganizationScreen } from './features/start/create-organization-screen.tsx';
import { JoinScreen } from './features/start/join-screen.tsx';
import { SignInScreen } from './features/start/sign-in-screen.tsx';
import { StartScreen } from './features/start/start-screen.tsx';
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { Rehearsal } from './rehearsal.tsx';
import { Skeleton } from './ui/skeleton.tsx';
import { createFetchedScreen, fetchScreensAhead } from './fetched-screen.tsx';

// Each place is fetched by itself, so that the first screen does not wait for all of them.
const TodayScreen = createFetchedScreen(
  async () => (await import('./features/today/today-screen.tsx')).TodayScreen,
);
const TasksScreen = createFetchedScreen(
  async () => (await import('./features/tasks/tasks-screen.tsx')).TasksScreen,
);
const HoursScreen = createFetchedScreen(
  async () => (await import('./features/hours/hours-screen.tsx')).HoursScreen,
);
const RecordScreen = createFetchedScreen(
  async () => (await import('./features/record/record-screen.tsx')).RecordScreen,
);
const TimesheetsScreen = createFetchedScreen(
  async () => (await import('./features/timesheets/timesheets-screen.tsx')).TimesheetsScreen,
);
const LedgerScreen = createFetchedScreen(
  async () => (await import('./features/timesheets/ledger-screen.tsx')).LedgerScreen,
);
const AgreementScreen = createFetchedScreen(
  async () => (await import('./features/agreement/agreement-screen.tsx')).AgreementScreen,
);
const ReviewScreen = createFetchedScreen(
  async () => (await import('./features/review/review-screen.tsx')).ReviewScreen,
);
const ProjectsScreen = createFetchedScreen(
  async () => (await import('./features/projects/projects-screen.tsx')).ProjectsScreen,
);
const PeopleScreen = createFetchedScreen(
  async () => (await import('./features/people/people-screen.tsx')).PeopleScreen,
);
const BundlesScreen = createFetchedScreen(
  async () => (await import('./features/bundles/bundles-screen.tsx')).BundlesScreen,
);
const OpenedBundleScreen = createFetchedScreen(
  async () =>
    (await import('./features/opened-bundle/opened-bundle-screen.tsx')).OpenedBundleScreen,
);
const OverviewScreen = createFetchedScreen(
  async () => (await import('./features/overview/overview-screen.tsx')).OverviewScreen,
);
const SearchScreen = createFetchedScreen(
  async () => (await import('./features/search/search-screen.tsx')).SearchScreen,
);
const HistoryScreen = createFetchedScreen(
  async () => (await import('./features/history/history-screen.tsx')).HistoryScreen,
);
const WaitingScreen = createFetchedScreen(
  async () => (await import('./features/waiting/waiting-screen.tsx')).WaitingScreen,
);
const VaultScreen = createFetchedScreen(
  async () => (await import('./features/vault/vault-screen.tsx')).VaultScreen,
);
const SettingsScreen = createFetchedScreen(
  async () => (await import('./features/settings/settings-screen.tsx')).SettingsScreen,
);
const ShortcutsScreen = createFetchedScreen(
  async () => (await import('./features/shortcuts/shortcuts-screen.tsx')).ShortcutsScreen,
);

/** Which screen stands at which address. A place owns every address below its own. */
export function Screens() {
  const [areScreensHere, setAreScreensHere] = useState(false);
  useEffect(() => {
    void fetchScreensAhead().then(() => setAreScreensHere(true));
  }, []);
  return (
    <Switch>
      <Route path="/start" component={StartScreen} />
      <Route path="/join" component={JoinScreen} />
      <Route path="/create-organization" component={CreateOrganizationScreen} />
      <Route path="/sign-in" component={SignInScreen} />
      <Route path="/opened/:bundleId">
        {(params) => (
          <Suspense fallback={<Skeleton lines={6} />}>
            <OpenedBundleScreen params={params} />
          </Suspense>
        )}
      </Route>
      <Route>
        <Frame>
          <ErrorBoundary>
            <Suspense fallback={<Skeleton lines={6} />}>
              <FramedScreens />
            </Suspense>
          </ErrorBoundary>
          {areScreensHere ? <OtherPlaces /> : null}
        </Frame>
      </Route>
    </Switch>
  );
}

function FramedScreens() {
  return (
    <Switch>
      <Route path="/today" component={TodayScreen} />
      <Route path="/tasks/*?" component={TasksScreen} />
      <Route path="/hours/*?" component={HoursScreen} />
      <Route path="/record" component={RecordScreen} />
      <Route path="/timesheets/*?" component={TimesheetsScreen} />
      <Route path="/ledger" component={LedgerScreen} />
      <Route path="/agreement/*?" component={AgreementScreen} />
      <Route path="/review/*?" component={ReviewScreen} />
      <Route path="/projects/*?" component={ProjectsScreen} />
      <Route path="/people/*?" component={PeopleScreen} />
      <Route path="/bundles/*?" component={BundlesScreen} />
      <Route path="/overview" component={OverviewScreen} />
      <Route path="/search" component={SearchScreen} />
      <Route path="/history" component={HistoryScreen} />
      <Route path="/waiting" component={WaitingScreen} />
      <Route path="/kept/*?" component={VaultScreen} />
      <Route path="/settings" component={SettingsScreen} />
      <Route path="/shortcuts" component={ShortcutsScreen} />
      <Route component={FirstPlace} />
    </Switch>
  );
}

/** The places of the rail but the one that is open. */
function OtherPlaces() {
  const { seat, isIntern } = useSeat();
  const [open] = useLocation();
  // What is drawn is this seat's; which place is left out is told once.
  return <PlacesBut key={seat.seatId} isIntern={isIntern} open={open} />;
}

function PlacesBut({ isIntern, open }: { readonly isIntern: boolean; readonly open: string }) {
  const [paths] = useState(() =>
    (isIntern ? internPlaces : employerPlaces)
      .map(({ path }) => path)
      .filter((path) => path !== open),
  );
  return (
    <Rehearsal paths={paths}>
      <FramedScreens />
    </Rehearsal>
  );
}

/** Where a window opens: an intern's day, or what waits for the employer. */
function FirstPlace() {
  const view = useSeatIfAny();
  if (view === undefined) return <Redirect to="/start" replace />;
  return <Redirect to={view.isIntern ? '/today' : '/review'} replace />;
}
