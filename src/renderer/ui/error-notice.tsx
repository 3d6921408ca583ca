import { describeError } from '../client/describe-error.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

export interface ErrorNoticeProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** What a screen shows in the place of an answer that did not come. */
export function ErrorNotice({ error, title = 'That did not work', onRetry }: ErrorNoticeProps) {
  return (
    <Notice
      tone="negative"
      title={title}
      isLive
      {...(onRetry === undefined
        ? {}
        : {
            action: (
              <Button size="small" onPress={onRetry}>
                Try again
              </Button>
            ),
          })}
    >
      {describeError(error)}
    </Notice>
  );
}
