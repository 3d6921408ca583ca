import { formatZoneCity } from '../format/date-time.ts';
import { localZone } from '../format/locale.ts';
import { ChoiceByTyping } from './choice-by-typing.tsx';
import type { FieldTexts } from './field-parts.tsx';

const zones = [...new Set([localZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((id) => ({
  id,
  label: id.includes('/') ? `${formatZoneCity(id)} (${id})` : id,
}));

export interface ZoneFieldProps extends FieldTexts {
  /** An IANA time zone. */
  readonly value: string;
  readonly onChange: (zone: string) => void;
}

/** A time zone, found by typing its city. */
export function ZoneField(props: ZoneFieldProps) {
  return <ChoiceByTyping choices={zones} {...props} />;
}
