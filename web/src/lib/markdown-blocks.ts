export interface Block {
  text: string;
  /** Set for code whose fence is not closed yet: its language. The text is then the code alone. */
  openFence?: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)/;

/**
 * Cuts Markdown at blank lines that stand outside of code, so that a growing text is parsed only at its end. Indented
 * lines stay with what they belong to.
 */
export function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let fence: { mark: string; language: string; from: number } | undefined;
  let blank = false;
  function flush() {
    if (lines.some((line) => line.trim() !== '')) blocks.push({ text: lines.join('\n') });
    lines = [];
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
    lines.push(line);
    blank = line.trim() === '';
  }
  if (fence !== undefined && fence.from === 0) return [...blocks, { text: lines.slice(1).join('\n'), openFence: fence.language }];
  flush();
  return blocks;
}
