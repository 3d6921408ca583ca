import { useCallback, useEffect, useState } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { useLocation } from 'wouter';
import { followChanges, type ArrivedEvent } from './client/change-feed.ts';
import { setConnection, useConnection } from './client/connection.ts';
import { carrier } from './client/host.ts';
import { queries } from './client/queries.ts';
import { useAction, useRequest } from './client/use-request.ts';
import { locale } from './format/locale.ts';
import { RecoveryScreen } from './features/recovery/recovery-screen.tsx';
import { ConnectionBanner } from './frame/connection-banner.tsx';
import { SeatProvider } from './frame/seat.tsx';
import { isDialogOpen } from './frame/shortcuts.ts';
import { showOpened } from './frame/show-opened.ts';
import { useFollowTheme } from './frame/theme.ts';
import { taskPath } from './routes.ts';
import { Screens } from './screens.tsx';
import { ErrorNotice } from './ui/error-notice.tsx';
import { OpenExternalContext } from './ui/open-external.ts';
import { Skeleton } from './ui/skeleton.tsx';
import { showToast, ToastRegion } from './ui/toast.tsx';

export function App() {
  const [, navigate] = useLocation();
  return (
    <QueryClientProvider client={queries}>
      <I18nProvider locale={locale}>
        <RouterProvider navigate={navigate}>
          <Workspace />
          <ToastRegion />
        </RouterProvider>
      </I18nProvider>
    </QueryClientProvider>
  );
}

type AppQuery = ReturnType<typeof useRequest<'app.state'>>;

function Workspace() {
  const app = useRequest('app.state', {});
  const { mutate: openInBrowser } = useAction('app.openExternal', {
    failure: 'The link was not opened',
  });
  const openExternal = useCallback((url: string) => openInBrowser({ url }), [openInBrowser]);
  const connection = useConnection();
  useChangeFeed();
  useFollowTheme(app.data?.settings.theme);

  const isDamaged = useIsDamaged(app);
  // Found at the start, or while people worked: then what stands on the screen must not look as if it could be saved.
  if (isDamaged) return <RecoveryScreen />;

  // What was answered once stays on the screen: somebody may be writing there.
  if (app.data === undefined) {
    return (
      <>
        <ConnectionBanner />
        {app.isError && connection !== 'expired' ? (
          <ErrorNotice error={app.error} onRetry={() => void app.refetch()} />
        ) : null}
        {app.isPending ? <Skeleton lines={6} label="Opening the workspace" /> : null}
      </>
    );
  }
  return (
    <OpenExternalContext value={openExternal}>
      <SeatProvider app={app.data}>
        <Screens />
      </SeatProvider>
    </OpenExternalContext>
  );
}

/** Whether the engine can open nothing but the way out. It stays so while it is asked again. */
function useIsDamaged({ isPending, isError, error }: AppQuery): boolean {
  const [isDamaged, setIsDamaged] = useState(false);
  const isDamagedNow = isError && error.code === 'database_damaged';
  if (!isPending && isDamagedNow !== isDamaged) setIsDamaged(isDamagedNow);
  return isDamaged;
}

function useChangeFeed(): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    const onArrived = ({ kind, title, seatId, taskId }: ArrivedEvent) => {
      // Whoever has just handed in looks at the receipt already.
      if (kind === 'receipt' && isDialogOpen()) return;
      const path =
        kind === 'submission' || kind === 'reminder'
          ? '/review'
          : kind === 'person'
            ? '/people'
            : taskId === null
              ? undefined
              : taskPath(seatId, taskId);
      showToast({
        title,
        ...(path === undefined ? {} : { action: { label: 'Open', onPress: () => navigate(path) } }),
      });
    };
    const onOpened = (path: string) => showOpened(path, navigate);
    return followChanges(carrier, { onArrived, onOpened, onConnection: setConnection });
  }, [navigate]);
}
