/** The Kalshi adapter keeps all promises, over HTTP and a WebSocket, in real time. */
import { describe, it } from 'vitest';
import { describeVenue } from '../../src/conformance/describe-venue.ts';
import { KALSHI } from './kalshi-world.ts';

// Each card has a world of its own, and mostly waits.
describeVenue(KALSHI, { describe, it: it.concurrent });
