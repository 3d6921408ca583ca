export interface SampleAccess {
  readonly serverUrl: string;
  readonly employer: { readonly email: string; readonly password: string };
  readonly intern: { readonly email: string; readonly password: string };
}

export interface UpdateState {
  readonly state: 'off' | 'none' | 'checking' | 'available' | 'downloading' | 'ready' | 'failed';
  readonly version: string | null;
  readonly message: string | null;
}

/** What the engine asks of the program it runs in. The engine knows no carrier, and no Electron. */
export interface HostCapabilities {
  readonly kind: 'electron' | 'loopback' | 'command_line';
  /** Milliseconds since anybody touched this computer, where the system tells. */
  readIdleMs?(): number;
  /** Opens an https or mailto address that was checked before, in the system's own program. */
  openExternal(url: string): Promise<void>;
  /** Opens a file of this machine with the application that the system has for it. */
  openPath?(path: string): Promise<void>;
  showInFolder?(path: string): Promise<void>;
  /** Takes over a drag that a page has begun, with this file in the hand. */
  startDrag?(path: string): Promise<void>;
  /** Starts, or finds running, the sample server of this machine with its two people. */
  startSample(folder: string): Promise<SampleAccess>;
  getUpdateState(): UpdateState;
  /** Restarts into the update. The engine has made sure that no timer and no upload runs. */
  installUpdate(): Promise<void>;
}
