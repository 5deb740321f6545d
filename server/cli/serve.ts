import { serve } from '#server/serve.ts';
import { parse, type Run, refuseWords } from './command.ts';

export const run: Run = async (args, { config }) => {
  refuseWords(parse(args, {}).positionals);
  await serve(config, performance.now());
  return null;
};
