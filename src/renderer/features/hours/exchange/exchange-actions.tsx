import { useState } from 'react';
import { FileDown, FileUp } from 'lucide-react';
import { useShortcut } from '../../../frame/shortcuts.ts';
import { Button } from '../../../ui/button.tsx';
import { ExportHoursDialog, type ExportHoursDialogProps } from './export-hours-dialog.tsx';
import { ImportHoursDialog } from './import-hours-dialog.tsx';

export interface ExchangeActionsProps extends Omit<ExportHoursDialogProps, 'onClose'> {
  /** Time is recorded by interns: employers take hours out, and put none in. */
  readonly canImport: boolean;
  readonly isSmall?: boolean;
}

/** Hours out to other programs, and in from them. */
export function ExchangeActions({ canImport, isSmall = false, ...wanted }: ExchangeActionsProps) {
  const [open, setOpen] = useState<'export' | 'import'>();
  const close = () => setOpen(undefined);
  const size = isSmall ? 'small' : 'medium';
  useShortcut({ keys: ['E'], label: 'Export hours', group: 'Hours' }, () => setOpen('export'));
  useShortcut(
    { keys: ['I'], label: 'Import hours', group: 'Hours' },
    () => setOpen('import'),
    canImport,
  );
  return (
    <>
      {canImport ? (
        <Button size={size} icon={<FileUp />} keys={['I']} onPress={() => setOpen('import')}>
          Import
        </Button>
      ) : null}
      <Button size={size} icon={<FileDown />} keys={['E']} onPress={() => setOpen('export')}>
        Export
      </Button>
      {open === 'export' ? <ExportHoursDialog {...wanted} onClose={close} /> : null}
      {open === 'import' ? <ImportHoursDialog seatId={wanted.seatId} onClose={close} /> : null}
    </>
  );
}
