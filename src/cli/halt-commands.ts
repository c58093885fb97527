/** The commands that stop a bot, and look at it, from outside: their options, and their help. */
import type { Command } from 'commander';

const SCOPE = `
Without --venue, --market or --execution it is all that the store's engine trades. Each of them
narrows it; a market of the same name at two venues needs both.`;

const HALT_HELP = `
Examples:
  depthwalker halt --store bot.db --reason "the feed looks wrong"
  depthwalker halt --store bot.db --market KXRAIN-26 --reason "resolved early" --actor ada
  depthwalker halt --store bot.db --reason "all of it" --everything --json
${SCOPE}

The halt is a line in FILE.halt, and stands until "depthwalker resume", whether an engine runs or
not, and whatever state the database is in. A running engine sees it within half a second, sends
nothing but cancels from then on, withdraws what rests in the scope and answers in
FILE.halt-report. Orders that are not this bot's survive, unless --everything is given.

Exit codes:
  0    halted, and no order is open: proven by the venue's listing or, where no engine runs, as far
       as the store knows
  2    bad input: nothing was halted
  4    halted, but orders may rest: look at the venue`;

const RESUME_HELP = `
Examples:
  depthwalker resume --store bot.db --actor ada --reason "it was a false alarm"
  depthwalker resume --store bot.db --market KXRAIN-26 --actor ada --reason "trading again"
${SCOPE}

It lifts the halt of exactly this scope. A running engine first asks the venues what they know of
its orders, and then trades again; executions that the halt ended stay ended.

Exit codes:
  0    resumed
  2    bad input: nothing was lifted
  4    written, but the running engine has not come to trade again yet`;

const STATUS_HELP = `
Examples:
  depthwalker status --store bot.db
  depthwalker status --store bot.db --json

It only reads: a running engine is not disturbed, and no lease is taken.

Exit codes:
  0    all of it was read
  2    bad input: the file is no store
  4    another program keeps the database locked: the lock and the halts were read, no more`;

const onStore = (command: Command): Command =>
  command
    .option('--store <file>', 'the file of the bot (default: engine.storeFile of the settings)')
    .option('--config <file>', 'settings, read only where --store is not given')
    .option('--profile <name>', 'one of the profiles in that file');

const inScope = (command: Command): Command =>
  onStore(command)
    .option('--venue <name>', 'only this venue')
    .option('--market <name>', 'only this market')
    .option('--execution <id>', 'only this execution');

const answered = (command: Command): Command =>
  command
    .option('--wait <seconds>', 'for the answer of a running engine (default: 35)')
    .option('--json', 'one JSON object on stdout');

export function addHalt(program: Command): Command {
  const command = program
    .command('halt')
    .description('stop a bot from outside: nothing but cancels, until somebody resumes');
  return answered(
    inScope(command)
      .requiredOption('--reason <text>', 'why; it is kept')
      .option('--actor <name>', 'who (default: the user of this process)')
      .option('--everything', "cancel all at the account, other programs' orders too"),
  ).addHelpText('after', HALT_HELP);
}

export function addResume(program: Command): Command {
  const command = program.command('resume').description('lift a halt, in the name of a person');
  return answered(
    inScope(command)
      .requiredOption('--actor <name>', 'who decided it')
      .requiredOption('--reason <text>', 'why; it is kept'),
  ).addHelpText('after', RESUME_HELP);
}

export function addStatus(program: Command): Command {
  const command = program
    .command('status')
    .description('what a bot does now: executions, orders, halts');
  return onStore(command)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', STATUS_HELP);
}
