import { hasVisibleText } from '../../shared/domain/hidden-characters.ts';

/** What a device is called in a sentence; older programs may have named one by nothing that can be seen. */
export const describeDevice = (name: string | null): string =>
  name === null || !hasVisibleText(name) ? 'a device that is not named' : name;
