/**
 * Callbacks by due time, each under a key: a binary heap in (due, armed) order. It never reads a
 * clock; what was deleted is dropped once it outweighs the living, so arming anew costs no memory.
 */

interface Entry<Key> {
  readonly key: Key;
  readonly dueMs: number;
  readonly order: number;
  callback: (() => void) | null;
}

/** Below this many dead entries a sweep would cost more than they do. */
const DEAD_MIN = 64;

const compare = <Key>(left: Entry<Key>, right: Entry<Key>): number =>
  left.dueMs - right.dueMs || left.order - right.order;

export interface Due {
  readonly dueMs: number;
  /** Counts the calls of `set`: entries with the same due time leave in this order. */
  readonly order: number;
}

export class DueQueue<Key> {
  #heap: Entry<Key>[] = [];
  readonly #living = new Map<Key, Entry<Key>>();
  #order = 0;

  get size(): number {
    return this.#living.size;
  }

  /** The order of the latest `set`. */
  get lastOrder(): number {
    return this.#order;
  }

  /** Arms `key`; what was armed under it before is forgotten. */
  set(key: Key, dueMs: number, callback: () => void): void {
    this.delete(key);
    this.#order += 1;
    const entry = { key, dueMs, order: this.#order, callback };
    this.#living.set(key, entry);
    this.#siftUp(entry);
  }

  delete(key: Key): boolean {
    const entry = this.#living.get(key);
    if (entry === undefined) return false;
    this.#living.delete(key);
    entry.callback = null;
    const dead = this.#heap.length - this.#living.size;
    // A sorted list is a heap; sorting is paid for by the deletions that led here.
    if (dead > DEAD_MIN && dead > this.#living.size)
      this.#heap = this.#heap.filter(({ callback }) => callback !== null).toSorted(compare);
    return true;
  }

  clear(): void {
    this.#heap = [];
    this.#living.clear();
  }

  /** The next to fall due, or null. */
  peek(): Due | null {
    let head = this.#heap[0];
    while (head !== undefined && head.callback === null) {
      this.#removeHead();
      head = this.#heap[0];
    }
    return head ?? null;
  }

  /** Takes out the next to fall due. */
  take(): (() => void) | null {
    if (this.peek() === null) return null;
    const head = this.#removeHead();
    if (head === undefined) return null;
    this.#living.delete(head.key);
    return head.callback;
  }

  #siftUp(entry: Entry<Key>): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || compare(parent, entry) < 0) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #removeHead(): Entry<Key> | undefined {
    const heap = this.#heap;
    const head = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return head;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const rightFirst = right !== undefined && compare(right, left) < 0;
      const child = rightFirst ? right : left;
      if (compare(last, child) < 0) break;
      heap[index] = child;
      index = 2 * index + (rightFirst ? 2 : 1);
    }
    heap[index] = last;
    return head;
  }
}
