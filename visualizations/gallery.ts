/** The page that shows all charts, as Markdown. */
import type { ChartModel } from './chart-model.ts';

const INTRODUCTION = `# Charts

Drawn from the machines in \`machines/\` by \`npm run charts\`; a test fails when one is stale.
The JSON beside each picture is the chart as data.
`;

const HOW_TO_READ = `## How to read them

![how to read a chart](charts/key.svg)

- A row (\`•\`) holds in every state of its box and leaves none, unless it says where to (\`→\`);
  a ring marks a state that such a row leads to.
  \`↻\` enters its state again.
- Blue words are an event, orange a timer, red an error, green an actor that runs or is done.
- \`[purple]\` is a guard; \`[else]\`, no guard before it held; a guard without an event is asked at
  once. After a slash: what is done.
- An arrow without words is explained by the rows of the box that it leaves.
- A pill is a choice, left at once. A double green border rests for ever. Dashed boxes are active
  together. A chip is a tag.
- The blue way is the one that most take; the machine says which (\`meta.journey\`),
  and a test follows it.

A state reads from the top down, in the order in which its machine is written. The pictures follow
the reader's light or dark mode.
`;

/** Without its ending: `splitOrder` is drawn in `charts/split-order`. */
export const chartPath = (id: string): string =>
  `charts/${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const WAY = `## One order's journey

![one order, from market to venue and back](charts/overview.svg)
`;

/** `chain` are the machines in the overview; without any there is none. */
export function gallery(models: readonly ChartModel[], chain: readonly ChartModel[]): string {
  const sections = models.map((model) => {
    const top = model.nodes.filter(({ parent }) => parent === model.id).map(({ name }) => name);
    const about = model.nodes[0]?.description ?? `${top.join(', ')}.`;
    return `## ${model.id}\n\n${about}\n\n![${model.id}](${chartPath(model.id)}.svg)\n`;
  });
  return [INTRODUCTION, ...(chain.length > 0 ? [WAY] : []), HOW_TO_READ, ...sections].join('\n');
}
