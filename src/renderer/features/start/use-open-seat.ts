import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { keepSeatChoice } from '../../frame/seat-choice.ts';
import { useSeatIfAny } from '../../frame/seat.tsx';

/** Opens a seat that was just made: its list is asked for first, so that the seat is known there. */
export function useOpenSeat(): (seatId: string) => void {
  const queryClient = useQueryClient();
  const choose = useSeatIfAny()?.choose;
  const [, navigate] = useLocation();
  return useCallback(
    (seatId) => {
      keepSeatChoice(seatId);
      const open = async () => {
        await queryClient.refetchQueries({ queryKey: ['app.state'] });
        choose?.(seatId);
        navigate('/');
      };
      void open();
    },
    [queryClient, choose, navigate],
  );
}
