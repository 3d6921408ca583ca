/** Where a host writes what went wrong. Never contents, secrets or inputs. */
export interface HostLog {
  info(message: string): void;
  error(message: string, cause?: unknown): void;
}
