import { checkProject } from '../check-project.ts';

process.exitCode = (await checkProject()) === undefined ? 0 : 1;
