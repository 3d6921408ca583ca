import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { keepSeatChoice } from '../../frame/seat-choice.ts';

/** Opens a seat that was just made: its list is asked for first, so that the seat is known there. */
export function useOpenSeat(): (seatId: string) => void {
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  return useCallback(
    (seatId) => {
      keepSeatChoice(seatId);
      const open = async () => {
        await queryClient.refetchQueries({ queryKey: ['app.state'] });
        navigate('/');
      };
      void open();
    },
    [queryClient, navigate],
  );
}
