import { locale } from '../../format/locale.ts';
import { ChoiceByTyping } from '../../ui/choice-by-typing.tsx';
import type { FieldTexts } from '../../ui/field-parts.tsx';

const names = new Intl.DisplayNames(locale, { type: 'currency' });
const currencies = Intl.supportedValuesOf('currency').map((id) => ({
  id,
  label: `${id} ${names.of(id) ?? ''}`.trim(),
}));

export interface CurrencyFieldProps extends FieldTexts {
  /** An ISO 4217 code. */
  readonly value: string;
  readonly onChange: (currency: string) => void;
}

/** A currency, found by typing its code or name. */
export function CurrencyField(props: CurrencyFieldProps) {
  return <ChoiceByTyping choices={currencies} {...props} />;
}
