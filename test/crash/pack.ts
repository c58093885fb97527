/** The process that gets killed as one file, which starts in a third of the time. */
import { resolve } from 'node:path';
import { packerOf } from '../mutants/pack.ts';
import type { Plant } from '../mutants/plant.ts';
import { BOOT_GUARD } from './crash-points.ts';

/** Gives the path of the packed file. */
export async function packChild(planted: readonly Plant[]): Promise<string> {
  const plants = [BOOT_GUARD, ...planted];
  const packer = await packerOf('test/crash/child.js', plants);
  const outfile = resolve(import.meta.dirname, 'packed/child.mjs');
  try {
    await packer.pack(outfile, plants);
    return outfile;
  } finally {
    await packer.close();
  }
}
