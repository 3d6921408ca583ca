import { type ComponentProps, memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { cx } from './cx.ts';
import { useOpenExternal } from './open-external.ts';
import { splitFormatted } from './split-formatted.ts';
import styles from './markdown.module.css';

// Images would be fetched from the network, which tells a stranger who reads what and when; the
// content security policy refuses them too. Their description is shown instead.
const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== 'img'),
  protocols: { ...defaultSchema.protocols, href: ['https', 'mailto'] },
};

function MarkdownLink({ href, children }: ComponentProps<'a'>) {
  const openExternal = useOpenExternal();
  // An address without a scheme would lead about within the app.
  if (href === undefined || !/^(?:https|mailto):/iu.test(href)) return <span>{children}</span>;
  return (
    <a
      href={href}
      title={href}
      rel="noreferrer"
      onClick={(event) => {
        event.preventDefault();
        openExternal(href);
      }}
      onAuxClick={(event) => event.preventDefault()}
    >
      {children}
    </a>
  );
}

/** Wide tables scroll by themselves and can be reached by keyboard; no landmark, since a text can have many. */
function MarkdownTable({ children }: ComponentProps<'table'>) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- a scrolling region must be reachable by keyboard (WCAG 2.1.1); no tag is a group of this kind.
    <div role="group" className={styles.tableScroller} tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </div>
  );
}

const components: Components = {
  a: ({ href, children }) => <MarkdownLink href={href}>{children}</MarkdownLink>,
  img: ({ alt }) => <span>{alt}</span>,
  // A table without headings has empty ones in Markdown; read aloud they are nothing but noise.
  th: ({ children, style }) =>
    children === undefined || children === null ? (
      // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- an empty cell is no control.
      <td style={style} />
    ) : (
      <th style={style}>{children}</th>
    ),
  table: ({ children }) => <MarkdownTable>{children}</MarkdownTable>,
  input: ({ checked }) => (
    <input type="checkbox" checked={checked} disabled aria-label={checked ? 'Done' : 'Not done'} />
  ),
  // The screen has its own first heading; those of a document start one below it.
  h1: ({ children }) => <h2 className={styles.first}>{children}</h2>,
  h2: ({ children }) => <h3 className={styles.second}>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
};

export interface MarkdownProps {
  readonly text: string;
  /** Smaller type, for comments and notes. */
  readonly isCompact?: boolean;
}

/**
 * A Markdown text as a document. Raw HTML in it is dropped; links open outside the app. What would hold up the window
 * stands as it was written.
 */
export const Markdown = memo(function Markdown({ text, isCompact = false }: MarkdownProps) {
  const { formatted, plain } = splitFormatted(text);
  return (
    <div className={cx(styles.document, isCompact && styles.compact)}>
      <ReactMarkdown
        skipHtml
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[[rehypeSanitize, schema]]}
        components={components}
      >
        {formatted}
      </ReactMarkdown>
      {plain === '' ? null : (
        <>
          <p className={styles.note}>
            From here on the text stands as it was written: there is too much of it, or too much in
            each other, to be formatted.
          </p>
          <pre className={styles.plain}>{plain}</pre>
        </>
      )}
    </div>
  );
});
