/** Two employers who must never see anything of each other's, and the people who work for them. */
export const tenants = ['acorn', 'birch'] as const;
export type Tenant = (typeof tenants)[number];

export interface PersonPlan {
  readonly name: string;
  readonly tenant: Tenant;
  readonly role: 'owner' | 'intern';
  readonly zone: string;
  readonly devices: readonly string[];
}

export const people: readonly PersonPlan[] = [
  { name: 'olga', tenant: 'acorn', role: 'owner', zone: 'Europe/Berlin', devices: ['olga-desk'] },
  {
    name: 'ines',
    tenant: 'acorn',
    role: 'intern',
    zone: 'Europe/Lisbon',
    devices: ['ines-laptop', 'ines-train'],
  },
  {
    name: 'jon',
    tenant: 'acorn',
    role: 'intern',
    zone: 'America/New_York',
    devices: ['jon-laptop'],
  },
  { name: 'otto', tenant: 'birch', role: 'owner', zone: 'Asia/Kolkata', devices: ['otto-desk'] },
  { name: 'uma', tenant: 'birch', role: 'intern', zone: 'Europe/Berlin', devices: ['uma-laptop'] },
];

export const password = 'correct horse battery';
export const serverUrl = 'http://stint.test';
/** 2 March 2026, 09:00 UTC: before both continents' clocks change. */
export const epochMs = Date.UTC(2026, 2, 2, 9);

export const computeEmail = (name: string): string => `${name}@canary-${getTenant(name)}.example`;
/** Stands in everything that a tenant's people write; it must never reach another tenant's. */
export const computeCanary = (tenant: Tenant): string => `canary-${tenant}`;

function getTenant(name: string): Tenant {
  const person = people.find((candidate) => candidate.name === name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person.tenant;
}
