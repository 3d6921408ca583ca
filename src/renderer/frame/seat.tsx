import { createContext, use, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { RequestOutput } from '../../shared/contract/contract.ts';
import type { Seat } from '../../shared/contract/shapes.ts';
import { keepSeatChoice, readSeatChoice, subscribeSeatChoice } from './seat-choice.ts';

export type AppState = RequestOutput<'app.state'>;

export interface SeatView {
  readonly app: AppState;
  readonly seats: readonly Seat[];
  /** The seat looked through. With several internships shown as one, the first of them. */
  readonly seat: Seat;
  readonly isIntern: boolean;
  /** Passed to requests that can answer over all internships: undefined means all of them. */
  readonly scopeSeatId: string | undefined;
  readonly internSeats: readonly Seat[];
  /** A seat's id, or `allInternships`. */
  readonly choose: (choice: string) => void;
}

const SeatContext = createContext<SeatView | undefined>(undefined);

export function SeatProvider({
  app,
  children,
}: {
  readonly app: AppState;
  readonly children: ReactNode;
}) {
  const choice = useSyncExternalStore(subscribeSeatChoice, readSeatChoice);
  const view = useMemo(() => computeSeatView(app, choice), [app, choice]);
  return <SeatContext value={view}>{children}</SeatContext>;
}

function computeSeatView(app: AppState, choice: string | undefined): SeatView | undefined {
  const internSeats = app.seats.filter(({ role }) => role === 'intern');
  const chosen = app.seats.find(({ seatId }) => seatId === choice);
  const seat = chosen ?? (choice === undefined ? undefined : internSeats[0]) ?? app.seats[0];
  if (seat === undefined) return undefined;
  const isIntern = seat.role === 'intern';
  return {
    app,
    seats: app.seats,
    seat,
    isIntern,
    scopeSeatId:
      isIntern && chosen === undefined && internSeats.length > 1 ? undefined : seat.seatId,
    internSeats,
    choose: keepSeatChoice,
  };
}

/** Undefined before the first organization was joined or set up. */
export function useSeatIfAny(): SeatView | undefined {
  return use(SeatContext);
}

/** For the screens within the frame, which stand only when there is a seat. */
export function useSeat(): SeatView {
  const view = use(SeatContext);
  if (view === undefined)
    throw new Error('useSeat needs a seat; the frame shows its screens only with one');
  return view;
}
