import path from 'node:path';

/**
 * Where a person's workspace lies when nothing else is said: the system's usual place for a program's
 * data, the same for the desktop app and the browser host, so that both open the same work.
 */
export function computeDefaultDataFolder(from: {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}): string {
  const { platform, env, homeFolder } = from;
  if (platform === 'win32') {
    const { win32 } = path;
    const appData = env['APPDATA'];
    return win32.join(appData || win32.join(homeFolder, 'AppData', 'Roaming'), 'Stint');
  }
  if (platform === 'darwin')
    return path.posix.join(homeFolder, 'Library', 'Application Support', 'Stint');
  // XDG Base Directory Specification: a relative path in the variable is to be ignored.
  const dataHome = env['XDG_DATA_HOME'];
  return path.posix.join(
    dataHome?.startsWith('/') === true ? dataHome : path.posix.join(homeFolder, '.local', 'share'),
    'stint',
  );
}
