import type { Session } from 'electron';

/** The interface needs no camera, location, device or the like, so nothing that shows in it may ask. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_webContents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
