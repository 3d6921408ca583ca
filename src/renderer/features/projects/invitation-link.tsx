import { Copy } from 'lucide-react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { Button } from '../../ui/button.tsx';
import { Muted } from '../../ui/stack.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import styles from './invitation-link.module.css';

export interface InvitationLinkProps {
  readonly link: string;
  readonly name: string;
  /** Until then nobody can use it. */
  readonly isOnServer: boolean;
  /** It has just been made: to copy it is the next thing. */
  readonly isFresh?: boolean;
}

/** The link to send, and when it works. */
export function InvitationLink({ link, name, isOnServer, isFresh = false }: InvitationLinkProps) {
  const { copyText, fallback } = useCopyText();
  return (
    <div className={styles.invitation}>
      <div className={styles.line}>
        <code className={styles.link}>{link}</code>
        <Button
          icon={<Copy />}
          onPress={() => copyText(link, 'Link')}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the form that held the focus is gone.
          autoFocus={isFresh}
        >
          Copy
        </Button>
      </div>
      <Muted>
        {isOnServer
          ? `Send it to ${isolate(name)} the way you usually write to each other. It works once, for one person.`
          : 'It works once this computer has been online and the invitation has reached the server. You can send it already.'}
      </Muted>
      {fallback}
    </div>
  );
}
