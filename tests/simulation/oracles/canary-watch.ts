import type { TravellingAnswer, TravellingRequest } from '../network/simulated-network.ts';
import { computeCanary, type Tenant, tenants } from '../world/people.ts';
import type { DeviceSeat } from '../world/template.ts';

/** No byte of one tenant's may reach another: every answer is searched for the other's canary. */
export class CanaryWatch {
  readonly #seats: Readonly<Record<string, DeviceSeat>>;
  answersSearched = 0;

  constructor(seats: Readonly<Record<string, DeviceSeat>>) {
    this.#seats = seats;
  }

  /** @returns what was found in words, or undefined where all is well. */
  findLeak(request: TravellingRequest, answer: TravellingAnswer): string | undefined {
    const own = this.#seats[request.who]?.tenant;
    if (own === undefined) return undefined;
    this.answersSearched += 1;
    const text = Buffer.from(answer.body);
    const others = tenants.filter((tenant: Tenant) => tenant !== own);
    const found = others.find((tenant) => text.includes(computeCanary(tenant)));
    return found === undefined
      ? undefined
      : `tenants: ${request.who} of ${own} was answered with something of ${found} (${request.method} ${request.path})`;
  }
}
