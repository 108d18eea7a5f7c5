import { describe, expect, it } from 'vitest';
import { markMath } from './math-text';

describe('markMath', () => {
  it('takes single dollars for formulas', () => {
    expect(markMath('so $x^2$ is')).toBe('so $$x^2$$ is');
    expect(markMath('both $a$ and $b$.')).toBe('both $$a$$ and $$b$$.');
  });

  it('leaves money alone', () => {
    for (const text of ['It costs $5 and then $10.', 'US$5 to US$10', 'between $5 and $ 6', 'a \\$5 bill$']) {
      expect(markMath(text)).toBe(text);
    }
  });

  it('knows the brackets of LaTeX', () => {
    expect(markMath('so \\(x\\) is')).toBe('so $$x$$ is');
    expect(markMath('\\[ a \\\\[2pt] b \\]')).toBe('\n$$\na \\\\[2pt] b\n$$\n');
  });

  it('makes a block of what stands alone', () => {
    expect(markMath('$$E=mc^2$$')).toBe('\n$$\nE=mc^2\n$$\n');
  });

  it('changes nothing in code', () => {
    for (const text of ['`$a$` and ``\\(`b`\\)``', '```sh\necho $HOME$PATH\n```', '```sh\necho $a$ \\(x\\)']) {
      expect(markMath(text)).toBe(text);
    }
  });
});
