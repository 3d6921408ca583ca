/** What a real server spends on a password is a twentieth of a second; tests make thousands. */
export const quickPasswords = { passwordCost: { memoryKiB: 8, passes: 1 } } as const;
