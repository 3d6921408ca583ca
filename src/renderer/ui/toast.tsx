import type { CSSProperties } from 'react';
import { X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as AriaToastRegion,
} from 'react-aria-components';
import { Button, IconButton } from './button.tsx';
import { cx } from './cx.ts';
import { useFootHeight } from './foot-height.ts';
import styles from './toast.module.css';

export interface ToastMessage {
  readonly title: string;
  readonly description?: string;
  readonly tone?: 'neutral' | 'positive' | 'negative';
  /** Offers "Undo"; the toast then stays for ten seconds. */
  readonly onUndo?: () => void;
  readonly action?: { readonly label: string; readonly onPress: () => void };
}

const queue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 });

/** A failure stays until it is closed; everything else goes by itself. Returns a function that closes it. */
export function showToast(message: ToastMessage): () => void {
  const timeoutMs = message.onUndo !== undefined || message.action !== undefined ? 10_000 : 5_000;
  const key = queue.add(message, message.tone === 'negative' ? {} : { timeout: timeoutMs });
  return () => queue.close(key);
}

/** Rendered once, by the frame. */
export function ToastRegion() {
  const footHeightPx = useFootHeight();
  return (
    <AriaToastRegion
      queue={queue}
      className={cx(styles.region)}
      aria-label="Messages"
      style={{ '--foot-height': `${footHeightPx}px` } as CSSProperties}
    >
      {({ toast }) => {
        const { title, description, tone = 'neutral', onUndo, action } = toast.content;
        return (
          <AriaToast toast={toast} className={cx(styles.toast, styles[tone])}>
            <ToastContent className={cx(styles.content)}>
              <Text slot="title" className={cx(styles.title)}>
                {title}
              </Text>
              {description === undefined ? null : (
                <Text slot="description" className={cx(styles.description)}>
                  {description}
                </Text>
              )}
            </ToastContent>
            {onUndo === undefined ? null : (
              <Button
                size="small"
                onPress={() => {
                  queue.close(toast.key);
                  onUndo();
                }}
              >
                Undo
              </Button>
            )}
            {action === undefined ? null : (
              <Button
                size="small"
                onPress={() => {
                  queue.close(toast.key);
                  action.onPress();
                }}
              >
                {action.label}
              </Button>
            )}
            <IconButton slot="close" size="small" label="Close" icon={<X />} />
          </AriaToast>
        );
      }}
    </AriaToastRegion>
  );
}
