/** The addresses of single things; screens and links build them here alone. */

export function taskPath(seatId: string, taskId: string): string {
  return `/tasks/${seatId}/${taskId}`;
}

/** A task as the employer sees it, in its project. */
export function projectTaskPath(projectId: string, taskId: string): string {
  return `/projects/${projectId}/tasks/${taskId}`;
}

export function projectPath(projectId: string): string {
  return `/projects/${projectId}`;
}

export function engagementPath(engagementId: string): string {
  return `/people/${engagementId}`;
}

/** What was agreed, as the intern sees it. */
export function agreementPath(seatId: string, engagementId: string): string {
  return `/agreement/${seatId}/${engagementId}`;
}

export function reviewPath(submissionId: string): string {
  return `/review/${submissionId}`;
}

export function timesheetPath(timesheetId: string): string {
  return `/timesheets/${timesheetId}`;
}

/** A bundle that is open to be read; without an account as well. */
export function openedBundlePath(bundleId: string): string {
  return `/opened/${bundleId}`;
}

/** Work of people whose access had ended, beside what waits for review. */
export const quarantinePath = reviewPath('held');

/** What is kept on this computer of one task that has left the person's sight. */
export function vaultPath(seatId: string, vaultId: string): string {
  return `/kept/${seatId}/${vaultId}`;
}
