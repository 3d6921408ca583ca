import { Notification } from 'electron';
import type { EngineEvent } from '../../shared/contract/events.ts';

/** Tells of something that came while the person looks elsewhere. */
export function showArrival(event: EngineEvent, onClick: () => void): void {
  if (event.type !== 'arrived' || !Notification.isSupported()) return;
  const notification = new Notification({ title: 'Stint', body: event.title });
  notification.on('click', onClick);
  notification.show();
}
