/** Every card, in the order in which an adapter is best built. */
import type { CardDefinition } from '../card.ts';
import { AMEND_CARDS } from './amend.ts';
import { BOOK_CARDS } from './book.ts';
import { CANCEL_CARDS } from './cancel.ts';
import { CAPABILITY_CARDS } from './capabilities.ts';
import { LISTING_CARDS } from './listings.ts';
import { LOOKUP_CARDS } from './lookup.ts';
import { MARKET_CARDS } from './market.ts';
import { PRECISION_CARDS } from './precision.ts';
import { REPORT_CARDS } from './reports.ts';
import { SUBMIT_CARDS } from './submit.ts';

export const CARDS: readonly CardDefinition[] = [
  ...PRECISION_CARDS,
  ...BOOK_CARDS,
  ...SUBMIT_CARDS,
  ...LOOKUP_CARDS,
  ...CANCEL_CARDS,
  ...AMEND_CARDS,
  ...REPORT_CARDS,
  ...LISTING_CARDS,
  ...MARKET_CARDS,
  ...CAPABILITY_CARDS,
];
