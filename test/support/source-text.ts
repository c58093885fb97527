/**
 * Splits TypeScript into its code and its comments, so that a rule about one does not trip over
 * the other. It knows just enough of the language for that: it never parses, never refuses a text.
 */

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Both keep every offset and line break of the text; what is not theirs is blank. */
export interface Split {
  /** Without comments; quotes stay, what stands between them is blank. */
  readonly code: string;
  readonly comments: string;
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const QUOTED = /'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?/y;
/** Up to the end of the template or to the next hole in it. */
const TEMPLATE = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const PLAIN = /[\w$]+|\s+|[^\w$\s]/y;

/** A slash after one of these opens a regular expression; anywhere else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%>~^]|\b(?:return|typeof|case|in|of))\s*$/;

const known = new Map<string, Split>();

export function split(text: string): Split {
  const before = known.get(text);
  if (before !== undefined) return before;
  const parts = scan(text);
  known.set(text, parts);
  return parts;
}

function scan(text: string): Split {
  let code = '';
  let comments = '';
  let at = 0;
  /** The last of the code, to tell a regular expression from a division. */
  let tail = '';
  /** For each template that is open around us: how many braces are open in its hole. */
  const holes: number[] = [];

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const take = (piece: string, shown: string): void => {
    code += shown;
    tail = (tail + shown).slice(-40);
    comments += blank(piece);
    at += piece.length;
  };
  const takeTemplate = (opening: string): void => {
    take(opening, opening);
    const piece = match(TEMPLATE) ?? '';
    const end = piece.endsWith('`') ? '`' : piece.endsWith('${') ? '${' : '';
    take(piece, blank(piece.slice(0, piece.length - end.length)) + end);
    if (end === '${') holes.push(0);
  };
  const takePlain = (): void => {
    const piece = match(PLAIN) ?? text.slice(at, at + 1);
    const depth = holes.at(-1);
    if (depth !== undefined && piece === '{') holes.push((holes.pop() ?? 0) + 1);
    if (depth !== undefined && piece === '}') {
      holes.pop();
      if (depth === 0) return takeTemplate('}');
      holes.push(depth - 1);
    }
    take(piece, piece);
  };

  while (at < text.length) {
    const comment = match(COMMENT);
    const quoted = match(QUOTED);
    const regex = BEFORE_REGEX.test(tail) ? match(REGEX) : null;
    if (comment !== null) {
      code += blank(comment);
      comments += comment;
      at += comment.length;
    } else if (quoted !== null) {
      const inner = quoted.length > 1 ? quoted.length - 2 : 0;
      take(quoted, quoted.slice(0, 1) + ' '.repeat(inner) + quoted.slice(1 + inner));
    } else if (regex !== null) take(regex, `/${blank(regex.slice(1, -1))}/`);
    else if (text[at] === '`') takeTemplate('`');
    else takePlain();
  }
  return { code, comments };
}

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

const IMPORT =
  /\b(?:(?:import|export)\b(\s+type\b)?[^;'"()=]*?\bfrom\s*|import\s*\(?\s*)(['"])( *)\2/g;

/** All that a file imports or exports on, dynamic imports included. */
export function importsOf({ text }: SourceFile): readonly Import[] {
  const { code } = split(text);
  return [...code.matchAll(IMPORT)].map((found) => {
    const end = found.index + found[0].length - 1;
    const specifier = text.slice(end - (found[3]?.length ?? 0), end);
    return { specifier, typeOnly: found[1] !== undefined, line: lineAt(text, found.index) };
  });
}

export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;
