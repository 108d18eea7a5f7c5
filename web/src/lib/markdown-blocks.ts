export interface Block {
  text: string;
  /** Set for code whose fence is not closed yet: its language. The text is then the code alone. */
  openFence?: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)/;

/** The row between a table's head and its body. */
const DELIMITERS = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** A longer table goes on as another one with the same head: a hundred rows or so, which are parsed in a few milliseconds. */
const TABLE_MAX = 6_000;

/**
 * Cuts Markdown at blank lines that stand outside of code, so that a growing text is parsed only at its end. Indented
 * lines stay with what they belong to.
 */
export function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let fence: { mark: string; language: string; from: number } | undefined;
  let blank = false;
  let head: string[] | undefined;
  let length = 0;
  function flush() {
    if (lines.some((line) => line.trim() !== '')) blocks.push({ text: lines.join('\n') });
    lines = [];
    head = undefined;
    length = 0;
  }
  for (const line of text.split('\n')) {
    const mark = FENCE.exec(line);
    if (fence !== undefined) {
      lines.push(line);
      if (mark?.[1]?.startsWith(fence.mark) && mark[2] === '') fence = undefined;
      continue;
    }
    if (blank && line.trim() !== '' && !/^\s/.test(line)) flush();
    if (mark?.[1] !== undefined) {
      if (!/^\s/.test(line)) flush();
      fence = { mark: mark[1], language: mark[2] ?? '', from: lines.length };
    }
    const above = lines.at(-1);
    if (head !== undefined && length > TABLE_MAX && line.startsWith('|')) {
      const again = head;
      flush();
      lines = [...again];
      head = again;
    } else if (head === undefined && above?.startsWith('|') === true && line.startsWith('|') && DELIMITERS.test(line)) {
      head = [above, line];
    }
    lines.push(line);
    length += line.length;
    blank = line.trim() === '';
  }
  if (fence !== undefined && fence.from === 0) return [...blocks, { text: lines.slice(1).join('\n'), openFence: fence.language }];
  flush();
  return blocks;
}
