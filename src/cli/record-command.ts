/** `depthwalker record`: its options and its help. */
import { type Command, Option } from 'commander';

const HELP = `
Examples:
  depthwalker record --env demo --market KXBTC15M-26AUG112015-15 --folder tapes
  depthwalker record --env prod --config kalshi.config.json --folder tapes --for 3600
  depthwalker run --tape tapes/kalshi-20260811T194500.000Z-*.jsonl.gz

Every frame of the venue's socket is one line of JSON as it came, with recv_ns and conn, the time
and the connection that it came by. The first line of each tape says what it is, with the venue's
clock against ours. Private frames (fills, own orders, positions) stay out unless --private.

Each second is packed by itself (record.flushMs): a killed process loses no more than that, and a
machine that loses its power what the disk had not taken. A new tape begins by size and by age
(record.rotateBytes, record.rotateMs). The tapes of one run belong together: only the first has the
whole books, so give them to --tape all at once. Where the disk is full it says so and ends.

After a crash the last tape is made whole, and what was torn goes to a file beside it. One recording
at a time writes into a folder.

It needs venues.kalshi.keyId and venues.kalshi.privateKeyFile, and sends no orders.

Exit codes:
  0    ended by Ctrl-C or by --for
  1    ended by a fault: what is on tape is whole
  2    bad input: nothing was recorded`;

export const addRecord = (program: Command): Command =>
  program
    .command('record')
    .description('keep the raw market data of a venue on tapes that --tape replays')
    .option('--config <file>', 'settings (default: depthwalker.config.json where there is one)')
    .option('--profile <name>', 'one of the profiles in that file')
    .addOption(new Option('--env <name>', 'where to listen').choices(['demo', 'prod']))
    .option('--market <name...>', 'which markets (default: those of limits.markets)')
    .option('--folder <folder>', 'where the tapes go; made where there is none')
    .option('--for <seconds>', 'ends by itself (default: by Ctrl-C)')
    .option('--private', 'fills, own orders and positions, too')
    .option('--json', 'the summary as one JSON object on stdout')
    .option('--quiet', 'no progress on stderr')
    .addHelpText('after', HELP);
