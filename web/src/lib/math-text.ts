/** Code, where nothing is changed: fences (closed or not) and spans. */
const CODE = /(^ {0,3}(?:`{3,}|~{3,})[\s\S]*?(?:^ {0,3}(?:`{3,}|~{3,})\s*$|$(?![\s\S]))|(`+)(?!`)[^`]*?\2(?!`))/m;

/**
 * Writes the ways in which models mark formulas as the two that the Markdown parser knows: `$$…$$` within a line and
 * `$$` lines around a block. A single dollar counts only where it can't be money: nothing blank inside of it, no digit
 * after the closing one.
 */
export function markMath(markdown: string): string {
  if (!/\$|\\[([]/.test(markdown)) return markdown;
  const parts = markdown.split(new RegExp(CODE, 'gm'));
  // Splitting by a pattern with two groups gives: text, code, its ticks, text, …
  return parts.map((part, i) => (i % 3 === 0 ? mark(part) : i % 3 === 1 ? part : '')).join('');
}

function mark(text: string): string {
  return text
    .replace(/(?<!\\)\\\[([\s\S]+?)(?<!\\)\\\]/g, (_, tex: string) => block(tex))
    .replace(/^[ \t]*\$\$([^$\n]+)\$\$[ \t]*$/gm, (_, tex: string) => block(tex))
    .replace(/(?<!\\)\\\(([\s\S]+?)(?<!\\)\\\)/g, (_, tex: string) => `$$${tex.trim()}$$`)
    .replace(/(?<![\\$\w])\$(?![\s$])([^$\n]*?[^\s$\\])\$(?![\d$])/g, (_, tex: string) => `$$${tex}$$`);
}

function block(tex: string): string {
  return `\n$$\n${tex.trim()}\n$$\n`;
}
