import path from 'node:path';
import type { Command } from '../command.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';

export const demoCommand: Command = {
  name: 'demo',
  usage: 'demo --out DIR',
  summary:
    'Plays one micro-internship from assignment to bundle, with a real server and two workspaces',
  details: `Leaves DIR/bundle.zip, DIR/employer, DIR/intern and DIR/server; what an earlier demo left there is replaced. The exit status is 0 only if the bundle is whole and both workspaces agree with the server.

  --out DIR   an empty or new folder, or that of an earlier demo`,

  async run(args) {
    const { values } = parseCommandLine(args, { out: { type: 'string' } });
    const folder = path.resolve(getOption(values.out, '--out DIR'));
    const { prepareDemoFolder } = await import('../demo/demo-folder.ts');
    await prepareDemoFolder(folder);
    const { runDemo } = await import('../demo/run-demo.ts');
    return (await runDemo(folder)) ? 0 : 1;
  },
};
