import { splitHiddenCharacters } from '../../shared/domain/hidden-characters.ts';
import styles from './file-name.module.css';

/**
 * A file's name as it came, with what cannot be seen in it made visible, and kept from turning around the text
 * beside it. For labels and titles there is `computeReadableName`.
 */
export function FileName({ name }: { readonly name: string }) {
  return (
    <bdi className={styles.name}>
      {splitHiddenCharacters(name).map(({ text, code }, index) =>
        code === undefined ? (
          <span key={index}>{text}</span>
        ) : (
          <span key={index} className={styles.hidden} title="A character that cannot be seen">
            {code}
          </span>
        ),
      )}
    </bdi>
  );
}
