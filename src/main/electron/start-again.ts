import { app } from 'electron';

/** Starts the program once more when it has ended. @param args what the next start is given; without, what this one was */
export function startAgain(args?: readonly string[]): void {
  // An AppImage runs from a folder that ends with it.
  const execPath = process.env['APPIMAGE'];
  app.relaunch({
    ...(execPath === undefined ? {} : { execPath }),
    ...(args === undefined ? {} : { args: [...args] }),
  });
}
