#!/usr/bin/env node
// The `stint` command. Its output is the command's alone: nothing else may be printed here.
import path from 'node:path';
import { repositoryRoot } from './find-node.mjs';
import { runNode } from './run-node.mjs';

runNode(path.join(repositoryRoot, 'src', 'cli', 'main.ts'), process.argv.slice(2));
