/** Where raw frames come from: the socket of a venue, in front of all that reads it. */

export interface RawFrame {
  /** A name of the connection it came by: a new one begins its numbers anew. */
  readonly conn: string;
  /** As it came. */
  readonly text: string;
}

export interface FrameSource {
  /** As on the first line of each tape: "kalshi". */
  readonly venue: string;
  /** The venue's clock less ours, in ms, as far as it is known by now. */
  clockOffsetMs(): number;
  /** Gives what ends it. */
  frames$(listener: (frame: RawFrame) => void): () => void;
}
