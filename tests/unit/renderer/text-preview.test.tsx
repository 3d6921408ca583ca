import { QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { queries } from '../../../src/renderer/client/queries.ts';
import { FilePreview } from '../../../src/renderer/features/review/file-preview.tsx';
import { TextPreview } from '../../../src/renderer/features/review/text-preview.tsx';
import type { FileItem } from '../../../src/shared/contract/shapes.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

const sha256 = 'ab'.repeat(32);
const file = { attachmentId: 'a', name: 'notes.txt', sizeBytes: 5, sha256 } as FileItem;

const render = () =>
  renderToStaticMarkup(
    <QueryClientProvider client={queries}>
      <TextPreview seatId="seat" file={file} kind="text" />
    </QueryClientProvider>,
  );

test('a preview that was read stays when it is read again in vain', () => {
  const queryKey = ['preview', sha256, 512 * 1024];
  const query = queries.getQueryCache().build(queries, { queryKey });
  query.setState({
    data: { text: 'Words', isCut: false },
    dataUpdatedAt: 1,
    status: 'error',
    error: new Error('no answer'),
    errorUpdateCount: 1,
    errorUpdatedAt: 2,
  });
  expect(render()).toContain('Words');
  queries.clear();
});

test.each([null, 'said'])(
  'a page shows its source to whoever asks where a comment is (%s)',
  (id) => {
    const page = { ...file, name: 'page.html', mediaType: 'text/html' };
    const markup = renderToStaticMarkup(
      <QueryClientProvider client={queries}>
        <FilePreview
          seatId="seat"
          file={page}
          places={{
            marks: [{ id: 'said', number: 1, selectors: [], text: 'Shorter.' }],
            activeId: id,
            onActivate: () => {},
          }}
        />
      </QueryClientProvider>,
    );
    expect(markup.includes('<iframe')).toBe(id === null);
    queries.clear();
  },
);
