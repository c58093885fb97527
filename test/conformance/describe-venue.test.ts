/** The paper venue, and an adapter with every lever there is, keep all promises. */
import { describe, it } from 'vitest';
import { describeVenue } from '../../src/conformance/describe-venue.ts';
import { PAPER } from './paper-world.ts';
import { WIRE } from './wire-world.ts';

describeVenue(PAPER, { describe, it });
describeVenue(WIRE, { describe, it });
