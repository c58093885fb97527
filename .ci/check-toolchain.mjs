// Names what is missing to compile better-sqlite3, which npm does where it can download no prebuilt
// binary. A hint, never a verdict: it exits with 0, since the download may well work.
import { spawnSync } from 'node:child_process';

const remedies = {
  darwin: 'xcode-select --install',
  linux: 'sudo apt-get install python3 make g++   (Debian, Ubuntu; elsewhere by their names)',
  win32: 'winget install Python.Python.3.12 Microsoft.VisualStudio.2022.BuildTools',
};
const tools = {
  'Python 3': ['python3', 'python', 'py'],
  make: ['make', 'gmake'],
  'a C++ compiler': [process.env.CXX ?? 'c++', 'g++', 'clang++'],
};
// On Windows the compiler hides outside the path, so that it cannot be looked for.
const wanted = process.platform === 'win32' ? ['Python 3'] : Object.keys(tools);
const runs = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
const missing = wanted.filter((name) => !tools[name].some(runs));

console.log(
  missing.length === 0
    ? `Toolchain: ${wanted.join(', ')} found.`
    : `Toolchain: ${missing.join(', ')} not found.`,
);
if (missing.length > 0 || process.platform === 'win32')
  console.log(`If npm could not install better-sqlite3, run this and then npm ci again:

  ${remedies[process.platform] ?? remedies.linux}
`);
