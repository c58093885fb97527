/** Whom to tell what went wrong, where to copy what happened, and what to keep on tape. */
import { z } from 'zod';
import { NOTICE_KINDS } from '../domain/notice.ts';
import { choice, count, flag, leaf, textOrNull } from './leaves.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const alerts = z.strictObject({
  kinds: leaf(
    z.array(z.enum(NOTICE_KINDS)).min(1),
    [...NOTICE_KINDS],
    `must be a list of ${NOTICE_KINDS.join(', ')}`,
    'What is told.',
  ),
  everyMs: count(
    60_000,
    { least: 1_000, most: DAY_MS },
    'At most one alert of a kind in so many milliseconds; what comes meanwhile is counted.',
  ),
  webhookFile: textOrNull(
    'A file that only its owner may read: the URL, then headers such as "Authorization: ...".',
  ),
  webhookFormat: choice('json', ['json', 'slack', 'discord'], 'What the service behind it takes.'),
  smtpFile: textOrNull(
    'A file that only its owner may read: smtps://user:password@host. It needs nodemailer.',
  ),
  mailFrom: textOrNull('The address that the mail is from.'),
  mailTo: textOrNull('The address that it goes to, or several with commas.'),
});

export const mirror = z.strictObject({
  questDbFile: textOrNull(
    'A file that only its owner may read: http::addr=localhost:9000; it needs ' +
      '@questdb/nodejs-client.',
  ),
  decimals: flag(false, 'Prices, quantities and fees as DECIMAL columns, not as text.'),
});

export const record = z.strictObject({
  folder: textOrNull('Where tapes are written; --folder says it, too.'),
  rotateBytes: count(
    64 * 2 ** 20,
    { least: 2 ** 16, most: 2 ** 30 },
    'A tape with so many bytes, packed, is followed by another.',
  ),
  rotateMs: count(HOUR_MS, { least: 1_000, most: 30 * DAY_MS }, 'So is one that is so old.'),
  flushMs: count(
    1_000,
    { least: 10, most: 60_000 },
    'So often what came is written: a killed process loses no more than that.',
  ),
});
