import { runPackageStep } from '../run-step.ts';

process.exitCode = await runPackageStep('oxfmt', 'oxfmt', process.argv.slice(2));
