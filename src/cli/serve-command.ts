/** `depthwalker serve`: its options, and its help with every request. */
import { type Command, Option } from 'commander';
import { FILL_MODES } from '../venues/paper/venue.ts';
import { LIVE_VENUES } from './live-settings.ts';

const HELP = `
Examples:
  depthwalker serve --simulate --realtime --db bot.db
  depthwalker serve --paper --tape session.jsonl.gz --db bot.db
  depthwalker serve --simulate --seed 7 < requests.jsonl > lines.jsonl
  depthwalker serve --live kalshi --env demo --db bot.db

It is a bot's own process: one JSON object a line comes on stdin, one goes to stdout, logs go to
stderr. Each request has an id, and gets one line with it:
  {"type":"answer","id":1,"ok":true,"result":{...}}
  {"type":"answer","id":2,"ok":false,"error":{"rule":...,"value":...,"wayOut":...}}
What was refused has moved nothing. What was done and comes again under its id is answered as before
and not done again (but a halt, a cancel and a question are); a signal is executed once for its
signalId, after a restart too.

Requests, in brackets what may be left out:
  {"id":1,"type":"signal","signal":{"signalId":"edge-1","market":"SIM-LIQUID-1","outcome":"yes",
    "action":"buy","quantity":"100","limitPrice":"0.71",["fairValue","timeLimitMs",...]}}
  {"id":2,"type":"cancel","signalId":"edge-1",["reason"]}      or "executionId"
  {"id":3,"type":"halt","reason":"...",["venue","market","execution","actor","everything"]}
  {"id":4,"type":"resume","actor":"...","reason":"...",["venue","market","execution"]}
  {"id":5,"type":"enable","market":"...","actor":"...","reason":"..."}    a disabled market
  {"id":6,"type":"settle","clientOrderId":"...","verdict":"never-accepted","actor":"...",
    "reason":"..."}                                                       an order in doubt
  {"id":7,"type":"continue","executionId":"...","actor":"..."}            one that asks
  {"id":8,"type":"cancelOrphan","clientOrderId":"...","actor":"..."}
  {"id":9,"type":"book","market":"...",["venue","levels"]}
  {"id":10,"type":"status"}    {"id":11,"type":"capabilities"}
  {"type":"hello",["id","after"]}    {"id":12,"type":"ack","through":1234}

Updates begin with hello: {"sequence":1,"type":"state"|"order"|"fill"|"alarm"|"ended"|"operation",
...}. They are kept in the file of --db, written together with what they tell, and numbered without
a gap over all restarts. Say hello with "after" as the number of the last one that you worked up:
all that follow are told (again), also what happened while nobody listened. What is acknowledged, by
"after" or by ack, is forgotten; the rest is kept for 7 days. A bot that does not read is waited
for: no more requests are read, the engine works on, nothing is lost.

The end of stdin, Ctrl-C, SIGTERM and SIGHUP withdraw what is open, wait for the proof, tell it,
and end with {"type":"stopped",...}; a second Ctrl-C stops at once.

Exit codes:
  0    the input ended, or nobody reads any more: all was withdrawn, and proven so
  1    unexpected failure
  2    bad options: nothing was started
  130  the same as 0, after Ctrl-C, SIGTERM or SIGHUP`;

export const addServe = (program: Command): Command =>
  program
    .command('serve')
    .description('a side process for bots in any language: signals in, updates out, as JSON lines')
    .addOption(
      new Option('--simulate', 'paper trading on simulated markets').conflicts(['paper', 'tape']),
    )
    .option('--paper', 'paper trading on recorded markets, of --tape')
    .option('--tape <file...>', 'recorded Kalshi market data, .jsonl or .jsonl.gz')
    .addOption(
      new Option('--live <venue>', 'real orders there: see "run --help" for what it wants')
        .choices(LIVE_VENUES)
        .conflicts(['simulate', 'paper', 'tape']),
    )
    .addOption(
      new Option('--env <name>', 'of --live: mock funds, or real money').choices(['demo', 'prod']),
    )
    .option('--confirm <word>', 'of --env prod: CONFIRM')
    .option('--db <file>', 'the journal and the updates (default: in memory)')
    .option('--realtime', 'at the speed of the clock on the wall')
    .option('--seed <text>', 'of simulated markets and fills (default: 1)')
    .option('--time-limit <seconds>', 'of a signal that says none (default: 40)')
    .addOption(
      new Option('--fill-model <mode>', 'what cancels do to our place').choices(FILL_MODES),
    )
    .option('--config <file>', 'settings (default: depthwalker.config.json where there is one)')
    .option('--profile <name>', 'one of the profiles in that file')
    .addHelpText('after', HELP);
