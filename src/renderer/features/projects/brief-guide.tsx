import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { Row } from '../../ui/stack.tsx';
import styles from './brief-guide.module.css';

const outline = `## What this is about



## What you will hand in

1. 

## What good work looks like here

- 

## Whom to ask, and when you get an answer

`;

export interface BriefGuideProps {
  readonly isEmpty: boolean;
  readonly onOutline: (text: string) => void;
}

/** What makes a brief that a stranger can work from without a meeting. */
export function BriefGuide({ isEmpty, onOutline }: BriefGuideProps) {
  return (
    <Row>
      <Popover
        label="What makes a good brief"
        trigger={
          <Button size="small" variant="quiet">
            What makes a good brief?
          </Button>
        }
      >
        <div className={styles.guide}>
          <p>Somebody reads it alone, on a train, with nobody to ask. It answers:</p>
          <ul>
            <li>
              <strong>What for?</strong> Who will use the result, and to decide what.
            </li>
            <li>
              <strong>What exactly?</strong> The files to hand in, how many, in which form.
            </li>
            <li>
              <strong>How good?</strong> An example of work you liked, and one thing that would not
              do.
            </li>
            <li>
              <strong>What not?</strong> What you do not want them to spend hours on.
            </li>
            <li>
              <strong>Whom to ask?</strong> And by when they can expect an answer.
            </li>
          </ul>
        </div>
      </Popover>
      {isEmpty ? (
        <Button size="small" variant="quiet" onPress={() => onOutline(outline)}>
          Begin with an outline
        </Button>
      ) : null}
    </Row>
  );
}
