/**
 * What a person makes for the organization, by the mutations' names. Where their access has ended without their
 * knowledge, it waits for the employer (SY-10); the device asks about it after a restore (SY-15), and keeps what was not
 * sent of it in the vault. Nothing else may be pushed then.
 */
export const workMutations = [
  'submission.create',
  'time.add',
  'time.edit',
  'time.delete',
  'time.rearrange',
  'time.import',
  'timesheet.submit',
  'timeChange.request',
] as const;
