import { showToast } from '../ui/toast.tsx';
import { isDialogOpen, isTyping } from './shortcuts.ts';

/**
 * Shows what the system handed to the program. Any page on the web can have a link opened: somebody who is writing is
 * asked first, since what they wrote may be kept nowhere yet.
 */
export function showOpened(path: string, navigate: (path: string) => void): void {
  if (!isDialogOpen() && !isTyping(document.activeElement)) {
    navigate(path);
    return;
  }
  showToast({
    title: path.startsWith('/join') ? 'An invitation was opened' : 'A bundle was opened',
    description: 'Finish what you are writing first, if you like.',
    action: { label: 'Show it', onPress: () => navigate(path) },
  });
}
