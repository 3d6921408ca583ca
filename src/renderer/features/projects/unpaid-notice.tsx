import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';

/** General words and where to read on; what holds depends on the place, and no program can say it. */
const text = `In many places the law asks for pay as soon as somebody does work that the business would otherwise pay for, whatever it is called. Unpaid is often allowed only as a required part of a course, for a charity, or where the intern gains more from it than the business.

Where to read on: [United States, Department of Labor, Fact Sheet 71](https://www.dol.gov/agencies/whd/fact-sheets/71-flsa-internships) · [United Kingdom, rights and pay of interns](https://www.gov.uk/employment-rights-for-interns) · [Germany, Minimum Wage Act, section 22](https://www.gesetze-im-internet.de/englisch_milog/englisch_milog.html) · [European Union, quality framework for traineeships](https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32014H0327(01)). This is no legal advice: ask somebody who knows the law where you and the intern are.`;

export function UnpaidNotice() {
  return (
    <Notice tone="warning" title="Unpaid work has its limits">
      <Markdown text={text} isCompact />
    </Notice>
  );
}
