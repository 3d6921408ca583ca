import { useEffect, useRef, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import styles from './overlay.module.css';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly footer?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  /** For what cannot be undone: a click outside does not close it. */
  readonly isAlert?: boolean;
  /** Holds what a person types: a click beside it must not throw that away. Escape still closes it. */
  readonly isForm?: boolean;
}

const sizes = {
  small: styles.modalSmall,
  medium: styles.modalMedium,
  large: styles.modalLarge,
} as const;

/**
 * A button that has the focus and can be pressed no more drops it, and the document has it: the keys would reach the
 * dialog no longer, Escape among them. Only after it was painted has the browser noticed.
 */
function KeptFocus() {
  const placeRef = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (document.activeElement === document.body)
          placeRef.current?.closest<HTMLElement>('[role]')?.focus();
      });
    });
    return () => cancelAnimationFrame(frame);
  });
  return <span ref={placeRef} hidden />;
}

/** A modal dialog: keeps the focus inside, closes with Escape, gives the focus back. */
export function Dialog({
  isOpen,
  onOpenChange,
  title,
  children,
  footer,
  size = 'medium',
  isAlert = false,
  isForm = false,
}: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={!isAlert && !isForm}
      className={cx(styles.scrim)}
      data-modal
    >
      <Modal className={cx(styles.modal, sizes[size])}>
        <AriaDialog role={isAlert ? 'alertdialog' : 'dialog'} className={cx(styles.dialog)}>
          <div className={styles.dialogHeader}>
            <Heading slot="title" className={cx(styles.dialogTitle)}>
              {title}
            </Heading>
            <IconButton label="Close" icon={<X />} onPress={() => onOpenChange(false)} />
          </div>
          <div className={styles.dialogBody}>{children}</div>
          {footer === undefined ? null : <div className={styles.dialogFooter}>{footer}</div>}
          <KeptFocus />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
