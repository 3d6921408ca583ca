import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatPlural } from '../../format/numbers.ts';
import { showToast } from '../../ui/toast.tsx';
import { downloadExport } from '../history/download-export.ts';

/** Everything that is held about the person here, as a file. */
export const useExportOwnData = () =>
  useAction('people.exportOwnData', {
    failure: 'Your data were not exported',
    onSuccess: ({ fileName, missing }) => {
      downloadExport(fileName);
      showToast({
        title: 'Your data are exported',
        description:
          missing.length === 0
            ? fileName
            : `${isolate(fileName)}; ${formatPlural(missing.length, 'file is on the server alone and is named in it', 'files are on the server alone and are named in it')}`,
      });
    },
  });
