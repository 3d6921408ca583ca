import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { RequestError } from '../../../src/renderer/client/carrier.ts';
import { ChangePasswordFields } from '../../../src/renderer/features/settings/change-password-dialog.tsx';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

const render = (error: RequestError | null): string =>
  renderToStaticMarkup(
    <ChangePasswordFields
      account={{ email: 'ida@example.org', serverUrl: 'https://stint.example.org' }}
      error={error}
      currentPassword="the old one"
      newPassword="the new one"
      onCurrentPassword={() => undefined}
      onNewPassword={() => undefined}
    />,
  );

test('why a password was not changed is said where it belongs, and a broken line is no promise that it was not', () => {
  expect(render(null)).not.toMatch(/not changed|does not answer/u);
  const wrong = render(new RequestError('wrong_password', 'words for programs', 'currentPassword'));
  expect(wrong).toContain('This is not the current password. Nothing was changed.');
  expect(wrong).not.toContain('words for programs');
  const short = new RequestError(
    'invalid_input',
    'session.changePassword, field "newPassword": expected a password of at least 10 characters',
    'newPassword',
  );
  expect(render(short)).toContain('Expected a password of at least 10 characters');
  expect(render(new RequestError('unavailable', 'That server is of an older version.'))).toContain(
    'That server is of an older version.',
  );
  const cut = render(new RequestError('server_unreachable', 'cannot be reached'));
  expect(cut).toContain('only with a connection');
  expect(cut).not.toContain('is not changed');
});
